"""Two of them at the same moment: one defined outcome, one version, and no answer lost."""

import os
from functools import partial
from typing import Any

from backend.contract import deciding
from backend.core import ids
from tests.contract.conftest import PROPOSALS, Group
from tests.contract.test_talk import REVIEWS
from tests.make import NEW, at_version
from tests.together import together

TIMES = int(os.environ.get("ALONGSIDE_TEST_RACES", "3"))


def test_of_many_workers_one_closes_it(group: Group, at: Any) -> None:
    for text in ("We listen.", "We rest.", "We play."):
        group.everybody_consents(group.suggests(1, text))
    at(days=8)

    def work() -> None:
        with group.make.session() as session:
            deciding.do_due(session)

    together([work] * 6)
    group.make.decide()
    assert [one["number"] for one in group.versions()] == [1, 2, 3]
    assert sorted(group.texts()) == ["We listen.", "We play.", "We rest."]
    assert group.facts().count("proposal_adopted") == 3


def test_of_many_workers_one_invites_to_the_review(group: Group, at: Any) -> None:
    group.people[0].phone.patch(
        f"/api/cohorts/{group.cohort}/contract", json={"review_on": "2026-11-23"}
    )
    at(days=2)

    def work() -> None:
        with group.make.session() as session:
            deciding.do_due(session)

    together([work] * 6)
    assert group.facts().count("review_due") == 1
    assert len(group.contract()["reviews"]) == 1


def test_deciding_now_from_two_phones_decides_once(group: Group) -> None:
    for number in range(TIMES):
        id = group.suggests(1, f"We listen {number}.")
        group.everybody_consents(id)
        closings = together([partial(group.closes, who, id, 1) for who in group.people[:3]])
        assert [one.status_code for one in closings] == [200] * 3
        assert {one.json["adopted_as"] for one in closings} == {number + 1}  # type: ignore[index]
    assert len(group.versions()) == TIMES
    assert group.facts().count("proposal_adopted") == TIMES


def test_deciding_two_things_now_makes_two_versions(group: Group) -> None:
    for number in range(TIMES):
        two = [group.suggests(by, f"We rest {number}, {by}.") for by in (1, 2)]
        for id in two:
            group.everybody_consents(id)
        closings = together([partial(group.closes, group.people[3], id, 1) for id in two])
        assert [one.status_code for one in closings] == [200, 200]
    assert [len(one["commitments"]) for one in group.versions()] == list(range(1, 2 * TIMES + 1))


def test_an_objection_while_it_is_decided_now(group: Group) -> None:
    """Either it was first and nothing is decided, or it is told that this is decided."""
    for number in range(TIMES):
        id = group.suggests(1, f"We listen {number}.")
        group.everybody_consents(id)
        objection = partial(group.stands, group.people[4], id, "object", text="Wait.")
        closing, objected = together([partial(group.closes, group.people[1], id, 1), objection])
        if objected.status_code == 200:
            assert (closing.status_code, closing.json["reason"]) == (409, "not_everyone")  # type: ignore[index]
            group.withdraws(group.people[1], id)
        else:
            assert (objected.status_code, objected.json["reason"]) == (409, "closed")  # type: ignore[index]
            assert closing.status_code == 200
            assert group.sees(group.people[4], id)["my_position"]["position"] == "consent"


def test_a_new_wording_while_it_is_decided_now(group: Group) -> None:
    """What is adopted is what everyone consented to."""
    for number in range(TIMES):
        id = group.suggests(1, f"We listen {number}.")
        group.everybody_consents(id)
        reword = partial(group.proposes, group.people[1], "Other.", at_version(1), id=id)
        closing, reworded = together([partial(group.closes, group.people[2], id, 1), reword])
        assert (closing.status_code, reworded.status_code) in ((200, 412), (412, 200))
        if reworded.status_code == 200:
            group.withdraws(group.people[1], id)
    assert "Other." not in group.texts()


def test_consent_while_it_is_worded_anew(group: Group) -> None:
    """No consent to other words than were read counts."""
    for number in range(TIMES):
        id = group.suggests(1, f"We listen {number}.")
        reword = partial(group.proposes, group.people[1], "Other.", at_version(1), id=id)
        consent = partial(group.stands, group.people[2], id, "consent")
        reworded, consented = together([reword, consent])
        assert reworded.status_code == 200
        assert consented.status_code in (200, 409)
        seen = group.sees(group.people[1], id)
        assert seen["answered"] == 1
        assert [one["is_current"] for one in seen["positions"] if one["position"]].count(True) == 1


def test_two_phones_of_one_person_make_one_answer(group: Group) -> None:
    bo = group.people[2]
    phones = [group.make.phone_of(bo.id) for _ in range(4)]
    id = group.suggests(by=1)
    bodies = [
        {"position": position, "text": "So.", "text_version": 1}
        for position in ("consent", "concern", "object", "aside")
    ]
    answers = together(
        partial(phone.put, f"{PROPOSALS}/{id}/position", json=body)
        for phone, body in zip(phones, bodies, strict=True)
    )
    assert [one.status_code for one in answers] == [200] * 4
    seen = group.sees(bo, id)
    assert (seen["answered"], seen["unnamed"] + len(seen["positions"])) == (2, 2)


