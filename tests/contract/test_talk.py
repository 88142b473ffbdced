"""Questions, other wordings, reviews, and how a cohort chooses to decide."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.contract import rules, showing
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


def test_with_the_decision_remarks_stay_as_they_are(group: Group) -> None:
    """Neither rewritten nor taken back, as no position is: they are why it was decided so."""
    id, remark, bo = group.suggests(), ids.new_id(), group.people[2]
    made = remarks(bo, id, id=remark, text="Only if the rota allows.")
    group.everybody_consents(id)
    assert group.closes(group.people[1], id, group.sees(bo, id)["version"]).status_code == 200
    changed = remarks(bo, id, at_version(made.json["version"]), remark, text="The boss decides.")
    taken = bo.delete(f"{REMARKS}/{remark}")
    for answer in (changed, taken):
        assert (answer.status_code, answer.json["reason"]) == (409, "closed")
        assert "decided" in answer.json["message"]
    (seen,) = group.sees(group.people[3], id)["remarks"]
    assert (seen["text"], seen["version"]) == ("Only if the rota allows.", 1)


def test_nor_after_its_time_though_nobody_has_counted_yet(group: Group, at: Any) -> None:
    id, remark, bo = group.suggests(), ids.new_id(), group.people[2]
    remarks(bo, id, id=remark)
    at(days=8)
    assert remarks(bo, id, at_version(1), remark, text="Never.").status_code == 409
    assert bo.delete(f"{REMARKS}/{remark}").status_code == 409


def test_on_what_was_withdrawn_a_remark_can_be_taken_back(group: Group) -> None:
    id, remark, bo = group.suggests(by=1), ids.new_id(), group.people[2]
    remarks(bo, id, id=remark)
    group.withdraws(group.people[1], id)
    assert bo.delete(f"{REMARKS}/{remark}").status_code == 204


def test_who_left_finds_their_remark_no_more(group: Group) -> None:
    id, remark, bo = group.suggests(by=1), ids.new_id(), group.people[2]
    remarks(bo, id, id=remark)
    group.leaves(bo)
    assert bo.delete(f"{REMARKS}/{remark}").status_code == 404


def test_many_remarks_come_by_the_page(
    group: Group, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the proposal, alone or in the list of them, come the newest twenty, and a place."""
    monkeypatch.setattr(rules, "MOST_REMARKS_EACH", 1_000)
    id, other = group.suggests(), group.suggests(text="We rest.")
    for number in range(45):
        at(seconds=number)
        group.make.remark(group.people[number % 5], UUID(id), f"{number}")
    remarks(group.people[2], other, text="Of another.")
    seen = group.sees(group.people[3], id)
    assert [one["text"] for one in seen["remarks"]] == [str(n) for n in range(25, 45)]
    listed = group.people[3].get(f"/api/cohorts/{group.cohort}/proposals").json
    assert {one["id"]: one["remarks"] for one in listed["items"]}[id] == seen["remarks"]  # type: ignore[index]
    found, after = [], seen["earlier_remarks"]
    while after:
        page = group.people[3].get(f"/api/proposals/{id}/remarks?limit=10&after={after}").json
        assert page
        found += [one["text"] for one in page["items"]]
        after = page["next"]
    assert found == [str(n) for n in range(24, -1, -1)]
    first = group.people[3].get(f"/api/proposals/{id}/remarks?limit=2").json
    assert [one["text"] for one in first["items"]] == ["44", "43"]  # type: ignore[index]
    assert group.sees(group.people[3], other)["earlier_remarks"] is None
    assert group.outsider.get(f"/api/proposals/{id}/remarks").status_code == 404
    assert group.people[3].get(f"/api/proposals/{id}/remarks?after=x").status_code == 400


