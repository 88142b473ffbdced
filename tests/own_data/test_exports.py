"""Taking everything: asked for, made in the background, had for a day, then gone."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.core import clock
from backend.core.app import App
from backend.own_data import making
from backend.own_data.making import claim, make_due
from backend.own_data.models import Export, ExportPart, ExportState
from backend.own_data.rules import KEPT, MOST_A_DAY, MOST_TRIES
from tests.make import Make, Somebody

EXPORTS = "/api/me/exports"
MINUTES = timedelta(minutes=3)  # longer than a lease


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def ask(person: Somebody) -> Any:
    answer = person.phone.post(EXPORTS)
    assert answer.status_code == 202, answer.json
    return answer.json


def state(person: Somebody, id: str) -> str:
    found: str = person.get(f"{EXPORTS}/{id}").json["state"]  # type: ignore[index]
    return found


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


def data_of(zipped: bytes) -> Any:
    return json.loads(opened(zipped).read("data.json"))


def how_many_parts(make: Make) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(ExportPart)) or 0


def test_it_is_made_in_the_background_and_fetched(make: Make, amina: Somebody) -> None:
    make.reflection(amina, "I held back.\n<b>Why?</b>")
    asked = ask(amina)
    assert (asked["state"], asked["progress"], asked["ends_at"]) == ("making", 0, None)
    assert amina.get(f"{EXPORTS}/{asked['id']}/file").status_code == 404
    make_due(make.app.database, make.app.jobs)
    [ready] = amina.get(EXPORTS).json["items"]  # type: ignore[index]
    assert (ready["id"], ready["state"], ready["progress"]) == (asked["id"], "ready", 100)
    answer = amina.get(f"{EXPORTS}/{asked['id']}/file")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert len(answer.data) == ready["size"] == answer.content_length
    assert opened(answer.data).testzip() is None
    [reflection] = data_of(answer.data)["reflections"]
    known = amina.get(f"/api/reflections/{reflection['id']}").json
    responses = reflection.pop("responses")
    assert (responses, {key: reflection[key] for key in ("text", "areas", "version")}) == (
        [],
        {key: known[key] for key in ("text", "areas", "version")},  # type: ignore[index]
    )
    assert reflection.keys() == known.keys()  # type: ignore[union-attr]


def test_pages_link_only_to_what_is_there_and_escape_what_people_wrote(
    make: Make, amina: Somebody
) -> None:
    make.reflection(amina, "<script>alert(1)</script> & <b>")
    whole = opened(make.export(amina))
    names = set(whole.namelist())
    pages = {name: whole.read(name).decode() for name in names if name.endswith(".html")}
    for name, page in pages.items():
        assert "<script" not in page
        assert "default-src &#39;none&#39;" in page
        folder = "" if name == "index.html" else "../"
        assert f'href="{folder}style.css"' in page
    links = {part.partition('"')[0] for part in pages["index.html"].split('href="')[1:]}
    assert links <= names
    assert names - links <= {"index.html"}
    assert any("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in p for p in pages.values())


def test_what_was_suggested_and_said_names_the_cohort_until_one_has_left_it(
    make: Make, amina: Somebody
) -> None:
    rowan, alder = make.cohort(amina, name="Rowan"), make.cohort(amina, name="Alder & Co.")
    for cohort in (rowan, alder):
        make.proposal(amina, cohort)

    def names() -> list[str]:
        page = opened(make.export(amina)).read("pages/proposals.html").decode()
        return [name for name in ("Rowan", "Alder &amp; Co.") for _ in range(page.count(name))]

    each = 2  # once as suggested, once as said: who suggests something consents to it
    assert names() == ["Rowan"] * each + ["Alder &amp; Co."] * each
    assert amina.phone.delete(f"/api/cohorts/{rowan}/people/me").status_code == 204
    assert names() == ["Alder &amp; Co."] * each


def test_while_one_is_made_it_is_the_one(make: Make, amina: Somebody) -> None:
    assert ask(amina)["id"] == ask(amina)["id"]


def test_a_newer_one_replaces_what_could_be_had(make: Make, amina: Somebody) -> None:
    make.export(amina)
    first = amina.get(EXPORTS).json["items"][0]["id"]  # type: ignore[index]
    second = ask(amina)["id"]
    assert state(amina, first) == "gone"
    assert amina.get(f"{EXPORTS}/{first}/file").status_code == 404
    assert how_many_parts(make) == 0
    assert [one["id"] for one in amina.get(EXPORTS).json["items"]] == [second]  # type: ignore[index]


def test_a_few_a_day(make: Make, amina: Somebody) -> None:
    now = clock.now()
    with clock.standing_at(now):
        for _ in range(MOST_A_DAY):
            make.export(amina)
        refused = amina.phone.post(EXPORTS)
    assert (refused.status_code, refused.json["reason"]) == (429, "enough_exports")  # type: ignore[index]
    assert int(refused.headers["Retry-After"]) == KEPT.total_seconds()
    with clock.standing_at(now + timedelta(days=1, seconds=1)):
        make.tidy()  # what is forgotten is what no limit counts
        ask(amina)


def test_nobody_else_learns_of_it(make: Make, amina: Somebody) -> None:
    olu = make.somebody("Olu")
    make.export(amina)
    id = amina.get(EXPORTS).json["items"][0]["id"]  # type: ignore[index]
    assert olu.get(EXPORTS).json["items"] == []  # type: ignore[index]
    assert olu.get(f"{EXPORTS}/{id}").status_code == 404
    assert olu.get(f"{EXPORTS}/{id}/file").status_code == 404
    assert olu.get("/api/notices").json["items"] == []  # type: ignore[index]


def test_when_its_day_is_over_it_cannot_be_had_and_then_it_is_gone(
    make: Make, amina: Somebody
) -> None:
    make.export(amina)
    [export] = amina.get(EXPORTS).json["items"]  # type: ignore[index]
    assert [one["kind"] for one in notices(amina)] == ["own_data"]
    with clock.standing_at(clock.now() + KEPT + timedelta(seconds=1)):
        assert state(amina, export["id"]) == "gone"
        assert amina.get(f"{EXPORTS}/{export['id']}/file").status_code == 404
        make.tidy()
    assert how_many_parts(make) == 0
    assert notices(amina) == []
    assert amina.get(EXPORTS).json["items"] == []  # type: ignore[index]


def notices(person: Somebody) -> Any:
    return person.get("/api/notices").json["items"]  # type: ignore[index]


def test_that_it_is_ready_leads_to_ones_data_and_says_nothing_of_it(
    make: Make, amina: Somebody
) -> None:
    make.export(amina)
    [notice] = notices(amina)
    assert (notice["path"], notice["by"], notice["what"]) == ("/me/data", None, None)


def test_killed_in_the_middle_it_is_begun_anew(
    make: Make, amina: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that never comes back: what it wrote goes, and another makes it whole."""
    make.reflection(amina, "Before.")
    id = ask(amina)["id"]
    monkeypatch.setattr(making, "PART", 100)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(making, "_finish", killed)
        with pytest.raises(Killed):
            make_due(make.app.database, make.app.jobs)
    assert how_many_parts(make) > 3
    make_due(make.app.database, make.app.jobs)
    assert state(amina, id) == "making"  # whoever has it may be at work still
    with clock.standing_at(clock.now() + MINUTES):
        make_due(make.app.database, make.app.jobs)
    assert state(amina, id) == "ready"
    whole = opened(amina.get(f"{EXPORTS}/{id}/file").data)
    assert whole.testzip() is None


