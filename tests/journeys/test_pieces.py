"""Every piece in every state, on a page that only development shows: `/_pieces` in `make dev`."""

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.journeys import axe
from tests.journeys.phone import Phone
from tools import setting_up
from tools.setting_up import DIST, PWA

TITLE = "Every piece, in every state"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pieces")
    vite = [setting_up.node(), PWA / "node_modules" / "vite" / "bin" / "vite.js", "build"]
    where = ["--config", "build/pieces.config.ts", "--outDir", folder, "--emptyOutDir"]
    done = subprocess.run([*vite, *where], cwd=PWA, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def page_of_pieces(built: Path, new_phone) -> Iterator[Phone]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}")
    phone = new_phone(place, is_mobile=False).open("/pieces.html")
    phone.is_at(TITLE)
    phone.settle()
    yield phone
    server.shutdown()
    server.server_close()


def test_axe_finds_nothing_on_any_piece(page_of_pieces: Phone) -> None:
    found = axe.at_every_width(page_of_pieces, "pieces", ((320, 780), (1280, 900)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pictures(page_of_pieces: Phone, theme: str, tmp_path: Path) -> None:
    phone = page_of_pieces
    phone.page.emulate_media(color_scheme=theme)
    phone.page.evaluate("document.fonts.ready.then(() => 0)")
    for piece in phone.page.get_by_role("region").all():
        name = piece.get_attribute("aria-label")
        picture = piece.screenshot(path=tmp_path / f"{name}.png", animations="disabled")
        assert len(picture) > 2_000, f"hardly anything is drawn of {name}"


def test_pressed_and_focused_look_otherwise(page_of_pieces: Phone) -> None:
    """The control of the pictures: a state that is only named would look as at rest."""
    button = page_of_pieces.page.get_by_role("region", name="Button, quiet").get_by_role("button")
    looks = {
        state: button.nth(at).evaluate(
            "one => { const { backgroundColor, outlineStyle } = getComputedStyle(one);"
            " return [backgroundColor, outlineStyle] }"
        )
        for at, state in ((0, "at rest"), (3, "pressed"), (4, "focused"))
    }
    assert looks["pressed"][0] != looks["at rest"][0]
    assert looks["focused"][1] != looks["at rest"][1]


def test_the_built_app_has_no_such_page(signed_in, built: Path) -> None:
    def told_in(folder: Path) -> bool:
        return any(TITLE in script.read_text() for script in folder.rglob("*.js"))

    assert told_in(built)
    assert not told_in(DIST)
    assert not list(DIST.rglob("*pieces*"))
    signed_in("Amina").open("/_pieces").is_at("Nothing here")
