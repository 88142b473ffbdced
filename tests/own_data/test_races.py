"""Asked for many times at once, there is one export; and one worker makes it."""

from functools import partial

from sqlalchemy import func, select

from backend.own_data.making import claim
from backend.own_data.models import Export
from tests.make import Make
from tests.own_data.by_hand import a_line, an_export
from tests.together import together

AT_ONCE = 8


def test_asked_for_at_once_there_is_one(make: Make) -> None:
    amina = make.somebody()
    phones = [make.phone_of(amina.id) for _ in range(AT_ONCE)]
    answers = together([lambda phone=phone: phone.post("/api/me/exports") for phone in phones])
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Export)) == 1


def test_claimed_at_once_one_has_it(make: Make) -> None:
    make.somebody().phone.post("/api/me/exports")

    def claimed(holder: str) -> bool:
        with make.session() as session:
            return claim(session, holder) is not None

    found = together([lambda n=n: claimed(str(n)) for n in range(AT_ONCE)])
    assert sorted(found) == [False] * (AT_ONCE - 1) + [True]


def test_at_once_each_gets_all_of_it_and_nobody_gets_it_twice(make: Make) -> None:
    """Two people with the same file, whose ids only one of them can have; each on two phones."""
    people = [make.somebody(), make.somebody("Bo")]
    zipped = an_export(*(a_line(text=f"Number {number}.") for number in range(30)))
    attempts = [
        partial(phone.post, "/api/me/imports", data=zipped, content_type="application/zip")
        for one in people
        for phone in (make.phone_of(one.id), make.phone_of(one.id))
    ]
    answers = together(attempts)
    assert [answer.status_code for answer in answers] == [200] * 4
    for one in people:
        assert sorted(one.texts("/api/reflections?limit=100")) == sorted(
            f"Number {number}." for number in range(30)
        )
    came = [answer.json["came"] + answer.json["there"] for answer in answers]  # type: ignore[index]
    assert came == [30] * 4
