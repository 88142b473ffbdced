"""Questions, other wordings, reviews, and how a cohort chooses to decide."""

from typing import Any
from uuid import UUID

import pytest

from backend.contract import rules
from backend.core import ids
from tests.contract.conftest import Group
from tests.make import ANY, NEW, Somebody, at_version

REMARKS = "/api/remarks"
REVIEWS = "/api/contract-reviews"


def remarks(
    who: Somebody, proposal: str, headers: dict[str, str] = NEW, id: Any = None, **more: Any
) -> Any:
    body = {"proposal_id": proposal, "kind": "question", "text": "Always?", **more}
    return who.phone.put(f"{REMARKS}/{id or ids.new_id()}", json=body, headers=headers)


def asks(
    who: Somebody, cohort: UUID, headers: dict[str, str] = NEW, id: Any = None, **more: Any
) -> Any:
    body = {"cohort_id": str(cohort), "text": "Something about rest.", **more}
    return who.phone.put(f"{REVIEWS}/{id or ids.new_id()}", json=body, headers=headers)


def test_a_remark_needs_a_proposal_that_one_sees_and_words(group: Group) -> None:
    assert remarks(group.people[1], str(ids.new_id())).status_code == 404
    id = group.suggests()
    for more in ({"text": " "}, {"text": "x" * 2001}, {"kind": "praise"}):
        assert remarks(group.people[2], id, **more).status_code == 422
    assert group.sees(group.people[2], id)["remarks"] == []


def test_a_remark_is_read_by_all_and_heard_by_the_proposer(group: Group) -> None:
    id = group.suggests(by=1)
    made = remarks(group.people[2], id, kind="wording", text="We listen first.")
    assert (made.status_code, made.json["mine"]) == (201, True)
    seen = group.sees(group.people[3], id)["remarks"]
    assert [(one["by"]["name"], one["kind"], one["text"], one["mine"]) for one in seen] == [
        ("Bo", "wording", "We listen first.", False)
    ]
    assert group.heard(group.people[1]) == ["remarked"]
    assert group.heard(group.people[3]) == ["proposed"]
    remarks(group.people[1], id, text="Thank you.")
    assert group.heard(group.people[1]) == ["remarked"]  # not of one's own


def test_a_remark_is_its_authors(group: Group) -> None:
    id, remark, bo = group.suggests(by=1), ids.new_id(), group.people[2]
    other = group.suggests(by=1, text="We rest.")
    remarks(bo, id, id=remark)
    assert remarks(bo, id, id=remark).status_code == 200
    assert group.facts().count("remarked") == 1  # a replay
    changed = remarks(bo, id, at_version(1), remark, text="Never?")
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    stale = remarks(bo, id, at_version(1), remark, text="Sometimes?")
    assert (stale.status_code, stale.json["current"]["text"]) == (412, "Never?")
    assert remarks(bo, other, at_version(2), remark).status_code == 404  # it is carried nowhere
    for who in (group.people[0], group.people[1]):  # nor by the facilitator, nor the proposer
        assert remarks(who, id, at_version(2), remark, text="Mine.").status_code == 404
        assert who.delete(f"{REMARKS}/{remark}").status_code == 404
    for _ in range(2):
        assert bo.delete(f"{REMARKS}/{remark}").status_code == 204
    assert group.sees(bo, id)["remarks"] == []
    assert remarks(bo, id, id=remark).status_code == 410


def test_a_review_is_asked_for_by_any_member_and_ended_by_any_other(group: Group) -> None:
    group.make.join(group.outsider, group.cohort, group.people[0])
    id = ids.new_id()
    for _ in range(2):
        made = asks(group.outsider, group.cohort, id=id)
    assert made.status_code == 200
    (seen,) = group.contract()["reviews"]
    assert (seen["by"]["name"], seen["text"]) == ("Olu", "Something about rest.")
    assert group.facts() == ["review_opened"]
    assert group.heard(group.people[1]) == ["review_opened"]
    assert group.heard(group.outsider) == []
    for who in (group.people[2], group.outsider):
        assert who.delete(f"{REVIEWS}/{id}").status_code == 204
    assert group.contract()["reviews"] == []
    assert group.facts() == ["review_opened", "review_ended"]
    assert asks(group.outsider, group.cohort, id=id).status_code == 410


