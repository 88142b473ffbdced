"""Deciding: at its own time however late, at a gathering with everyone, and one after the other."""

from datetime import timedelta
from typing import Any

import pytest

from backend.contract import counting
from tests.contract.conftest import PROPOSALS, Group
from tests.make import NEW, at_version

WEEK = {"days": 7, "hours": 1}


def after(at: Any, **ahead: float) -> str:
    """A time to close at, told from the morning of the test; the clock stays where it is."""
    now: Any = at()
    return str((now + timedelta(**ahead)).isoformat())


def test_a_position_after_its_time_is_refused_though_no_worker_came(group: Group, at: Any) -> None:
    id = group.suggests(by=1)
    at(**WEEK)
    for position in ("consent", "object"):
        late = group.stands(group.people[2], id, position, text="So.")
        assert (late.status_code, late.json["reason"]) == (409, "closed")  # type: ignore[index]
    assert group.closes(group.people[1], id, 1).status_code == 409
    assert group.withdraws(group.people[1], id).status_code == 409
    assert group.proposes(group.people[1], "Other.", at_version(1), id=id).status_code == 409
    assert (
        group.people[2]
        .phone.put(
            f"/api/remarks/{id}",
            json={"proposal_id": id, "kind": "question", "text": "Why?"},
            headers=NEW,
        )
        .status_code
        == 409
    )
    assert group.sees(group.people[1], id)["answered"] == 1


def test_a_moment_before_its_time_it_is_open(group: Group, at: Any) -> None:
    id = group.suggests(by=1)
    at(days=7, minutes=59, seconds=59)
    assert group.stands(group.people[2], id, "consent").status_code == 200
    assert group.make.decide() == 0


def test_closed_late_it_is_decided_as_at_its_time(group: Group, at: Any) -> None:
    """The worker was down for three weeks; who came and who left since does not count."""
    id = group.suggests(by=1)
    for person in group.people[2:4]:
        group.stands(person, id, "consent")
    at(days=8)
    group.leaves(group.people[2])  # had answered, and belonged
    for name in ("Eli", "Fay", "Gus", "Hal", "Ida", "Jo"):
        group.make.join(group.make.somebody(name), group.cohort, group.people[0])
    at(days=28)
    group.make.decide()
    seen = group.sees(group.people[1], id)
    assert (seen["state"], seen["answered"], seen["needed"], seen["members"]) == (
        "adopted",
        3,
        3,
        5,
    )
    assert seen["closed_at"] == seen["closes_at"] == after(at, **WEEK)
    assert group.contract()["made_at"] == after(at, **WEEK)
    assert group.contract()["review_on"] == "2027-01-24"  # eight weeks from its time


def test_who_left_and_came_back_after_its_time_belonged_at_it(group: Group, at: Any) -> None:
    """The membership begins anew, and does not say so any more."""
    id = group.suggests(by=1)
    for person in group.people[2:4]:
        group.stands(person, id, "consent")
    at(days=8)
    group.leaves(group.people[2])
    at(days=9)
    group.make.join(group.people[2], group.cohort, group.people[0])
    group.make.decide()
    seen = group.sees(group.people[1], id)
    assert (seen["state"], seen["answered"], seen["members"]) == ("adopted", 3, 5)