def test_four_hundred_remarks_are_no_more_to_load_than_twenty(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_REMARKS_EACH", 1_000)
    id, sizes = group.suggests(), []
    for _ in range(2):
        for _ in range(30):
            group.make.remark(group.people[2], UUID(id), "x" * 500)
        sizes.append(len(group.people[3].get(f"/api/cohorts/{group.cohort}/proposals").data))
    assert sizes[0] == sizes[1]


def test_one_member_says_so_much_about_one_proposal(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_REMARKS_EACH", 2)
    id, bo = group.suggests(), group.people[2]
    first = ids.new_id()
    assert [remarks(bo, id, id=one).status_code for one in (first, ids.new_id())] == [201, 201]
    bo.delete(f"{REMARKS}/{first}")  # taking back makes no room: the proposer has heard of it
    full = remarks(bo, id)
    assert (full.status_code, full.json["reason"]) == (409, "too_many")
    assert remarks(group.people[3], id).status_code == 201


def ends(who: Somebody, id: UUID) -> Any:
    return who.delete(f"{REVIEWS}/{id}")


def opens_again(who: Somebody, id: UUID) -> Any:
    return who.phone.post(f"{REVIEWS}/{id}/reopening")


def test_a_review_is_asked_for_by_any_member_and_ended_for_good_by_them(group: Group) -> None:
    group.make.join(group.outsider, group.cohort, group.people[0])
    id = ids.new_id()
    for _ in range(2):
        made = asks(group.outsider, group.cohort, id=id)
    assert made.status_code == 200
    (seen,) = group.contract()["reviews"]
    assert (seen["by"]["name"], seen["text"], seen["ended_at"]) == (
        "Olu",
        "Something about rest.",
        None,
    )
    assert group.facts() == ["review_opened"]
    assert group.heard(group.people[1]) == ["review_opened"]
    assert group.heard(group.outsider) == []
    for _ in range(2):
        assert ends(group.outsider, id).status_code == 204
    assert group.contract()["reviews"] == []
    assert group.facts() == ["review_opened", "review_ended"]
    assert group.heard(group.people[1]) == ["review_opened"]  # a line in the activity is enough
    assert asks(group.outsider, group.cohort, id=id).status_code == 410
    assert opens_again(group.outsider, id).status_code == 410


def test_ended_by_another_its_asker_hears_of_it_and_opens_it_again(group: Group) -> None:
    id, amina, bo = ids.new_id(), group.people[1], group.people[2]
    asks(bo, group.cohort, id=id)
    for _ in range(2):
        assert ends(amina, id).status_code == 204
    (seen,) = group.contract()["reviews"]  # all see who ended it, and what it was
    assert (seen["ended_by"]["name"], seen["text"]) == ("Amina", "Something about rest.")
    assert group.facts() == ["review_opened", "review_ended"]
    assert group.heard(bo) == ["review_ended"]
    assert "review_ended" not in group.heard(group.people[3]) + group.heard(amina)
    for who in (amina, group.people[0]):  # nobody else opens it for them
        refused = opens_again(who, id)
        assert (refused.status_code, refused.json["reason"]) == (403, "not_yours")
    reworded = asks(bo, group.cohort, at_version(seen["version"]), id, text="Rest, please.")
    assert (reworded.status_code, reworded.json["reason"]) == (409, "ended")
    for _ in range(2):
        opened = opens_again(bo, id)
        assert (opened.status_code, opened.json["ended_at"]) == (200, None)
    assert group.facts() == ["review_opened", "review_ended", "review_reopened"]
    again = ends(amina, id)  # from now on Bo alone ends it
    assert (again.status_code, again.json["reason"]) == (409, "opened_again")
    assert ends(bo, id).status_code == 204
    assert group.contract()["reviews"] == []
    assert opens_again(group.outsider, id).status_code == 404


def test_opened_again_by_who_then_left_it_is_ended_by_the_others(group: Group) -> None:
    id, amina, bo = ids.new_id(), group.people[1], group.people[2]
    asks(bo, group.cohort, id=id)
    ends(amina, id)
    opens_again(bo, id)
    group.leaves(bo)
    assert ends(amina, id).status_code == 204
    assert opens_again(bo, id).status_code == 404


def test_after_two_weeks_it_is_asked_anew(group: Group, at: Any) -> None:
    id, bo = ids.new_id(), group.people[2]
    asks(bo, group.cohort, id=id)
    ends(group.people[1], id)
    at(days=14)
    assert group.contract()["reviews"] == []
    late = opens_again(bo, id)
    assert (late.status_code, late.json["reason"]) == (409, "too_late")


def test_what_another_ended_keeps_its_words_until_it_cannot_be_opened_again(
    group: Group, at: Any
) -> None:
    id, bo = ids.new_id(), group.people[2]
    asks(bo, group.cohort, id=id)
    ends(group.people[1], id)
    held = {"held": [{"kind": "review", "cohort_id": None, "ids": [str(id)]}]}
    for moment, gone in (({"days": 13}, []), ({"days": 14}, held["held"])):
        at(**moment)
        group.make.tidy()
        assert group.people[3].phone.post("/api/sync", json=held).json["gone"] == gone
    for late in (opens_again(bo, id), asks(bo, group.cohort, id=id)):
        assert (late.status_code, late.json["reason"]) == (410, "deleted")
    assert ends(bo, id).status_code == 204


def test_one_member_does_not_fill_all_places(group: Group) -> None:
    bo = group.people[2]
    made = [ids.new_id() for _ in range(3)]
    assert [asks(bo, group.cohort, id=id).status_code for id in made] == [201] * 3
    full = asks(bo, group.cohort)
    assert (full.status_code, full.json["reason"]) == (409, "too_many")
    assert asks(group.people[3], group.cohort).status_code == 201
    ends(group.people[1], made[0])  # nor by having others end them, and opening all again
    assert asks(bo, group.cohort).status_code == 201
    assert opens_again(bo, made[0]).json["reason"] == "too_many"


def test_what_a_review_asks_is_worded_by_its_asker_alone(group: Group) -> None:
    id, bo = ids.new_id(), group.people[2]
    asks(bo, group.cohort, id=id)
    assert asks(bo, group.cohort, at_version(1), id, text="Rest.").json["version"] == 2
    stale = asks(bo, group.cohort, at_version(1), id, text="Play.")
    assert (stale.status_code, stale.json["current"]["text"]) == (412, "Rest.")
    assert asks(group.people[0], group.cohort, at_version(2), id, text="No.").status_code == 404
    assert group.people[1].delete(f"{REVIEWS}/{ids.new_id()}").status_code == 404


def test_there_is_room_for_so_many_reviews(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """But seven who ask for three each do not keep out who has not asked for anything."""
    monkeypatch.setattr(rules, "MOST_REVIEWS", 1)
    asks(group.people[1], group.cohort)
    full = asks(group.people[1], group.cohort)
    assert (full.status_code, full.json["reason"]) == (409, "too_many")
    assert asks(group.people[2], group.cohort).status_code == 201
    assert len(group.contract()["reviews"]) == 2


def test_of_all_that_is_open_none_is_out_of_sight(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each member may have one open: what does not come with the contract continues behind it."""
    monkeypatch.setattr(showing, "LONGEST_PAGE", 2)
    made = [asks(one, group.cohort).json["id"] for one in group.people]
    contract = group.contract()
    path = f"/api/cohorts/{group.cohort}/contract/reviews"
    shown, after = contract["reviews"], contract["earlier_reviews"]
    assert len(shown) == 2
    while after:
        page = group.people[0].get(f"{path}?limit=2&after={after}").json
        assert page
        shown, after = shown + page["items"], page["next"]
    assert sorted(one["id"] for one in shown) == sorted(made)


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
    group.people = [
        Somebody(one.id, one.name, one.email, group.make.phone_of(one.id)) for one in people
    ]
    (review,) = group.contract()["reviews"]
    assert (review["by"], review["text"]) == (None, "")
    assert group.contract()["review_on"] == "2027-03-14"
    assert all(group.heard(one)[-1] == "review_due" for one in group.people)


def chooses(group: Group, **frame: Any) -> Any:
    return group.people[1].phone.patch(f"/api/cohorts/{group.cohort}/contract", json=frame)


def test_after_weeks_without_a_worker_there_is_one_invitation(group: Group, at: Any) -> None:
    chooses(group, review_on="2026-11-23")
    at(days=28)
    group.make.decide()
    assert group.facts().count("review_due") == 1
    assert group.contract()["review_on"] == "2027-02-14"  # eight weeks from when it was looked at


def test_a_review_day_is_one_to_come(group: Group, at: Any) -> None:
    """By the cohort's clocks: in London it is the 22nd of November."""
    at()
    for day in ("2020-01-01", "2026-11-21", "2026-11-22", "2027-11-24", "2190-01-01"):
        refused = chooses(group, review_on=day)
        assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["review_on"])
    group.make.decide()
    assert group.facts() == []
    for day in ("2026-11-23", "2027-11-23", None):
        assert chooses(group, review_on=day).status_code == 200
    at(hours=15)  # in Auckland the 23rd has begun
    group.people[0].phone.patch(
        f"/api/cohorts/{group.cohort}", json={"time_zone": "Pacific/Auckland"}
    )
    assert chooses(group, review_on="2026-11-23").status_code == 422


def test_changing_the_day_again_and_again_invites_nobody_again(group: Group, at: Any) -> None:
    reviewed = 0
    for day in range(10):
        now = at(days=day)
        group.make.decide()
        chooses(group, review_on=(now + timedelta(days=1)).date().isoformat())
        reviewed = max(reviewed, len(group.contract()["reviews"]))
    assert (group.facts().count("review_due"), reviewed) == (1, 1)


def test_ending_the_review_each_day_brings_no_other_within_a_week(group: Group, at: Any) -> None:
    for day in range(14):
        now = at(days=day)
        group.make.decide()
        chooses(group, review_on=(now + timedelta(days=1)).date().isoformat())
        for one in group.contract()["reviews"]:
            ends(group.people[1], one["id"])
    assert group.facts().count("review_due") == 2


def test_one_by_date_that_somebody_ended_is_opened_again_by_any_member(
    group: Group, at: Any
) -> None:
    chooses(group, review_on="2026-11-23")
    at(days=1)
    group.make.decide()
    (review,) = group.contract()["reviews"]
    ends(group.people[1], review["id"])
    assert opens_again(group.people[3], review["id"]).status_code == 200
    (seen,) = group.contract()["reviews"]
    assert (seen["ended_at"], seen["by"]) == (None, None)
    assert ends(group.people[1], review["id"]).status_code == 204


def test_of_two_by_date_one_is_open(group: Group, at: Any) -> None:
    """One that was ended is not opened again beside the next."""
    chooses(group, review_on="2026-11-23")
    at(days=1)
    group.make.decide()
    chooses(group, review_on="2026-11-30")
    (first,) = group.contract()["reviews"]
    ends(group.people[1], first["id"])
    at(days=8)
    group.make.decide()
    second, _ = group.contract()["reviews"]
    refused = opens_again(group.people[3], first["id"])
    assert (refused.status_code, refused.json["reason"]) == (409, "another_is_open")
    ends(group.people[1], second["id"])
    assert opens_again(group.people[3], first["id"]).status_code == 200
    assert opens_again(group.people[4], second["id"]).json["reason"] == "another_is_open"
    assert opens_again(group.people[4], first["id"]).status_code == 200  # it is open already


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
    assert group.heard(group.people[1]) == ["contract_set"]  # a day put off is not put off unseen


def test_what_cannot_be_chosen_is_refused(group: Group) -> None:
    path = f"/api/cohorts/{group.cohort}/contract"
    for wrong in (
        {"answers_needed": 4},
        {"answers_needed": None},  # by a proposal, of all
        {"review_on": "soon"},
        {"check_in_every_weeks": 13},
        {"check_in_every_weeks": -1},
        {"version": 7},
    ):
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
