"""What a name, an address and a time zone may be; and that no text takes long to judge."""

import re
import time
import zoneinfo
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.core.json_body import BadJson, read_json
from backend.people.rules import (
    canonical_email,
    names_no_place,
    tidy_line,
    time_zones,
    why_no_address,
    zone_named,
)
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
        "weiß@cohort.example", "a\0@b.example", "a@@b.example", "\u200b", "\u00a0@\u2060",
        "a@b.example\u00a0c@d.example", "a\u3000b@c.example", "a\u0600b@c.example",
        "a" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + "b." * 130 + "example",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_address_is_none(text: str) -> None:
    assert canonical_email(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "\u200bamina@cohort.example", "amina@cohort.example\u200b", "ami\u200bna@cohort.example",
        "amina@co\u00adhort.example", "\ufeffamina@cohort.example", "amina\u2060@cohort.example",
        "\u202aamina@cohort.example\u202c", "\u2068amina@cohort.example\u2069",
        "\u200eamina@cohort.example\u200f", "\u061camina@cohort.example",
        "\u00a0amina@cohort.example\u00a0", "amina\u00a0@cohort.example",
        "amina\u200d@cohort.example", "amina@\u202fcohort.example",
        " \u200b amina@cohort.example \ufeff\r\n", "amina@cohort.example\ufe0f",
        "\u3164amina@cohort.example\u2800", "\U000e0061amina@cohort.example",
        "\u180eAMINA@cohort.example", "\u034famina@cohort.example",
        "amina@cohort.example" + "\u200b" * 300, "\ufff9amina@cohort\ufffb.example",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_no_part_of_an_address(text: str) -> None:
    assert canonical_email(text) == "amina@cohort.example"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("weiß@cohort.example", "“ß” (Latin small letter sharp s)"),
        ("аmina@cohort.example", "“а” (Cyrillic small letter a)"),
        ("amina@cоhort.example", "“о” (Cyrillic small letter o)"),
        ("İnes@cohort.example", "“İ” (Latin capital letter i with dot above)"),
        ("ame\u0301lie@cohort.example", "“é” (Latin small letter e with acute)"),
        ("amina,@cohort.example", "“,”"),
        ("A <a@b.example>", "a space"),
        ("a<a@b.example>", "“<”"),
        ("a b@cohort.example", "a space"),
        ("a\0b@cohort.example", "U+0000"),
        ("a\u0600b@cohort.example", "Arabic number sign"),
        ("a@co_hort.example", "“_” behind its @"),
        ("a@b.example,c@d.example", "“,” behind its @"),
        ("a@b.example c@d.example", "a space in it"),
        ("a@@b.example", "only one @"),
        ("amina", "Write one e-mail address, like name@example.org."),
        ("a..b@c.example", "“.” at an end"),
        ("amina@cohort.example.", "“.” at an end"),
        (".amina@cohort.example", "“.” at an end"),
        ("amina.@cohort.example", "“.” at an end"),
        ("amina@cohort..example", "“.” at an end"),
        ("amina@.cohort.example", "“.” at an end"),
        ("amina@-cohort.example", "“-” at an end"),
        ("amina@cohort-.example", "“-” at an end"),
        ("-amina@cohort.e", "Write one e-mail address, like name@example.org."),
        ("ß" * 5000, "Write one e-mail address, like name@example.org."),
    ],
)
def test_a_refusal_names_the_letter_that_cannot_be(text: str, words: str) -> None:
    said = why_no_address(text)
    assert words in said
    assert said.endswith("name@example.org.")
    assert len(said) < 200


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
    assert not zones & {
        "localtime",
        "posixrules",
        "Factory",
        "EST5EDT",
        "GMT+1",
        "right/UTC",
        "posix/Europe/London",
        "US/Eastern",
        "Etc/GMT-14",
    }


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("europe/LONDON", "Europe/London"),
        (" Europe/Paris\n", "Europe/Paris"),
        ("America/New York", "America/New_York"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("america/port-au-prince", "America/Port-au-Prince"),
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("Etc/UTC", "UTC"),
        ("etc/utc", "UTC"),
        ("Etc/UCT", "UTC"),
        ("GMT", "UTC"),
        ("Etc/GMT", "UTC"),
        ("GMT0", "UTC"),
        ("GMT+0", "UTC"),
        ("Etc/GMT-0", "UTC"),
        ("Etc/Greenwich", "UTC"),
        ("Zulu", "UTC"),
        ("Universal", "UTC"),
        ("UCT", "UTC"),
        ("US/Eastern", "America/New_York"),
        ("us/pacific", "America/Los_Angeles"),
        ("EST5EDT", "America/New_York"),
        ("PST8PDT", "America/Los_Angeles"),
        ("CET", "Europe/Brussels"),
        ("WET", "Europe/Lisbon"),
        ("HST", "Pacific/Honolulu"),
        ("GB", "Europe/London"),
        ("Eire", "Europe/Dublin"),
        ("Japan", "Asia/Tokyo"),
        ("NZ", "Pacific/Auckland"),
        ("Brazil/East", "America/Sao_Paulo"),
        ("Canada/Atlantic", "America/Halifax"),
        ("W-SU", "Europe/Moscow"),
        ("Europe/London\u200b", "Europe/London"),
        ("US/Pacific-New", "America/Los_Angeles"),
        ("SystemV/EST5EDT", "America/New_York"),
        (":Europe/London", "Europe/London"),
        ("posix/Europe/London", "Europe/London"),
        ("right/UTC", "UTC"),
        ("/usr/share/zoneinfo/Europe/Paris", "Europe/Paris"),
    ],
)
def test_a_zone_is_known_by_every_name_that_it_was_given(name: str, zone: str) -> None:
    assert zone_named(name) == zone
    assert zone in time_zones()


