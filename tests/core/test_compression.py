"""What travels compressed, to whom, and what never does: docs/decisions/compressed-answers.md."""

import gzip
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from backend.core import clock, ids
from backend.core.app import App
from backend.core.compression import LONGEST_PADDING, SMALLEST
from tests.make import NEW, Make, Somebody, at_version

LIST = "/api/reflections"
BROWSERS = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def amina(make: Make) -> Somebody:
    """Somebody with a long list."""
    amina = make.somebody()
    for _ in range(5):
        amina.keep(ids.new_id(), text="I held back, and nobody asked. " * 10)
    return amina


def is_plain(answer: TestResponse) -> bool:
    return not {"Content-Encoding", "X-Padding"} & {name for name, _ in answer.headers}


@pytest.mark.parametrize(
    "takes",
    [
        *("gzip, deflate, br, zstd", "gzip", "GZIP", "*", "br, *;q=0.1"),
        *("gzip;q=0.5", "identity;q=0, gzip;q=0.1", "identity;q=0, *", "gzip, identity;q=0.5"),
    ],
)
def test_whoever_takes_gzip_gets_it(amina: Somebody, takes: str) -> None:
    plain = amina.get(LIST)
    answer = amina.get(LIST, headers={"Accept-Encoding": takes})

    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(answer.data) == plain.data
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert len(answer.data) < len(plain.data) / 3
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "takes",
    [
        "",
        "identity",
        "br",
        "gzip;q=0",
        "gzip; q=0, *",
        "*;q=0",
        "identity, gzip;q=0.5",
        "identity;q=0",
    ],
)
def test_whoever_does_not_take_it_gets_it_plain(amina: Somebody, takes: str) -> None:
    plain = amina.get(LIST)
    answer = amina.get(LIST, headers={"Accept-Encoding": takes})

    assert is_plain(answer)
    assert is_plain(plain)
    assert (answer.data, answer.headers["ETag"]) == (plain.data, plain.headers["ETag"])
    assert answer.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


def test_one_etag_stands_for_both_and_is_weak_where_it_was_compressed(amina: Somebody) -> None:
    plain = amina.get(LIST).headers["ETag"]
    packed = amina.get(LIST, headers=BROWSERS).headers["ETag"]

    assert packed == f"W/{plain}"
    for etag in (plain, packed, f'"another", {packed}'):
        for takes in ({}, BROWSERS):
            answer = amina.get(LIST, headers={**takes, "If-None-Match": etag})
            assert (answer.status_code, answer.data) == (304, b""), etag
            assert is_plain(answer)

    amina.keep(ids.new_id(), text="One more.")
    for etag in (plain, packed):
        again = amina.get(LIST, headers={**BROWSERS, "If-None-Match": etag})
        assert (again.status_code, again.headers["Content-Encoding"]) == (200, "gzip")


def test_a_version_comes_back_as_it_was_told(make: Make) -> None:
    """What has a version goes as it is, however long: If-Match takes no weak ETag."""
    amina = make.somebody()
    windows = [
        {"weekday": day, "opens": f"{hour:02}:00", "closes": f"{hour:02}:30"}
        for day in range(7)
        for hour in (8, 10, 12, 14)
    ]
    rhythm: dict[str, Any] = {**amina.get("/api/me/rhythm").json, "windows": windows}  # type: ignore[dict-item]
    sent = {name: rhythm[name] for name in SAID}
    kept = amina.phone.put("/api/me/rhythm", json=sent, headers={**BROWSERS, **at_version(0)})
    assert kept.status_code == 200, kept.json

    answer = amina.get("/api/me/rhythm", headers=BROWSERS)
    assert len(answer.data) > SMALLEST
    assert is_plain(answer)
    etag = answer.headers["ETag"]
    assert etag == '"1"'

    again = amina.phone.put("/api/me/rhythm", json=sent, headers={"If-Match": etag})
    assert again.status_code == 200


SAID = ("windows", "kinds", "prompts_a_week", "snoozed_until", "lock_screen", "stretch_me")


def test_what_is_short_or_has_no_body_passes_untouched(amina: Somebody) -> None:
    short = amina.get("/api/me", headers=BROWSERS)
    assert len(short.data) < SMALLEST
    head = amina.phone.head(LIST, headers=BROWSERS)
    missing = amina.get(f"{LIST}/{ids.new_id()}", headers=BROWSERS)
    for answer in (short, head, missing):
        assert is_plain(answer)
        assert "Vary" not in answer.headers


def test_no_answer_to_a_write_is_compressed(make: Make) -> None:
    """A link that lets people in stands beside a name that others chose."""
    fay = make.somebody("Fay", may_convene=True)
    cohort = make.cohort(fay)
    week = {"expires_at": (clock.now() + timedelta(days=7)).isoformat()}
    made = fay.phone.post(f"/api/cohorts/{cohort}/invitations", json=week, headers=BROWSERS)
    assert made.status_code == 201
    assert made.json["token"]  # type: ignore[index]
    text = "I held back, and nobody asked. " * 100
    kept = fay.keep(ids.new_id(), headers={**NEW, **BROWSERS}, text=text)
    assert len(kept.data) > SMALLEST
    assert is_plain(made)
    assert is_plain(kept)


def test_the_documents_are_compressed(app: App) -> None:
    for path in ("/api/openapi.json", "/api/docs"):
        plain = app.test_client().get(path)
        answer = app.test_client().get(path, headers=BROWSERS)
        assert gzip.decompress(answer.data) == plain.data


def test_the_length_on_the_wire_is_blurred(amina: Somebody) -> None:
    """The same answer again and again has not one length (BREACH: docs/security.md)."""
    answers = [amina.get(LIST, headers=BROWSERS) for _ in range(20)]
    paddings = {answer.headers["X-Padding"] for answer in answers}
    assert len({answer.data for answer in answers}) == 1
    assert len({len(padding) for padding in paddings}) > 5
    assert max(map(len, paddings)) <= LONGEST_PADDING * 4 / 3 + 1