def test_counting_who_belongs_now_would_be_seen(
    group: Group, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control of the one above."""
    right = counting.counting_basis
    monkeypatch.setattr(counting, "counting_basis", lambda session, rows, _at: right(session, rows))
    with pytest.raises(AssertionError):
        test_closed_late_it_is_decided_as_at_its_time(group, at)


def test_where_somebody_stood_who_left_before_its_time_does_not_count(
    group: Group, at: Any
) -> None:
    """But what they object to: see tests/contract/test_against_some.py."""
    id = group.suggests(by=1)
    for person in group.people[2:]:
        group.stands(person, id, "consent")
    at(days=1)
    group.leaves(group.people[4])
    assert (group.sees(group.people[1], id)["answered"], group.contract()["members"]) == (3, 4)
    at(**WEEK)
    group.make.decide()
    seen = group.sees(group.people[1], id)
    assert (seen["state"], seen["answered"], seen["members"]) == ("adopted", 3, 4)


def test_who_joins_while_it_is_open_has_a_say(group: Group, at: Any) -> None:
    id = group.suggests(by=1)
    group.stands(group.people[2], id, "consent")
    at(days=3)
    group.make.join(group.outsider, group.cohort, group.people[0])
    assert group.stands(group.outsider, id, "object", text="Not so.").status_code == 200
    at(**WEEK)
    group.make.decide()
    assert group.sees(group.outsider, id)["state"] == "returned"


def test_deciding_now_takes_everyone(group: Group) -> None:
    id = group.suggests(by=1)
    for person in group.people[2:]:
        group.stands(person, id, "consent")
    for who in group.people[:2]:  # the facilitator cannot either
        refused = group.closes(who, id, 1)
        assert (refused.status_code, refused.json["reason"]) == (409, "not_everyone")  # type: ignore[index]
        told = refused.json  # type: ignore[var-annotated]
        silent, stays_open = told["also"]
        assert silent == {
            "reason": "not_everyone",
            "message": "Still to answer: 1 of 5 people.",
            "values": {"about": "silent", "count": 1, "members": 5},
        }
        assert told["message"].endswith(f". {silent['message']} {stays_open['message']}")
    for position, said in (("object", "An objection stands"), ("concern", "A concern asks")):
        group.stands(group.people[0], id, position, text="Wait.")
        refused = group.closes(group.people[1], id, 1)
        assert refused.json["reason"] == "not_everyone"  # type: ignore[index]
        assert said in refused.json["message"]  # type: ignore[index]
        assert "not answered" not in refused.json["message"]  # type: ignore[index]
    assert group.texts() == []
    group.stands(group.people[0], id, "aside")
    decided = group.closes(group.people[3], id, 1).json  # any member may
    assert decided
    assert (decided["state"], decided["at_gathering"], decided["adopted_as"]) == (
        "adopted",
        True,
        1,
    )
    replay = group.closes(group.people[4], id, 1)
    assert (replay.status_code, replay.json["adopted_as"]) == (200, 1)  # type: ignore[index]
    assert group.facts().count("proposal_adopted") == 1


def test_deciding_now_on_other_words_than_were_read_is_refused(group: Group) -> None:
    id = group.suggests(by=1)
    group.everybody_consents(id)
    group.proposes(group.people[1], "We listen.", at_version(1), id=id, why="A new reason.")
    stale = group.closes(group.people[2], id, 1)
    assert (stale.status_code, stale.json["current"]["why"]) == (412, "A new reason.")  # type: ignore[index]
    for headers in ({}, NEW):
        wrong = group.people[2].phone.post(f"{PROPOSALS}/{id}/closing", headers=headers)
        assert wrong.status_code == 428
    assert group.texts() == []


def test_who_left_is_not_waited_for(group: Group) -> None:
    id = group.suggests(by=1)
    group.leaves(group.people[4])
    for person in [group.people[0], *group.people[2:4]]:
        group.stands(person, id, "consent")
    assert group.closes(group.people[1], id, 1).status_code == 200


def test_what_else_was_suggested_for_it_is_overtaken(group: Group, at: Any) -> None:
    commitment = group.adopts()["commitment_id"]
    change = {"kind": "reword", "commitment_id": commitment}
    first = group.suggests(1, "We listen first.", **change)
    second = group.suggests(2, "We hear.", **change, closes_at=after(at, days=9))
    other = group.suggests(3, "We rest.", closes_at=after(at, days=9))
    for person in group.people:
        group.stands(person, first, "consent")
    at(**WEEK)
    group.make.decide()
    seen = group.sees(group.people[2], second)
    assert (seen["state"], seen["adopted_as"], seen["before"]) == ("overtaken", None, "We listen.")
    assert group.stands(group.people[3], second, "consent").status_code == 409
    assert group.sees(group.people[3], other)["state"] == "open"
    assert set(group.heard(group.people[2])[-2:]) == {"proposal_adopted", "proposal_overtaken"}
    assert "proposal_overtaken" not in group.heard(group.people[3])


def test_two_that_are_due_together_make_two_versions_in_order(group: Group, at: Any) -> None:
    later = group.suggests(1, "We rest.", closes_at=after(at, days=8))
    sooner = group.suggests(2, "We play.")
    group.everybody_consents(later)
    group.everybody_consents(sooner)
    at(days=29)
    group.make.decide()
    assert [group.sees(group.people[0], one)["adopted_as"] for one in (sooner, later)] == [1, 2]
    told = [[one["text"] for one in version["commitments"]] for version in group.versions()]
    assert told == [["We play."], ["We play.", "We rest."]]
    assert [one["made_at"] for one in group.versions()] == [after(at, **WEEK), after(at, days=8)]


def test_of_two_for_one_commitment_that_are_due_together_the_sooner_counts(
    group: Group, at: Any
) -> None:
    commitment = group.adopts()["commitment_id"]
    change = {"kind": "reword", "commitment_id": commitment}
    later = group.suggests(1, "We hear.", **change, closes_at=after(at, days=8))
    sooner = group.suggests(2, "We attend.", **change)
    group.everybody_consents(later)
    group.everybody_consents(sooner)
    at(days=29)
    group.make.decide()
    assert group.texts() == ["We attend."]
    assert group.sees(group.people[0], later)["state"] == "overtaken"
    assert len(group.versions()) == 2


def test_what_was_due_is_decided_before_what_is_decided_now(group: Group, at: Any) -> None:
    """No worker came: all the same it counts first, and what it changed is overtaken."""
    commitment = group.adopts()["commitment_id"]
    change = {"kind": "reword", "commitment_id": commitment}
    due = group.suggests(1, "We attend.", **change)
    other = group.suggests(3, "We rest.", closes_at=after(at, days=20))
    now = group.suggests(2, "We hear.", **change, closes_at=after(at, days=20))
    for id in (due, other, now):
        group.everybody_consents(id)
    at(days=8)
    assert group.closes(group.people[3], other, 1).json["adopted_as"] == 3  # type: ignore[index]
    refused = group.closes(group.people[2], now, 1)
    assert (refused.status_code, refused.json["reason"]) == (409, "closed")  # type: ignore[index]
    assert group.sees(group.people[0], due)["adopted_as"] == 2
    assert group.texts() == ["We attend.", "We rest."]
    made = [one["made_at"] for one in group.versions()]
    assert made == sorted(made)


def test_what_is_suggested_after_its_time_builds_on_what_it_made(group: Group, at: Any) -> None:
    """And is not overtaken by it, however late a worker comes."""
    commitment = group.adopts()["commitment_id"]
    change = {"kind": "reword", "commitment_id": commitment}
    group.everybody_consents(group.suggests(1, "We attend.", **change))
    at(days=8)
    id = group.suggests(2, "We hear.", **change)
    seen = group.sees(group.people[2], id)
    assert (seen["before"], seen["base_version"]) == ("We attend.", 2)
    at(days=9)
    group.make.decide()
    assert group.sees(group.people[2], id)["state"] == "open"


def test_versions_are_the_same_bytes_whatever_comes_after(group: Group, at: Any) -> None:
    first = group.adopts("We listen.", why="We learned it.")
    group.adopts("We rest.")
    path = f"/api/cohorts/{group.cohort}/contract/versions"
    kept = {number: group.people[3].get(f"{path}/{number}").data for number in (1, 2)}
    change = {"commitment_id": first["commitment_id"]}
    at(days=1)
    group.adopts("We listen first.", kind="reword", **change, why="Better.")
    group.adopts("", kind="retire", **change)
    group.leaves(group.people[1])  # who suggested them
    group.people[0].phone.patch(
        f"/api/cohorts/{group.cohort}", json={"time_zone": "Pacific/Auckland"}
    )
    again = {number: group.people[3].get(f"{path}/{number}").data for number in kept}
    assert again == kept
    assert b"We learned it." in kept[1]
    etag = group.people[3].get(f"{path}/1").headers["ETag"]
    assert group.people[3].get(f"{path}/1", headers={"If-None-Match": etag}).status_code == 304


def test_there_are_no_other_versions(group: Group) -> None:
    group.adopts()
    path = f"/api/cohorts/{group.cohort}/contract/versions"
    for number in (0, 2, 2**31, 2**70):
        assert group.people[1].get(f"{path}/{number}").status_code == 404


def test_a_retired_commitment_closes_the_gap(group: Group) -> None:
    listen = group.adopts("We listen.")["commitment_id"]
    for text in ("We rest.", "We play."):
        group.adopts(text)
    group.adopts("", kind="retire", commitment_id=listen)
    told = [(one["place"], one["text"]) for one in group.contract()["commitments"]]
    assert told == [(0, "We rest."), (1, "We play.")]


def test_a_newcomer_sees_all_of_its_history(group: Group, at: Any) -> None:
    made = group.adopts("We listen.")
    at(minutes=1)
    group.stands(group.people[2], group.suggests(1, "We play."), "object", text="Not so.")
    at(days=29)
    group.make.decide()
    group.make.join(group.outsider, group.cohort, group.people[0])
    assert group.versions(group.outsider) == group.versions(group.people[1])
    closed = group.outsider.get(f"/api/cohorts/{group.cohort}/proposals?state=closed").json
    assert closed
    assert [one["state"] for one in closed["items"]] == ["returned", "adopted"]
    assert len(closed["items"][1]["positions"]) == 5
    assert group.sees(group.outsider, made["id"])["text"] == "We listen."


def test_who_has_an_invitation_reads_it_before_they_join(group: Group, at: Any) -> None:
    phone = group.make.stranger()
    assert phone.get("/api/invitations/nonsense/contract").status_code == 404
    group.adopts("We listen.", why="We learned it.")
    invitation, token = group.make.invitation(group.people[0], group.cohort)
    told = phone.get(f"/api/invitations/{token}/contract").json
    assert told
    assert set(told) == {"version", "made_at", "commitments"}  # and no names, nor how many
    assert [(one["text"], one["why"]) for one in told["commitments"]] == [
        ("We listen.", "We learned it."),
    ]
    assert not [one for one in group.people if str(one.id) in str(told)]
    at(days=8)
    over = phone.get(f"/api/invitations/{token}/contract")
    assert over.status_code == 410
    assert b"We listen." not in over.data
    assert invitation