def test_what_a_review_asks_is_worded_by_its_asker_alone(group: Group) -> None:
    id, bo = ids.new_id(), group.people[2]
    asks(bo, group.cohort, id=id)
    assert asks(bo, group.cohort, at_version(1), id, text="Rest.").json["version"] == 2
    stale = asks(bo, group.cohort, at_version(1), id, text="Play.")
    assert (stale.status_code, stale.json["current"]["text"]) == (412, "Rest.")
    assert asks(group.people[0], group.cohort, at_version(2), id, text="No.").status_code == 404
    assert group.people[1].delete(f"{REVIEWS}/{ids.new_id()}").status_code == 404


def test_there_is_room_for_so_many_reviews(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_REVIEWS", 1)
    asks(group.people[1], group.cohort)
    full = asks(group.people[2], group.cohort)
    assert (full.status_code, full.json["reason"]) == (409, "too_many")


def test_eight_weeks_later_the_cohort_is_invited_to_look_again(group: Group, at: Any) -> None:
    """At eight by the cohort's clocks, and once however often the worker comes."""
    group.people[0].phone.patch(
        f"/api/cohorts/{group.cohort}", json={"time_zone": "America/New_York"}
    )
    group.adopts()
    assert group.contract()["review_on"] == "2027-01-17"
    people = group.people
    at(days=56, hours=3, minutes=29)  # 12:59 in London, 7:59 in New York
    group.make.decide()
    assert group.facts()[-1] == "proposal_adopted"
    at(days=56, hours=3, minutes=31)
    for _ in range(3):
        group.make.decide()
    assert group.facts().count("review_due") == 1
    group.people = [Somebody(one.id, one.name, one.email, group.make.phone_of(one.id))
                    for one in people]  # fmt: skip
    (review,) = group.contract()["reviews"]
    assert (review["by"], review["text"]) == (None, "")
    assert group.contract()["review_on"] == "2027-03-14"
    assert all(group.heard(one)[-1] == "review_due" for one in group.people)


def test_after_weeks_without_a_worker_there_is_one_invitation(group: Group, at: Any) -> None:
    group.people[1].phone.patch(
        f"/api/cohorts/{group.cohort}/contract", json={"review_on": "2026-11-23"}
    )
    at(days=28)
    group.make.decide()
    assert group.facts().count("review_due") == 1
    assert group.contract()["review_on"] == "2027-02-14"  # eight weeks from when it was looked at


def test_any_member_chooses_when_to_look_back_and_a_line_tells_all(group: Group) -> None:
    path = f"/api/cohorts/{group.cohort}/contract"
    chosen = {"review_on": "2026-12-24", "check_in_every_weeks": 0}
    for _ in range(2):
        told = group.people[3].phone.patch(path, json=chosen).json
        assert told
        assert {name: told[name] for name in chosen} == chosen
    items = group.people[1].get(f"/api/cohorts/{group.cohort}/activity").json["items"]  # type: ignore[index]
    lines = [one for one in items if one["kind"] == "contract_set"]
    assert [(one["by"]["name"], one["details"]) for one in lines] == [
        ("Cleo", {name: str(value) for name, value in chosen.items()})
    ]


def test_what_cannot_be_chosen_is_refused(group: Group) -> None:
    path = f"/api/cohorts/{group.cohort}/contract"
    for wrong in ({"answers_needed": 4}, {"answers_needed": None},  # by a proposal, of all
                  {"review_on": "soon"}, {"check_in_every_weeks": 13},
                  {"check_in_every_weeks": -1}, {"version": 7}):  # fmt: skip
        assert group.people[1].phone.patch(path, json=wrong).status_code == 422, wrong
    assert group.facts() == []


def test_an_empty_contract_is_no_secret(group: Group) -> None:
    told = group.contract(group.people[4])
    assert (told["version"], told["made_at"], told["commitments"]) == (0, None, [])
    assert (told["members"], told["needed"], told["check_in_every_weeks"]) == (5, 3, 2)
    path = f"/api/cohorts/{group.cohort}/contract"
    etag = group.people[1].get(path).headers["ETag"]
    assert group.people[2].get(path, headers={"If-None-Match": etag}).status_code == 304
    group.make.review(group.people[3], group.cohort)
    assert group.people[2].get(path, headers={"If-None-Match": etag}).status_code == 200
    assert group.people[2].delete(f"{REMARKS}/{ids.new_id()}", ANY).status_code == 404
