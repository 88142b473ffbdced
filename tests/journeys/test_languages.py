"""In languages that nobody speaks: no English is left on any screen, and longer words have room.

The app is built once more for it, with two of them in it (`pwa/build/pseudo.ts`).
"""

import fcntl
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Route

from backend.core import clock
from tests import pseudo
from tests.journeys.phone import Phone
from tests.journeys.screens import SCREENS, some_ids
from tests.journeys.server import Installations, Server
from tests.journeys.test_long_names import too_wide
from tests.journeys.ways import api, is_sent, sign_in_as
from tools.setting_up import DIST, PWA, npm

# All that is read on the screen, or out; not what a choice from a system's list says (time zones).
READ = """() => {
    const said = []
    const isShown = one => one.checkVisibility({ visibilityProperty: true })
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
        const { parentElement: around, data } = walk.currentNode
        if (around.closest('select, script, style, [aria-hidden=true]')) continue
        // Two versions of somebody's words, word by word.
        if (around.closest('.words:has(ins, del)')) continue
        if (isShown(around)) said.push(data)
    }
    for (const name of ['aria-label', 'placeholder', 'alt', 'title'])
        for (const one of document.querySelectorAll(
            `main [${name}], nav [${name}], nav[${name}], dialog[open] [${name}]`))
            if (isShown(one)) said.push(one.getAttribute(name))
    return [document.title, ...said]
}"""
BRACKETED = re.compile(r"\[[^\[\]]*\]")
# What `Intl` writes of dates and lists, which is the language's own for one that there is.
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun"
MONTHS = "January February March April May June July August September October November December"
SHORT = "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec"
BETWEEN = "at and or AM PM"
NAMES = "|".join(f"{DAYS} {MONTHS} {SHORT} {BETWEEN}".split())
BY_INTL = re.compile(rf"\b(?:{NAMES})\b")
LETTERS = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture(scope="session")
def pseudo_app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app with those languages in it, built once for all workers."""
    own = tmp_path_factory.getbasetemp()
    of_all = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    built = of_all / "pseudo-app"
    with built.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            build_into(built.with_suffix(".new"))
            built.with_suffix(".new").rename(built)
    return built


def build_into(folder: Path) -> None:
    command, env = npm()
    arguments = ["run", "build", "--", "--outDir", str(folder)]
    env = {**os.environ, **env, "ALONGSIDE_PSEUDO": "1"}
    done = subprocess.run([*command, *arguments], cwd=PWA, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def server(installations: Installations, pseudo_app: Path) -> Server:
    return installations.new(ALONGSIDE_TEST_PSEUDO=str(pseudo_app)).start()


# How an answer travelled: what is passed on has been unpacked.
PACKED = ("content-encoding", "content-length", "transfer-encoding")
# What stands around a sentence, or ends it.
AROUND = " .,:;!?·–—“”()\u2068\u2069"


class Heard:
    """Every string that the server told a phone: people's words, and what the sample asks."""

    def __init__(self, phone: Phone) -> None:
        """Before its first question: what a phone has heard once it is not told again."""
        self.strings: set[str] = set()
        phone.page.route("**/api/**", self._pass_on)

    def _pass_on(self, route: Route) -> None:
        """Read before the phone has it: whatever it knows is known here."""
        # A screen that is left meanwhile does not get the answer either.
        with suppress(PlaywrightError):
            answer = route.fetch()
            if answer.body() and "json" in answer.headers.get("content-type", ""):
                self.strings.update(strings_in(answer.json()))
            headers = {name: text for name, text in answer.headers.items() if name not in PACKED}
            route.fulfill(status=answer.status, headers=headers, body=answer.body())

    def explains(self, words: str) -> bool:
        # Part of a long text; a short one is compared whole, or "Save" might stand in somebody's.
        is_long = len(words) > 12
        return words in self.strings or (is_long and any(words in one for one in self.strings))


# What the server says in English, for older phones: ours have sentences of their own for it.
ENGLISH_ONLY = ("message", "errors", "said", "facilitator_can", "facilitator_cannot")


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split()).strip(AROUND)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in ENGLISH_ONLY:
                yield from strings_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_in(one)


def plain_english(said: list[str], heard: Heard) -> list[str]:
    """What of this is neither in brackets, nor people's words, nor a date."""
    found = []
    for text in said:
        rest = " ".join(text.split())
        while (shorter := BRACKETED.sub("|", rest)) != rest:
            rest = shorter
        pieces = (piece.strip(AROUND) for piece in rest.split("|"))
        if any(
            LETTERS.search(BY_INTL.sub("", piece)) and not heard.explains(piece) for piece in pieces
        ):
            found.append(text)
    return found


