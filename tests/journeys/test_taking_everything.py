"""All that is mine, taken along: asked for, fetched, unzipped, and read from a folder."""

import re
import zipfile
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys.phone import Phone
from tests.journeys.ways import api, is_sent, keep, sign_in_by_code

MINE = "Only I know how that felt."


def taken(phone: Phone, folder: Path) -> Path:
    """Everything, fetched by hand and unzipped; the folder that it is in."""
    phone.go("Me")
    phone.tap("link", re.compile("^My data"))
    phone.tap("button", "Ask for it")
    with phone.page.expect_download() as fetching:
        phone.tap("link", re.compile("^Fetch it"))
    assert re.fullmatch(r"alongside-\d{4}-\d\d-\d\d\.zip", fetching.value.suggested_filename)
    with zipfile.ZipFile(fetching.value.path()) as whole:
        whole.extractall(folder)
    return folder


def everything_in(folder: Path) -> str:
    return "".join(one.read_text() for one in folder.rglob("*") if one.is_file())


def test_everything_is_taken_and_read_from_a_file(
    signed_in, browser: Browser, tmp_path: Path
) -> None:
    amina = signed_in("Amina")
    keep(amina, MINE)
    received = next(
        piece
        for request in api(amina, "GET", "/api/feedback-requests?direction=asking")["items"]
        for piece in request["feedback"]
        if piece["noticed"]
    )
    folder = taken(amina, tmp_path / "amina")

    amina.open("/me/data")  # where it is stands there again, and a notice tells of it
    amina.sees(re.compile("^It is ready"))
    amina.go("Today")
    amina.open("/notices")
    amina.sees("What you asked to take with you is ready")

    context = browser.new_context(offline=True, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto((folder / "index.html").as_uri())
        expect(page.get_by_role("heading", level=1)).to_have_text("What is yours on Alongside")
        body = page.locator("html")
        assert body.evaluate("it => getComputedStyle(it).backgroundColor") != "rgba(0, 0, 0, 0)"
        page.get_by_role("listitem").first.get_by_role("link").click()
        expect(page.get_by_text(MINE)).to_be_visible()
        page.get_by_role("link", name="Back to the first page").click()
        page.get_by_role("link", name="Feedback that I received").click()
        expect(page.get_by_text(received["noticed"].split("\n")[0])).to_be_visible()
    finally:
        context.close()

    callum = taken(signed_in("Callum"), tmp_path / "callum")
    assert MINE in everything_in(folder)
    assert MINE not in everything_in(callum)


def test_without_signal_it_says_what_needs_some(signed_in, server) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    phone.go("Me")
    phone.tap("link", re.compile("^My data"))
    phone.sees("Take everything")
    server.stop()
    phone.tap("button", "Ask for it")
    phone.sees(re.compile("^There is no signal just now"))


def test_what_was_taken_comes_back_on_another_server_once(
    signed_in, empty_server, new_phone, tmp_path: Path
) -> None:
    amina = signed_in("Amina")
    keep(amina, MINE)
    is_sent(amina)
    had = len(api(amina, "GET", "/api/reflections?author=me&limit=100")["items"])
    amina.go("Me")
    amina.tap("link", re.compile("^My data"))
    amina.tap("button", "Ask for it")
    with amina.page.expect_download() as fetching:
        amina.tap("link", re.compile("^Fetch it"))
    zipped = tmp_path / "taken.zip"
    fetching.value.save_as(zipped)

    empty_server.command("make-facilitator", "amina@elsewhere.example", "--name", "Amina")
    moved = new_phone(empty_server)
    sign_in_by_code(moved, empty_server, "amina@elsewhere.example")
    moved.open("/me/data")
    choose = moved.page.get_by_label("The file (.zip)")
    choose.set_input_files(zipped)
    moved.page.context.set_offline(True)
    moved.tap("button", "Bring it back")
    moved.sees(re.compile("^The signal went"))
    moved.page.context.set_offline(False)
    moved.tap("button", "Bring it back")
    moved.sees(re.compile(f"^{had} reflections are here now. They are only yours."))
    choose.set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK"})
    moved.tap("button", "Bring it back")
    moved.sees(re.compile("^This is not a file of"))
    choose.set_input_files(zipped)
    moved.tap("button", "Bring it back")
    moved.sees("There was nothing in this file that is not here already.")

    moved.tap("link", "See my reflections")
    moved.sees(MINE)
    came = api(moved, "GET", "/api/reflections?author=me&limit=100")["items"]
    assert len(came) == had
    assert {one["audience"] for one in came} == {"me"}
    assert api(moved, "GET", "/api/notices")["items"] == []
