"""The page that reads the API's document to people."""

from html import unescape
from html.parser import HTMLParser

from backend.core.app import App


class Page(HTMLParser):
    """Notes what the strict policy would refuse, and what the page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        inline = [name for name in named if name.startswith("on") or name in ("style", "srcdoc")]
        if tag in ("script", "style", "iframe", "object", "base") or inline:
            self.refused.append(tag)
        self.links += [named[name] for name in ("href", "src") if name in named]
        self.ids |= {named["id"]} if "id" in named else set()


def read(app: App) -> Page:
    page = Page()
    page.feed(app.test_client().get("/api/docs").text)
    return page


def test_it_holds_nothing_inline_and_nothing_from_elsewhere(app: App) -> None:
    page = read(app)
    assert page.refused == []
    assert page.links
    assert all(link.startswith(("/api/", "#")) for link in page.links)


def test_inline_things_would_be_seen() -> None:
    page = Page()
    page.feed('<p style="color: red"><a onclick="x()" href="https://cdn.example">a</a><script>')
    assert page.refused == ["p", "a", "script"]


def test_every_link_leads_somewhere(app: App) -> None:
    page = read(app)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids, link
        else:
            with app.test_client().get(link) as answer:
                assert answer.status_code == 200, link


def test_it_tells_every_call(app: App) -> None:
    text = unescape(app.test_client().get("/api/docs").text)
    spec = app.test_client().get("/api/openapi.json").json
    for path, calls in spec["paths"].items():  # type: ignore[index]
        assert path in text
        for call in calls.values():
            if isinstance(call, dict):
                assert call["summary"] in text