NO_PLACE = [
    "",
    " ",
    "Etc/Unknown",
    "etc/unknown",
    "+02:00",
    "-05:00",
    "+0530",
    "+05",
    "+2",
    "-00:00",
    "\u221203:30",
    "UTC+2",
    "UTC+02:00",
    "utc-5",
    "GMT+2",
    "GMT+02:00",
    "GMT-0330",
    "Etc/GMT+5",
    "Etc/GMT-14",
    "UTC + 2",
    "+05:30:00",
]
NO_PLACE += [
    "localtime",
    "Factory",
    "posixrules",
    "undefined",
    "UTC0",
    "JST-9",
    "GMT0BST,M3.5.0/1,M10.5.0",
    "<+03>-3",
    "CET-1CEST",
    "\u200b",
    "NZST-12NZDT,M9.5.0,M4.1.0/3",
]
NO_ZONE = [
    "Mars/Olympus",
    "Londn",
    "PST",
    "W. Europe Standard Time",
    "2",
    "+",
    "\0",
]


@pytest.mark.parametrize("name", NO_PLACE)
def test_an_offset_and_no_name_are_no_place(name: str) -> None:
    assert zone_named(name) is None
    assert names_no_place(name)


@pytest.mark.parametrize("name", NO_ZONE)
def test_a_name_that_nobody_knows_is_neither(name: str) -> None:
    assert zone_named(name) is None
    assert not names_no_place(name)


def test_every_zone_is_known_by_its_own_name() -> None:
    assert {name for name in time_zones() if zone_named(name) != name} == set()


def test_every_zone_is_there_on_a_machine_that_has_no_zone_data() -> None:
    zoneinfo.reset_tzpath(to=())
    try:
        for name in time_zones():
            assert zoneinfo.ZoneInfo.no_cache(name).key == name
        with pytest.raises(zoneinfo.ZoneInfoNotFoundError):
            zoneinfo.ZoneInfo.no_cache("Mars/Olympus")
    finally:
        zoneinfo.reset_tzpath()


def test_zones_are_the_same_on_a_machine_that_has_more(tmp_path: Path) -> None:
    data = files("tzdata").joinpath("zoneinfo/Europe/London").read_bytes()
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Hebrides").write_bytes(data)
    zoneinfo.reset_tzpath(to=[tmp_path])
    time_zones.cache_clear()
    try:
        assert "Europe/Hebrides" not in time_zones()
        assert "Europe/Paris" in time_zones()
    finally:
        zoneinfo.reset_tzpath()
        time_zones.cache_clear()


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
)
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


JUDGES: list[Callable[[str], object]] = [
    canonical_email,
    why_no_address,
    tidy_line,
    device_name,
    zone_named,
    names_no_place,
    judged,
]
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

    return min(once() for _ in range(5))


def grows_evenly(judge: Callable[[str], object], part: str, letters: int, end: str = "") -> bool:
    """Whether ten times the text takes about ten times as long, and not a hundred times."""
    short = part * (letters // len(part))
    return quickest(judge, short * 10 + end) < 25 * (quickest(judge, short + end) + 0.0001)


@pytest.mark.parametrize("judge", JUDGES, ids=lambda judge: judge.__name__)
@pytest.mark.parametrize("part", HOSTILE)
def test_no_text_is_judged_more_slowly_the_longer_it_is(
    judge: Callable[[str], object], part: str
) -> None:
    assert grows_evenly(judge, part, 5_000)
    assert grows_evenly(judge, part, 5_000, end="!")


def test_a_regex_that_backtracks_would_be_seen() -> None:
    assert not grows_evenly(re.compile(r"a*a*@").fullmatch, "a", 500, end="!")
