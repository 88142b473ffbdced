"""The pages lead somewhere: links within them, and an index that names every decision."""

import re
from pathlib import Path

import pytest

from tests.guards.source import BACKEND
from tools.steps import ROOT

DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PHONE = ROOT / "pwa" / "src"
LINK = re.compile(r"\]\(([^)\s]+)\)")


def dead_links(page: Path, text: str) -> list[str]:
    """Those to a file or a heading that is not there; other sites are not looked at."""
    links = [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]
    return [link for link in links if not leads_somewhere(page, link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, heading = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not heading or heading in headings(target))


def headings(page: Path) -> set[str]:
    """As a forge writes them into addresses: small, dashes for spaces, no punctuation."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text()) == []


def test_a_dead_link_would_be_seen() -> None:
    text = "[a](nowhere.md) [b](decisions/look.md) [c](running.md#backup) [d](running.md#bakcup)"
    assert dead_links(ROOT / "docs" / "x.md", text) == ["nowhere.md", "running.md#bakcup"]


def test_the_index_names_every_decision_once_and_as_it_is_called() -> None:
    titles = {
        page.name: page.read_text().partition("\n")[0].removeprefix("# ")
        for page in DECISIONS.glob("*.md")
    }
    index = (DECISIONS / "README.md").read_text()
    listed = re.findall(r"^\| \[(.+?)\]\((\S+?)\)", index, re.M)
    assert sorted(listed) == sorted(
        (title, name) for name, title in titles.items() if name != "README.md"
    )


def lost_words(glossary: str) -> list[str]:
    """Places that are not there, or do not hold the name that the glossary looks for in them."""
    places = re.findall(r"`([\w/.-]+\.(?:py|ts|json))(?:: (\w+))?`", glossary)
    assert places
    return [f"{path}: {name}" for path, name in places if not is_found(path, name)]


def is_found(path: str, name: str) -> bool:
    found = [folder / path for folder in (BACKEND, PHONE) if (folder / path).is_file()]
    return any(re.search(rf"\b{name}", file.read_text()) for file in found)


def test_every_word_is_where_the_glossary_says() -> None:
    assert lost_words((ROOT / "docs" / "glossary.md").read_text()) == []


def test_a_word_that_has_gone_would_be_seen() -> None:
    text = "`people/models.py: Person` `people/models.py: User` `people/gone.py` `store/items.ts`"
    assert lost_words(text) == ["people/models.py: User", "people/gone.py: "]
