"""What we write to people, in the language that they read."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from backend.core.languages import (
    ENGLISH,
    LANGUAGES,
    Language,
    Message,
    day_and_time,
    one_or_other,
    say,
    written,
)
from tests import pseudo
from tests.guards.source import BACKEND, ROOT
from tests.make import Letterbox, Make

WORDS = BACKEND / "words"
COUNTS = range(2, 200)  # all that is counted are several


@pytest.fixture
def _spoken() -> Iterator[None]:
    with pseudo.spoken():
        yield


def lacks(code: str, words: dict[str, Message]) -> list[str]:
    """What of English a language does not say, or says without a name or a form that it needs."""
    spoken = LANGUAGES.get(code, LANGUAGES[ENGLISH])
    forms = {spoken.plural_form(count) for count in COUNTS} | {"other"}
    found = []
    for key, english in LANGUAGES[ENGLISH].words.items():
        if (said := words.get(key)) is None:
            found.append(key)
        elif isinstance(said, str):
            found += [] if names(said) == names(english) else [f"{key}: its names"]
        elif code != ENGLISH:
            found += [f"{key}: {form}" for form in sorted(forms - set(said))]
    return found


def names(message: Message) -> set[str]:
    return set(re.findall(r"\{\w+\}", str(message)))


def test_every_file_of_words_is_a_language_and_says_all_of_it() -> None:
    assert {file.stem for file in WORDS.glob("*.json")} == set(LANGUAGES)
    for code in LANGUAGES:
        assert lacks(code, written(code)) == []


@pytest.mark.parametrize(
    ("name", "code", "is_apart"),
    [
        ("Amina", ENGLISH, False),
        ("أمينة", ENGLISH, True),
        ("מרים Cohen", ENGLISH, True),
        ("李娜", ENGLISH, False),
        ("Amina", "ar", True),
        ("أمينة", "ar", False),
        ("מרים Cohen", "ar", True),
        ("1234 5678", "ar", False),  # to be typed or pasted as it is
    ],
)
def test_a_name_that_runs_the_other_way_turns_nothing_round(
    name: str, code: str, is_apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LANGUAGES, "ar", Language("ar-EG", {}, is_right_to_left=True))
    said = say(code, "sign_in.code.subject", code=name)
    assert (f"\u2068{name}\u2069" in said) is is_apart
    assert name in said


def test_what_a_language_lacks_would_be_seen() -> None:
    words = {**pseudo.LANGUAGE.words, "devices.trial": "{what}", "notices.many.joined": {}}
    del words["notices.somebody"]
    assert sorted(lacks("xx", words)) == [
        "devices.trial: its names",
        "notices.many.joined: other",
        "notices.somebody",
    ]


def test_the_phone_speaks_the_same_languages() -> None:
    table = (ROOT / "pwa" / "src" / "i18n" / "languages.ts").read_text()
    told = table.partition("export const LANGUAGES")[2]
    assert set(re.findall(r"^  '?([\w-]+)'?: ", told, re.M)) == set(LANGUAGES)


def test_a_language_that_lacks_a_sentence_says_it_in_english() -> None:
    spoken = pseudo.Language("cy", {"notices.somebody": "Rhywun"}, one_or_other)
    LANGUAGES["cy"] = spoken
    try:
        assert say("cy", "notices.somebody") == "Rhywun"
        assert say("cy", "notices.their_cohort") == "your cohort"
    finally:
        del LANGUAGES["cy"]


def test_a_language_that_we_speak_no_more_is_english() -> None:
    assert say("tlh", "notices.somebody") == "Somebody"


def test_a_moment_is_a_day_and_a_time() -> None:
    moment = datetime(2026, 3, 3, 14, 5, tzinfo=UTC)
    assert day_and_time(ENGLISH, moment) == "3 March, 14:05"


@pytest.mark.usefixtures("_spoken")
@pytest.mark.parametrize(
    ("wish", "begins"),
    [
        ("fr, zxx;q=0.8, en;q=0.5", "[Ýöûr çödé"),
        ("en-GB, zxx", "Your code"),
        ("fr", "Your code"),
    ],
)
def test_a_code_comes_in_the_language_that_the_browser_wishes_for(
    make: Make, letterbox: Letterbox, wish: str, begins: str
) -> None:
    asked = {"email": "amina@cohort.example"}
    make.stranger().post("/api/sign-in/codes", json=asked, headers={"Accept-Language": wish})
    make.deliver()
    [letter] = letterbox.letters
    assert letter.subject.startswith(begins)


@pytest.mark.usefixtures("_spoken")
def test_who_joins_reads_what_their_browser_wishes_for(make: Make) -> None:
    fay, phone = make.somebody("Fay"), make.stranger()
    _, token = make.invitation(fay, make.cohort(fay))
    code = make.code_for(phone, "new@cohort.example")
    joined = phone.post(
        f"/api/invitations/{token}/acceptance",
        json={"email": "new@cohort.example", "code": code, "name": "New"},
        headers={"Accept-Language": pseudo.CODE},
    )
    assert joined.json["session"]["person"]["language"] == pseudo.CODE  # type: ignore[index]
