"""Bringing back what was taken along: mine alone, with its dates; twice does no harm."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from backend.core import clock, hourly_limits, ids
from backend.core.app import LARGEST_BODY
from backend.core.db import Database
from backend.core.ledger import Fact
from backend.own_data import bringing
from backend.own_data.contents import write_zip
from backend.own_data.rules import (
    LARGEST_DATA,
    LARGEST_DIRECTORY,
    LARGEST_FILE,
    LONGEST_LINE,
    OwnDataCount,
)
from backend.reflections.models import Area, Audience, Noticing, Reflection, Share, Stretch
from backend.server import WITH_FILE
from tests.guards.world import dump
from tests.make import Make, Somebody, full_reflection
from tests.own_data.by_hand import LONG_AGO, a_line, an_export, data_in, zipped_again

IMPORTS = "/api/me/imports"
ZIP = "application/zip"
Altered = Callable[[bytes], bytes]


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def taken_by(make: Make, person: Somebody) -> bytes:
    """All that is somebody's, as they fetch it."""
    out = io.BytesIO()
    write_zip(out, make.app.database, person.id)
    return out.getvalue()


def send(person: Somebody, zipped: bytes, content_type: str = ZIP) -> TestResponse:
    return person.phone.post(IMPORTS, data=zipped, content_type=content_type)


def brought(person: Somebody, zipped: bytes) -> tuple[int, int, int]:
    """How many came, were there, and were deleted."""
    answer = send(person, zipped)
    assert answer.status_code == 200, answer.json
    said: Any = answer.json
    return said["came"], said["there"], said["deleted"]


def rows_of(make: Make, person: Somebody) -> list[Reflection]:
    with make.session() as session:
        mine = select(Reflection).where(Reflection.author_id == person.id)
        return list(session.scalars(mine.order_by(Reflection.written_at.desc())))


def test_what_was_taken_comes_into_an_empty_account(make: Make, amina: Somebody) -> None:
    """With all that it says and its date, for its author alone. Its id is another's here."""
    bo = make.somebody("Bo")
    cohort = make.cohort(amina, bo)
    prompt = ids.new_id()
    amina.keep(ids.new_id(), **full_reflection(cohort, prompt, "We spoke.\nAt last."))
    make.reflection(amina, "Only mine.", written_at=LONG_AGO)
    zipped = taken_by(make, amina)
    before = dump(make)
    callum = make.somebody("Callum")
    make.join(callum, cohort, amina)
    with make.session() as session:
        facts = session.scalar(select(func.count()).select_from(Fact))

    assert brought(callum, zipped) == (2, 0, 0)
    spoke, mine = rows_of(make, callum)
    assert (spoke.text, spoke.areas, spoke.noticing, spoke.stretch, spoke.prompt_id) == (
        "We spoke.\nAt last.", [Area.SELF, Area.SYSTEM], Noticing.STUCK, Stretch.TOO_FAR, prompt,
    )  # fmt: skip
    assert spoke.written_at == datetime(2026, 1, 30, 10, tzinfo=UTC)
    assert (mine.text, mine.written_at) == ("Only mine.", LONG_AGO)
    assert {(one.audience, one.cohort_id) for one in (spoke, mine)} == {(Audience.ME, None)}

    after = dump(make)
    assert set(before["reflection"]) <= set(after["reflection"])
    assert before["share"] == after["share"]
    with make.session() as session:  # nobody hears of it, nor can anybody look it up
        assert session.scalar(select(func.count()).select_from(Fact)) == facts
    assert bo.texts() == ["We spoke.\nAt last."]
    assert bo.get(f"/api/reflections/{spoke.id}").status_code == 404


def test_it_comes_once_however_often_it_is_sent(make: Make, amina: Somebody) -> None:
    for number in range(3):
        make.reflection(amina, f"Number {number}.")
    zipped = taken_by(make, amina)
    before = rows_of(make, amina)
    assert brought(amina, zipped) == (0, 3, 0)
    callum = make.somebody("Callum")
    assert brought(callum, zipped) == (3, 0, 0)
    assert brought(callum, zipped) == (0, 3, 0)
    assert len(rows_of(make, callum)) == 3
    assert [(one.id, one.version) for one in before] == [
        (one.id, one.version) for one in rows_of(make, amina)
    ]


