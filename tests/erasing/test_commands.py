"""What whoever runs an installation does for somebody who wrote on paper, and after a restore."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from backend.erasing import erased_list
from backend.people.models import Erasure, Person
from tests.make import Letterbox, Make
from tests.test_cli import Run, runs_on

At = Callable[..., datetime]


@pytest.fixture
def run(make: Make) -> Run:
    return runs_on(make.app)


def test_a_request_on_paper_is_as_if_they_had_asked(
    make: Make, run: Run, at: At, letterbox: Letterbox
) -> None:
    at()
    amina = make.somebody()
    done = run("person", "Amina@cohort.example", "--erase")
    assert done.exit_code == 0, done.output
    assert "on 06 December 2026" in done.output
    assert amina.get("/api/me").status_code == 401
    make.deliver()
    assert [one.subject for one in letterbox.letters] == ["You asked to be erased from Alongside"]


def test_at_once_nothing_is_left_but_a_receipt(
    make: Make, run: Run, at: At, letterbox: Letterbox
) -> None:
    at()
    amina = make.somebody()
    done = run("person", amina.email, "--erase", "--now")
    assert "Amina is erased" in done.output, done.output
    make.deliver()
    assert [one.subject for one in letterbox.letters] == ["You have been erased from Alongside"]
    with make.session() as session:
        assert session.get(Person, amina.id) is None
    assert erased_list.ids(make.app.settings.data) == [amina.id]


@pytest.mark.parametrize("args", [["nobody@cohort.example", "--erase"], ["amina@cohort.example"]])
def test_nothing_is_done_to_nobody_or_for_nothing(make: Make, run: Run, args: list[str]) -> None:
    amina = make.somebody()
    assert run("person", *args).exit_code == 1
    assert amina.get("/api/me").status_code == 200


def test_the_right_to_convene_is_listed_given_and_taken(make: Make, run: Run) -> None:
    make.somebody("Morag", may_convene=True)
    amina = make.somebody()
    assert run("facilitators", "list").output == "morag@cohort.example  Morag\n"
    assert run("facilitators", "give", amina.email).exit_code == 0
    assert amina.get("/api/me").json["may_convene"] is True  # type: ignore[index]
    assert run("facilitators", "take", "morag@cohort.example").exit_code == 0
    assert run("facilitators", "list").output == "amina@cohort.example  Amina\n"
    assert run("facilitators", "take", "nobody@cohort.example").exit_code == 1


def test_after_a_restore_the_erased_go_again_and_others_have_their_two_weeks_anew(
    make: Make, run: Run, at: At
) -> None:
    """Bo had asked when the copy was made, and changed his mind since."""
    at()
    amina, bo = make.somebody(), make.somebody("Bo")
    run("person", bo.email, "--erase")
    erased_list.add(make.app.settings.data, amina.id)
    now = at(days=40)
    done = run("end-sessions")
    assert "1 people who had been erased" in done.output
    make.erase_people()
    with make.session() as session:
        assert session.get(Person, amina.id) is None
        assert session.get_one(Erasure, bo.id).erases_at == now + timedelta(days=14)