def test_one_proposal_sent_from_two_phones_at_once_is_one(group: Group) -> None:
    amina = group.people[1]
    phones = [group.make.phone_of(amina.id) for _ in range(3)]
    body = {"cohort_id": str(group.cohort), "kind": "add", "text": "We listen.", "why": ""}
    for _ in range(TIMES):
        id = ids.new_id()
        answers = together(
            partial(phone.put, f"{PROPOSALS}/{id}", json=body, headers=NEW) for phone in phones
        )
        assert sorted(one.status_code for one in answers) == [200, 200, 201]
        assert group.sees(amina, str(id))["answered"] == 1
    assert group.facts().count("proposed") == TIMES


def test_one_review_sent_from_two_phones_at_once_is_one(group: Group) -> None:
    """Also the third, of which a fourth would be refused."""
    phones = [group.make.phone_of(group.people[1].id) for _ in range(3)]
    body = {"cohort_id": str(group.cohort), "text": "Rest."}
    for _ in range(3):
        id = ids.new_id()
        answers = together(
            partial(phone.put, f"/api/contract-reviews/{id}", json=body, headers=NEW)
            for phone in phones
        )
        assert sorted(one.status_code for one in answers) == [200, 200, 201]


def test_suggesting_while_a_due_one_is_decided(group: Group, at: Any) -> None:
    """No lock is waited for in a circle: both are done."""
    for number in range(TIMES):
        at(days=9 * number)
        id = group.suggests(1, f"We listen {number}.")
        for person in group.people:
            group.stands(person, id, "consent")
        at(days=9 * number + 8)

        def work() -> None:
            with group.make.session() as session:
                deciding.do_due(session)

        suggested = partial(group.proposes, group.people[2], f"We rest {number}.")
        _, answer, _ = together([work, suggested, work])
        assert answer.status_code == 201
        assert answer.json["base_version"] == number + 1
        group.withdraws(group.people[2], answer.json["id"])


def test_of_many_suggestions_of_one_person_three_are_open(group: Group) -> None:
    """However many phones send at once; and each other member has room of their own."""
    phones = [group.make.phone_of(group.people[1].id) for _ in range(8)]
    body = {"cohort_id": str(group.cohort), "kind": "add", "text": "We play.", "why": ""}
    answers = together(
        partial(phone.put, f"{PROPOSALS}/{ids.new_id()}", json=body, headers=NEW)
        for phone in phones
    )
    assert sorted(one.status_code for one in answers) == [201] * 3 + [409] * 5
    assert group.proposes(group.people[2]).status_code == 201


def test_a_new_wording_while_it_is_objected_to_wipes_nothing(group: Group, at: Any) -> None:
    """Either the objection was first and stands, or it is told that the words have changed."""
    for number in range(TIMES):
        at(minutes=number)
        id = group.suggests(1, f"We listen {number}.")
        reword = partial(group.proposes, group.people[1], "Other.", at_version(1), id=id)
        objection = partial(group.stands, group.people[4], id, "object", text="Wait.")
        reworded, objected = together([reword, objection])
        assert reworded.status_code == 200
        stands = [
            one
            for one in group.sees(group.people[1], id)["positions"]
            if one["position"] == "object"
        ]
        assert (objected.status_code, len(stands)) in ((200, 1), (409, 0))
        group.withdraws(group.people[1], id)


def by_date(group: Group, at: Any) -> list[str]:
    """Two reviews that came by date, a week apart, and were ended."""
    made = []
    for day in (1, 8):
        at(days=day - 1)
        chosen = (at(days=day)).date().isoformat()
        at(days=day - 1)
        group.people[0].phone.patch(
            f"/api/cohorts/{group.cohort}/contract", json={"review_on": chosen}
        )
        at(days=day)
        group.make.decide()
        made.append(group.contract()["reviews"][0]["id"])
        group.people[1].phone.delete(f"{REVIEWS}/{made[-1]}")
    return made


def test_of_two_reviews_by_date_that_are_opened_again_at_once_one_is(group: Group, at: Any) -> None:
    made = by_date(group, at)
    for _ in range(TIMES):
        opened = together(
            partial(who.phone.post, f"{REVIEWS}/{id}/reopening")
            for who, id in zip(group.people[2:4], made, strict=True)
        )
        assert sorted(one.status_code for one in opened) == [200, 409]
        for id in made:
            group.people[1].phone.delete(f"{REVIEWS}/{id}")


def test_a_review_is_opened_again_while_it_is_worded_anew(group: Group) -> None:
    """No lock is waited for in a circle."""
    bo = group.people[2]
    phones = [group.make.phone_of(bo.id) for _ in range(2)]
    for number in range(TIMES * 3):
        id = group.make.review(bo, group.cohort)
        group.people[1].phone.delete(f"{REVIEWS}/{id}")
        body = {"cohort_id": str(group.cohort), "text": f"Rest {number}."}
        reword = partial(phones[0].put, f"{REVIEWS}/{id}", json=body, headers=at_version(2))
        reopen = partial(phones[1].post, f"{REVIEWS}/{id}/reopening")
        reworded, opened = together([reword, reopen])
        assert opened.status_code == 200
        assert reworded.status_code in (409, 412)
        bo.phone.delete(f"{REVIEWS}/{id}")