def test_where_its_id_is_free_it_keeps_it(make: Make, amina: Somebody) -> None:
    line = a_line()
    assert brought(amina, an_export(line)) == (1, 0, 0)
    [row] = rows_of(make, amina)
    assert row.id == UUID(line["id"])
    assert row.version == 1


def test_what_is_here_is_not_changed_and_what_was_deleted_stays_so(
    make: Make, amina: Somebody
) -> None:
    kept, gone = a_line(), a_line()
    zipped = an_export(kept, gone, a_line(text="New."))
    amina.keep(kept["id"], text="Said better.")
    amina.keep(gone["id"], text="Gone.")
    amina.delete(f"/api/reflections/{gone['id']}")
    assert brought(amina, zipped) == (1, 1, 1)
    assert sorted(amina.texts()) == ["New.", "Said better."]


def test_a_name_taken_before_keeps_nothing_out(make: Make, amina: Somebody) -> None:
    """What stands for an id is the same each time, also by a newer key, and told to nobody."""
    line = a_line()
    make.somebody("Bo").keep(line["id"], text="First.")
    assert brought(amina, an_export(line)) == (1, 0, 0)
    assert brought(amina, an_export(line)) == (0, 1, 0)
    [row] = rows_of(make, amina)
    assert row.id != UUID(line["id"])


def test_a_phone_reads_it_among_what_changed(make: Make, amina: Somebody) -> None:
    make.reflection(amina)
    since = amina.get("/api/reflections/changes").json["next"]  # type: ignore[index]
    seen = amina.get("/api/reflections").headers["ETag"]
    brought(amina, an_export(*(a_line() for _ in range(5))))
    new: Any = amina.get(f"/api/reflections/changes?since={since}").json
    assert len(new["items"]) == 5
    asked = {"known": [{"path": "/api/reflections", "etag": seen}], "held": []}
    assert amina.phone.post("/api/sync", json=asked).json["changed"]  # type: ignore[index]


def test_one_who_zips_the_folder_again_is_understood(make: Make, amina: Somebody) -> None:
    data = data_in(an_export(a_line()))
    assert brought(amina, zipped_again(data, "alongside-2026-11-22/data.json")) == (1, 0, 0)
    assert brought(amina, zipped_again(data, how=zipfile.ZIP_STORED)) == (0, 1, 0)


def test_an_export_without_reflections_brings_none(make: Make, amina: Somebody) -> None:
    assert brought(amina, taken_by(make, amina)) == (0, 0, 0)


def test_a_clock_that_goes_ahead_does_no_harm(make: Make, amina: Somebody) -> None:
    ahead = clock.now() + timedelta(hours=2)
    assert brought(amina, an_export(a_line(written_at=ahead.isoformat()))) == (1, 0, 0)
    [row] = rows_of(make, amina)
    assert row.written_at <= clock.now()