def speaks(phone: Phone, code: str) -> None:
    api(phone, "PATCH", "/api/me", {"language": code})


def each_screen(phone: Phone, paths: Iterable[str]) -> Iterator[str]:
    """Each of them, open, at 320 px."""
    phone.page.set_viewport_size({"width": 320, "height": 780})
    ids = some_ids(phone)
    for path in dict.fromkeys(one.format(**ids) for one in paths):
        phone.open(path)
        phone.page.get_by_role("heading", level=1).wait_for()
        phone.settle()
        yield path


AMINAS = [one.path for one in SCREENS if one.person == "Amina"]
# Those that are hers as a facilitator, and those on which she sees more.
MORAGS = [
    *(one.path for one in SCREENS if one.person == "Morag"),
    *("/", "/cohort", "/cohort/people", "/cohort/about", "/cohort/contract", "/me", "/notices"),
]
# What opens a sheet, by its English name.
SHEETS = (
    ("/cohort/convene", "Add a question"),
    ("/cohort/convene", "Add a reminder"),
    ("/cohort/convene", "Make an invitation"),
    ("/me/rhythm", "Add hours"),
    ("/cohort/about", "Leave this cohort"),
)


def looked_at(phone: Phone, heard: Heard, where: str) -> list[str]:
    """What is still in English here, and what is too wide."""
    english = plain_english(phone.page.evaluate(READ), heard)
    return [f"{where}: {one!r}" for one in english] + too_wide(phone, where)


def said(english: str) -> re.Pattern[str]:
    """As the language that nobody speaks says it, however long it makes it."""
    return re.compile(rf"^\[{english.translate(pseudo.ACCENTED)} ")


def fields_by_mail(phone: Phone) -> None:
    """Morag pastes what is no address: the server's refusal stands at the field."""
    phone.open("/cohort/convene")
    phone.tap("button", said("Invite by mail"))
    phone.write(phone.sheet.get_by_role("textbox").first, "amína@cohort.example, b@@c.example")
    phone.tap("button", said("Send the mails"), within=phone.sheet)
    phone.sees(re.compile(r"\[Àñ é-màîl.*öñlý öñé @"))


def test_every_screen_in_longer_words(new_phone: Callable[..., Phone], server: Server) -> None:
    amina = new_phone(server, is_mobile=False)
    heard = Heard(amina)
    sign_in_as(amina, "Amina")
    speaks(amina, pseudo.CODE)
    found = []
    for path in each_screen(amina, AMINAS):
        found += looked_at(amina, heard, path)
    assert not found, "\n".join(found)


def test_a_facilitators_screens_and_sheets_and_a_guests_in_longer_words(
    new_phone: Callable[..., Phone], server: Server
) -> None:
    morag = new_phone(server)
    heard = Heard(morag)
    sign_in_as(morag, "Morag")
    speaks(morag, pseudo.CODE)
    found = []
    for path in each_screen(morag, MORAGS):
        found += looked_at(morag, heard, path)
    for path, name in SHEETS:
        morag.open(path)
        morag.tap("button", said(name))
        morag.sheet.wait_for()
        found += looked_at(morag, heard, f"{path}, {name}")
    fields_by_mail(morag)
    found += looked_at(morag, heard, "addresses that are none")

    guest = new_phone(server, locale=pseudo.CODE)
    heard_by_guest = Heard(guest)
    guest.page.set_viewport_size({"width": 320, "height": 780})
    for path in (invited(morag), "/help", "/"):
        guest.open(path)
        guest.page.get_by_role("heading", level=1, name=re.compile(r"\[|Rowan")).wait_for()
        found += looked_at(guest, heard_by_guest, f"a guest at {path.partition('#')[0]}")
    assert not found, "\n".join(found)


def invited(morag: Phone) -> str:
    """The way in for somebody who is not here yet."""
    cohort = api(morag, "GET", "/api/cohorts")["items"][0]["id"]
    until = (clock.now() + timedelta(days=3)).isoformat()
    made = api(morag, "POST", f"/api/cohorts/{cohort}/invitations", {"expires_at": until})
    return "/join#" + str(made["url"]).rpartition("#")[2]


