"""The pages lead somewhere: links within them, and an index that names every decision."""

import re
from pathlib import Path

import pytest

from tools.steps import ROOT

DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
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