def cut_off(zipped: bytes) -> bytes:
    return zipped[: len(zipped) // 2]


def one_bit_off(zipped: bytes) -> bytes:
    """In what is packed: only the checksum, at the end of it, tells."""
    out = bytearray(zipped_again(data_in(zipped), how=zipfile.ZIP_STORED))
    out[out.index(b"I held back.")] ^= 1
    return bytes(out)


def locked(zipped: bytes) -> bytes:
    """As if by a password: the flag in both of its heads."""
    out = bytearray(zipped_again(data_in(zipped)))
    out[6] |= 1
    out[out.index(b"PK\x01\x02") + 8] |= 1
    return bytes(out)


def two_of_them(zipped: bytes) -> bytes:
    out = io.BytesIO(zipped_again(data_in(zipped)))
    with zipfile.ZipFile(out, "a") as whole:
        whole.writestr("folder/data.json", data_in(zipped))
    return out.getvalue()


def many_names(_: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as whole:
        for number in range(LARGEST_DIRECTORY // 46 + 1):
            whole.writestr(str(number), b"")
    return out.getvalue()


def with_data(change: Altered) -> Altered:
    return lambda zipped: zipped_again(change(data_in(zipped)))


NOT_OURS: dict[str, Altered] = {
    "nothing": lambda _: b"",
    "no zip": lambda _: b"%PDF-1.7",
    "cut off": cut_off,
    "one bit off": one_bit_off,
    "locked": locked,
    "two of them": two_of_them,
    "many names": many_names,
    "packed otherwise": lambda zipped: zipped_again(data_in(zipped), how=zipfile.ZIP_LZMA),
    "a name that leads out": lambda zipped: zipped_again(data_in(zipped), "../../data.json"),
    "no data": lambda zipped: zipped_again(data_in(zipped), "data.txt"),
    "empty data": with_data(lambda _: b""),
    "another format": with_data(lambda data: data.replace(b"alongside-export", b"diary")),
    "one long line": with_data(lambda data: data.replace(b"\n", b" ")),
    "a line without end": with_data(
        lambda data: data.replace(b"I held back.", b"x" * LONGEST_LINE)
    ),
    "no list": with_data(lambda data: data.replace(b'"reflections":[', b'"reflections":{')),
    "cut off within": with_data(lambda data: data[: data.index(b"I held")]),
}


@pytest.mark.parametrize("altered", NOT_OURS)
def test_what_is_no_whole_export_is_refused_and_changes_nothing(
    make: Make, amina: Somebody, altered: str
) -> None:
    zipped = an_export(a_line(text="First."), a_line())
    before = dump(make)
    answer = send(amina, NOT_OURS[altered](zipped))
    assert (answer.status_code, answer.json["reason"]) == (422, "no_export")  # type: ignore[index]
    assert but_counted(before) == but_counted(dump(make))


def but_counted(rows: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: found for name, found in rows.items() if name != "told_in_an_hour"}


WRONG: dict[str, dict[str, Any]] = {
    "too long": {"text": "x" * 20_001},
    "nothing said": {"text": " "},
    "no text": {"text": None},
    "NUL": {"text": "a\0b"},
    "half a letter": {"text": "\ud800"},
    "no area": {"areas": ["everything"]},
    "areas without end": {"areas": ["self"] * 1000},
    "no noticing": {"noticing": "happy"},
    "no id": {"id": "../1"},
    "an id that is none": {"id": 7},
    "no date": {"written_at": None},
    "a date that is none": {"written_at": "yesterday"},
    "a date nobody had": {"written_at": "0001-01-01T00:00:00+14:00"},
    "a date to come": {"written_at": "2100-01-01T00:00:00Z"},
    "deep": {"text": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]},
}


@pytest.mark.parametrize("what", WRONG)
def test_one_that_cannot_be_kept_is_named_and_nothing_is_changed(
    make: Make, amina: Somebody, what: str
) -> None:
    before = dump(make)
    answer = send(amina, an_export(a_line(), a_line(**WRONG[what])))
    said: Any = answer.json
    assert (answer.status_code, said["reason"]) == (422, "altered_export")
    assert said["values"] == {"number": 2}
    assert but_counted(before) == but_counted(dump(make))


@pytest.mark.parametrize("line", [b"[]", b"1", b"null", b'"text"', b"{}", b"{", b'{"id":1,"id":2}'])
def test_a_line_that_is_no_reflection_is_refused(amina: Somebody, line: bytes) -> None:
    data = data_in(an_export(a_line())).split(b"\n")
    data[2] = line + b"],"
    answer = send(amina, zipped_again(b"\n".join(data)))
    assert answer.json["reason"] in ("altered_export", "no_export")  # type: ignore[index]
    assert answer.status_code == 422


def test_a_file_of_a_version_to_come_says_so(amina: Somebody) -> None:
    answer = send(amina, an_export(a_line(), version=2))
    assert (answer.status_code, answer.json["reason"]) == (422, "newer_export")  # type: ignore[index]


def test_a_bomb_is_refused_by_what_it_says_of_itself(amina: Somebody) -> None:
    """And unpacked no further than that, where it says less."""
    bomb = zipped_again(b"\0" * (LARGEST_DATA + 1))
    answer = send(amina, bomb)
    assert (answer.status_code, answer.json["reason"]) == (422, "large_export")  # type: ignore[index]
    says_less = bytearray(bomb)
    place = says_less.index(b"PK\x01\x02") + 24
    says_less[place : place + 4] = b"\x10\0\0\0"
    answer = send(amina, bytes(says_less))
    assert (answer.status_code, answer.json["reason"]) == (422, "no_export")  # type: ignore[index]


def test_whose_name_others_wrote_is_not_read(make: Make, amina: Somebody) -> None:
    """Whom it was shared with, and what others answered, are left where they are."""
    bo = make.somebody("Bo")
    cohort = make.cohort(amina, bo)
    line = a_line(
        audience="cohort", cohort_id=str(cohort), shared_with=[{"id": str(bo.id), "name": "Bo"}],
        author={"id": str(bo.id), "name": "Bo"}, responses=[{"text": "Why?"}], version=7,
    )  # fmt: skip
    assert brought(amina, an_export(line)) == (1, 0, 0)
    assert bo.texts() == []
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Share)) == 0


