"""Sealed words: under the newest key, opened by any that is given, in their own place only."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select, text

from backend import create_app
from backend.core.app import App
from backend.core.cipher import CannotOpen, Keyring, digest_of_token
from backend.people.models import Person
from backend.settings import Settings
from tests.databases import KEY
from tests.make import Letterbox, Make

NEWER = bytes(range(100, 132))
PLACE = "reflection.text"


def test_what_no_given_key_opens_is_refused() -> None:
    sealed = Keyring([KEY]).seal("I held back.", PLACE)
    with pytest.raises(CannotOpen, match="ALONGSIDE_SECRET_KEYS"):
        Keyring([NEWER]).open(sealed, PLACE)


def test_sealed_bytes_do_not_open_in_another_column() -> None:
    ring = Keyring([KEY])
    with pytest.raises(CannotOpen):
        ring.open(ring.seal("I held back.", PLACE), "response.text")


@given(some.text(some.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(words: str) -> None:
    ring = Keyring([KEY])
    assert ring.open(ring.seal(words, PLACE), PLACE) == words


@given(some.data())
def test_a_byte_that_was_changed_or_lost_is_noticed(data: some.DataObject) -> None:
    ring = Keyring([KEY])
    sealed = bytearray(ring.seal("I held back.", PLACE))
    at = data.draw(some.integers(0, len(sealed) - 1))
    if data.draw(some.booleans()):
        del sealed[at:]
    else:
        sealed[at] ^= data.draw(some.integers(1, 255))
    with pytest.raises(CannotOpen):
        ring.open(bytes(sealed), PLACE)


def test_the_same_words_never_look_the_same() -> None:
    ring = Keyring([KEY])
    assert len({ring.seal("I held back.", PLACE) for _ in range(100)}) == 100


def test_an_old_key_opens_and_the_newest_seals() -> None:
    old = Keyring([KEY])
    both = Keyring([NEWER, KEY])
    assert both.open(old.seal("Before.", PLACE), PLACE) == "Before."
    with pytest.raises(CannotOpen):
        old.open(both.seal("After.", PLACE), PLACE)
    assert both.digest("a", "email") == Keyring([NEWER]).digest("a", "email")
    assert old.digest("a", "email") in both.digests("a", "email")


def test_digests_of_one_purpose_say_nothing_of_another() -> None:
    ring = Keyring([KEY])
    assert ring.digest("12345678", "code") != ring.digest("12345678", "attempt")
    assert ring.digest("12345678", "code") != digest_of_token("12345678")


def test_people_go_on_when_a_key_is_renewed(
    app: App, make: Make, settings: Settings, letterbox: Letterbox
) -> None:
    make.somebody("Amina")
    renewed = create_app(Settings(**vars(settings) | {"secret_keys": (NEWER, KEY)}), mail=letterbox)
    later = Make(renewed, letterbox)
    phone = later.stranger()
    code = later.code_for(phone, "amina@cohort.example")
    body = {"email": "amina@cohort.example", "code": code}
    assert phone.post("/api/sign-in/sessions", json=body).status_code == 201
    assert phone.get("/api/me").json["name"] == "Amina"  # type: ignore[index]
    renewed.database.engine.dispose()
    renewed.jobs.huey.storage.close()


def test_bytes_moved_to_another_column_by_hand_do_not_open(app: App, make: Make) -> None:
    amina = make.somebody()
    with make.session() as session:
        session.execute(text("UPDATE person SET matters = email"))
    with app.database.reading() as session, pytest.raises(CannotOpen):
        session.scalars(select(Person)).one()
    answer = amina.get("/api/me")
    assert answer.status_code == 500
    assert answer.json["reason"] == "unexpected"  # type: ignore[index]


def test_a_key_is_nowhere_beside_the_database(tmp_path: Path, app: App, make: Make) -> None:
    make.somebody()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY not in path.read_bytes()
            assert base64.urlsafe_b64encode(KEY) not in path.read_bytes()


def test_what_is_covered_tells_nothing_and_is_the_same_each_time() -> None:
    """So that a list whose place it is does not change by itself."""
    ring, told = Keyring([KEY]), b'["2026-11-01", 7]'
    covered = ring.encrypt_deterministic(told, "here")

    assert covered == ring.encrypt_deterministic(told, "here")
    assert told[:8] not in covered
    assert ring.decrypt_deterministic(covered, "here") == told
    assert Keyring([NEWER, KEY]).decrypt_deterministic(covered, "here") == told


def test_what_is_covered_opens_in_its_place_only_and_unaltered() -> None:
    ring = Keyring([KEY])
    covered = ring.encrypt_deterministic(b"7", "here")
    altered = bytes([covered[0] ^ 1, *covered[1:]])

    for wrong, place in ((covered, "there"), (altered, "here"), (b"", "here"), (b"x", "here")):
        with pytest.raises(CannotOpen):
            ring.decrypt_deterministic(wrong, place)
    with pytest.raises(CannotOpen):
        Keyring([NEWER]).decrypt_deterministic(covered, "here")
