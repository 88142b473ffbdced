"""What a name, an address and a time zone may be; and that no text takes long to judge."""

import re
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.core.json_body import BadJson, read_json
from backend.people.rules import canonical_email, tidy_line, time_zones
from backend.sign_in.rules import device_name

LOCAL = some.text(
    "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=20
)
HOST = some.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?\.[a-z]{2,6}\Z")
ADDRESS = some.builds("{}@{}".format, LOCAL, HOST)


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "a@b", "a", "@b.example", "a@", "a@b..example", ".a@b.example", "a.@b.example",
        "a..b@c.example", "a b@c.example", '"a b"@c.example', "a@[127.0.0.1]", "a@127.0.0.1",
        "a@b.example,c@d.example", "a@b.example c@d.example", "a@b.example\r\nBcc: c@d.example",
        "A <a@b.example>", "a(x)@b.example", "a@-b.example", "a@b-.example", "a@b.1", "a@b.c.",
        "аmina@cohort.example", "amina@cоhort.example", "a\u0131a@cohort.example",
        "weiß@cohort.example", "a\u200b@b.example", "a\0@b.example", "a@@b.example",
        "a" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + "b." * 130 + "example",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_none(text: str) -> None:
    assert canonical_email(text) is None


@given(ADDRESS)
def test_an_address_has_one_spelling(address: str) -> None:
    assert canonical_email(address) == address
    assert canonical_email(f"  {address.upper()}\n") == address
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in address)
    assert canonical_email(wide) == address


@given(some.text())
def test_what_comes_out_is_ascii_and_stays_as_it_is(text: str) -> None:
    found = canonical_email(text)
    if found is not None:
        assert found.isascii()
        assert found.count("@") == 1
        assert not set(found) & set(' ,;:<>()[]"\\\r\n')
        assert canonical_email(found) == found


@given(some.text())
def test_a_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = tidy_line(text)
    assert tidy_line(line) == line
    assert line == line.strip()
    assert "  " not in line
    assert len(line.splitlines()) <= 1
    assert not set(line) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b\0"
    )


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u200d", "\u3164", "\u2800\u115f", "\u0301"])
def test_a_name_that_nobody_can_see_is_none(text: str) -> None:
    assert tidy_line(text) == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Amina \n Osei ", "Amina Osei"),
        ("Zoë O’Neill-Ng", "Zoë O’Neill-Ng"),
        ("\u202eanimA", "animA"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩🏽\u200d⚕️", "👩🏽\u200d⚕️"),
        ("李", "李"),
    ],
)
def test_names_stay_what_they_are(text: str, line: str) -> None:
    assert tidy_line(text) == line


def test_time_zones_are_places_and_utc() -> None:
    zones = time_zones()
    assert {"Europe/London", "Asia/Kolkata", "America/Argentina/Ushuaia", "UTC"} <= zones
    assert not zones & {"localtime", "posixrules", "Factory", "EST5EDT", "GMT+1", "right/UTC",
                        "posix/Europe/London", "US/Eastern", "Etc/GMT-14"}  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("", "A device"),
        ("curl/8", "A device"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) CriOS/140 Safari", "Chrome on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.0) Version/18 Safari/605", "Safari on Mac"),
        ("<script>alert(1)</script> Firefox", "Firefox"),
    ],
)  # fmt: skip
def test_a_device_is_named_in_our_words(agent: str, name: str) -> None:
    assert device_name(agent) == name


@given(some.text())
def test_a_device_is_never_named_in_its_own(agent: str) -> None:
    assert len(device_name(agent)) < 40
    assert device_name(agent).replace(" ", "").isalpha()


def judged(text: str) -> None:
    try:
        read_json(text.encode())
    except BadJson:
        return


JUDGES: list[Callable[[str], object]] = [canonical_email, tidy_line, device_name, judged]
HOSTILE = [
    "a",
    ".",
    "a.",
    "@",
    "a@",
    "a-",
    "-",
    "a@a.",
    "\u200d",
    " ",
    "a ",
    '"',
    "[",
    '{"a":',
    "\\",
]


def quickest(judge: Callable[[str], object], text: str) -> float:
    def once() -> float:
        started = time.process_time()
        judge(text)
        return time.process_time() - started

    return min(once() for _ in range(3))


@pytest.mark.parametrize("judge", JUDGES, ids=lambda judge: judge.__name__)
@pytest.mark.parametrize("part", HOSTILE)
def test_fifty_thousand_letters_are_judged_at_once(
    judge: Callable[[str], object], part: str
) -> None:
    for text in (part * (50_000 // len(part)), part * (50_000 // len(part)) + "!"):
        assert quickest(judge, text) < 0.05


def test_a_regex_that_backtracks_would_be_seen() -> None:
    naive = re.compile(r"(a+)+@")
    assert quickest(naive.fullmatch, "a" * 22 + "!") > 0.05