def test_who_comes_back_too_late_writes_nothing(make: Make, amina: Somebody) -> None:
    """Two have claimed it one after the other: the first finds that it is not theirs any more."""
    id = UUID(ask(amina)["id"])
    database, jobs = make.app.database, make.app.jobs
    with make.session() as session:
        first = claim(session, "first")
    assert first
    late = making.Parts(database, id, "first", 1, jobs)
    with clock.standing_at(clock.now() + MINUTES):
        make_due(database, jobs)
        late.write(b"late")
        with pytest.raises(making.Abandoned):
            late.close()
        with pytest.raises(making.Abandoned):
            making._finish(database, jobs, first, "first", 4)
    assert data_of(amina.get(f"{EXPORTS}/{id}/file").data)["person_id"] == str(amina.id)


def test_what_always_fails_is_given_up(
    make: Make, amina: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = ask(amina)["id"]

    def fails(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(making, "write_zip", fails)
    now = clock.now()
    for turn in range(MOST_TRIES + 2):
        with clock.standing_at(now + turn * MINUTES):
            make_due(make.app.database, make.app.jobs)
    assert state(amina, id) == "gone"


def test_a_worker_that_ends_lets_another_make_it_at_once(
    app: App, make: Make, amina: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = ask(amina)["id"]
    ends = iter([False, True])
    with monkeypatch.context() as ending:
        ending.setattr(app.jobs, "is_over", lambda: next(ends, True))
        make_due(app.database, app.jobs)
    assert state(amina, id) == "making"
    make_due(app.database, app.jobs)
    assert state(amina, id) == "ready"


def test_whoever_goes_takes_it_along(make: Make, amina: Somebody) -> None:
    """By the tables themselves: nobody who erases a person can forget it."""
    make.export(amina)
    with make.session() as session:
        export = session.scalars(select(Export)).one()
        assert export.state is ExportState.READY
        session.delete(export)
    assert how_many_parts(make) == 0


def test_more_than_a_page_of_everything_is_there_once(
    make: Make, amina: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.own_data.contents.A_PAGE", 2)
    monkeypatch.setattr(making, "PART", 1000)
    written = {str(make.reflection(amina, f"Text {n}.")) for n in range(5)}
    for n in range(5):
        make.question(amina, f"Question {n}?")
    data = data_of(make.export(amina))
    found = [one["id"] for one in data["reflections"]]
    assert set(found) == written
    assert len(found) == 5
    assert len({one["id"] for one in data["rows"]["prompt"]}) == len(data["rows"]["prompt"]) == 5