def test_it_is_sent_as_what_it_is_by_whoever_is_signed_in(make: Make, amina: Somebody) -> None:
    zipped = an_export(a_line())
    assert send(amina, zipped, "application/json").status_code == 415
    stranger = make.stranger().post(IMPORTS, data=zipped, content_type=ZIP)
    assert stranger.status_code == 401
    other_site = {"Origin": "https://elsewhere.example"}
    refused = amina.phone.post(IMPORTS, data=zipped, content_type=ZIP, headers=other_site)
    assert refused.status_code == 403


def test_a_file_may_be_larger_than_other_bodies_but_not_without_end(amina: Somebody) -> None:
    data = data_in(an_export(a_line())) + b" " * LARGEST_BODY
    larger = zipped_again(data, how=zipfile.ZIP_STORED)
    assert brought(amina, larger) == (1, 0, 0)
    assert send(amina, b"x" * (LARGEST_FILE + 1)).status_code == 413


def test_a_few_an_hour(amina: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were refused, too: reading them was work."""
    monkeypatch.setitem(hourly_limits.LIMITS, OwnDataCount.BROUGHT_BACK.value, 2)
    assert send(amina, b"").status_code == 422
    assert brought(amina, an_export(a_line())) == (1, 0, 0)
    refused = send(amina, an_export(a_line()))
    assert (refused.status_code, refused.json["reason"]) == (429, "enough_imports")  # type: ignore[index]
    assert 0 < int(refused.headers["Retry-After"]) <= 3600


def test_what_stops_in_the_middle_is_gone_on_with(
    make: Make, amina: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    zipped = an_export(*(a_line() for _ in range(5)))
    monkeypatch.setattr(bringing, "BATCH", 2)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "writing", failing_at(Database.writing, 4))
        stopped = send(amina, zipped)
    assert (stopped.status_code, stopped.json["reason"]) == (503, "brought_in_part")  # type: ignore[index]
    assert len(rows_of(make, amina)) == 4
    assert brought(amina, zipped) == (1, 4, 0)


def failing_at(real: Any, time: int) -> Any:
    """`real`, which finds the database busy at this time: counted, then batch by batch."""
    times: Iterator[int] = iter(range(1, 100))

    def writing(self: Database) -> Any:
        if next(times) == time:
            raise bringing.Busy
        return real(self)

    return writing


def test_the_front_knows_the_address_that_takes_a_file() -> None:
    assert f"POST {IMPORTS} ".encode() == WITH_FILE


def test_the_phone_knows_how_large_a_file_may_be() -> None:
    """What is larger would be cut off on its way, and look like no signal."""
    code = Path("pwa/src/features/own_data/bringing.svelte.ts").read_text()
    assert f"LARGEST = {LARGEST_FILE // 1024**2} * 1024 * 1024;" in code