# Each name that is read from right to left, with what stands beside it in the same line: what comes
# before it is to its left, what follows to its right.
TURNED_ROUND = r"""name => {
    const place = (node, from, to) => {
        const range = new Range()
        range.setStart(node, from)
        range.setEnd(node, to)
        return range.getBoundingClientRect()
    }
    const found = []
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const texts = []
    while (walk.nextNode()) if (walk.currentNode.data.trim()) texts.push(walk.currentNode)
    let met = 0
    texts.forEach((node, at) => {
        const from = node.data.indexOf(name)
        if (from < 0 || !node.parentElement.checkVisibility()) return
        const own = place(node, from, from + name.length)
        const letters = [...node.data.matchAll(/[\p{L}\p{N}·,]/gu)].map(one => one.index)
        const before = letters.findLast(one => one < from)
        const after = letters.find(one => one >= from + name.length)
        const next = texts[at + 1]
        const first = next?.data.search(/[\p{L}\p{N}·]/u) ?? -1
        const isSame = box => box.width && Math.abs(box.top - own.top) < own.height / 2
        const left = before === undefined ? null : place(node, before, before + 1)
        const right = after !== undefined ? place(node, after, after + 1)
            : first < 0 ? null : place(next, first, first + 1)
        met += 1
        if ((left && isSame(left) && left.left > own.left) ||
            (right && isSame(right) && right.right < own.right && right.left >= own.left - 400))
            found.push(node.data.trim() + '|' + (next?.data.trim() ?? ''))
    })
    return { met, found }
}"""


def test_a_name_from_right_to_left_turns_nothing_round(signed_in: Callable[..., Phone]) -> None:
    amina, callum = signed_in("Amina", is_mobile=False), signed_in("Callum")
    name = "نور"
    api(callum, "PATCH", "/api/me", {"name": name})
    met, found = 0, []
    for path in each_screen(amina, ("/", "/cohort", "/cohort/people", "/feedback", "/notices")):
        amina.sees(name)
        seen = amina.page.evaluate(TURNED_ROUND, name)
        met += seen["met"]
        found += [f"{path}: {one}" for one in seen["found"]]
    assert met > 5
    # The control: the same beside nothing that keeps it apart.
    amina.page.evaluate("name => document.querySelector('main').append(`${name} · 3`)", name)
    assert amina.page.evaluate(TURNED_ROUND, name)["found"]
    assert not found, "\n".join(found)


def test_every_screen_from_right_to_left(signed_in: Callable[..., Phone]) -> None:
    amina = signed_in("Amina", is_mobile=False)
    speaks(amina, pseudo.MIRRORED)
    found = [one for path in each_screen(amina, AMINAS) for one in too_wide(amina, path)]
    assert amina.page.evaluate("document.documentElement.dir") == "rtl"
    assert not found, "\n".join(found)


def test_plain_english_would_be_seen() -> None:
    """The control: what is in brackets, somebody's, or a date, beside what is none of these."""
    heard = object.__new__(Heard)
    heard.strings = {"Callum Reid", "I said less today, and heard more. Save the evening"}
    said = [
        "[Mé]",
        "[Šhàréd wîth [àll] öf Callum.]",
        "Callum Reid",
        "I said less today, and heard",
        "3 May",
    ]
    assert plain_english([*said, "Save", "[Mé] again"], heard) == ["Save", "[Mé] again"]


def test_somebody_chooses_a_language_and_loses_nothing(
    signed_in: Callable[..., Phone], server: Server
) -> None:
    amina = signed_in("Amina")
    amina.open("/me")
    amina.write("What matters to me", "Being heard.")
    choice = amina.page.get_by_label("Language", exact=True)
    choice.select_option(pseudo.CODE)
    amina.is_at(re.compile(r"^\[Mé"))
    assert amina.page.evaluate("document.documentElement.lang") == "en-XA"
    matters = amina.page.get_by_label(re.compile(r"^\[Whàt màttérš"))
    assert matters.input_value() == "Being heard."
    is_sent(amina)
    assert api(amina, "GET", "/api/me")["language"] == pseudo.CODE
    amina.is_kept_for_today()
    server.stop()
    amina.open("/")
    amina.page.get_by_role("link", name=re.compile(r"^\[Mîñé")).wait_for()


def test_before_anybody_has_signed_in_it_is_the_browsers_wish(
    new_phone: Callable[..., Phone], server: Server
) -> None:
    guest = new_phone(server, locale=pseudo.CODE).open("/")
    guest.page.get_by_role("heading", level=1, name=re.compile(r"^\[")).wait_for()
    assert guest.page.evaluate("document.documentElement.lang") == pseudo.LANGUAGE.locale


def test_no_usual_build_has_them() -> None:
    scripts = [file.read_text() for file in DIST.glob("assets/*.js")]
    assert scripts
    for nobodys in (pseudo.LANGUAGE.locale, pseudo.MIRRORED):
        assert not any(nobodys in script for script in scripts)
