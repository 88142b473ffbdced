"""From a suggestion to a version: what passes, what goes back, and what stays as it was."""

from typing import Any

from tests.contract.conftest import Group


def test_it_passes_at_its_time_when_enough_have_answered(group: Group, at: Any) -> None:
    at()
    id = group.proposes(group.people[1]).json["id"]  # type: ignore[index]
    for person in group.people[2:4]:
        assert group.stands(person, id, "consent").status_code == 200
    at(days=7)
    group.make.decide()
    assert group.texts() == []
    at(days=7, hours=1)
    group.make.decide()
    assert group.texts() == ["We listen."]
    seen = group.sees(group.people[4], id)
    assert (seen["state"], seen["adopted_as"], seen["answered"]) == ("adopted", 1, 3)


def test_an_objection_returns_it(group: Group, at: Any) -> None:
    at()
    id = group.proposes(group.people[1]).json["id"]  # type: ignore[index]
    for person in group.people[2:]:
        group.stands(person, id, "consent")
    group.stands(group.people[0], id, "object", text="Not yet.", safe_if="we try it for a month")
    at(days=8)
    group.make.decide()
    assert group.texts() == []
    assert group.sees(group.people[1], id)["state"] == "returned"


def test_silence_is_reported_as_silence(group: Group, at: Any) -> None:
    at()
    id = group.proposes(group.people[1]).json["id"]  # type: ignore[index]
    group.stands(group.people[2], id, "consent")
    at(days=8)
    group.make.decide()
    seen = group.sees(group.people[3], id)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("unanswered", 2, 3)
    assert group.texts() == []


def test_versions_stay_as_they_were(group: Group, at: Any) -> None:
    at()
    first = group.adopts("We listen.")
    at(days=1)
    group.adopts("We listen first.", kind="reword", commitment_id=first["commitment_id"])
    at(days=2)
    group.adopts("", kind="retire", commitment_id=first["commitment_id"])
    path = f"/api/cohorts/{group.cohort}/contract/versions"
    listed = group.people[3].get(path).json["items"]  # type: ignore[index]
    assert [one["number"] for one in listed] == [3, 2, 1]
    told = [
        [one["text"] for one in group.people[3].get(f"{path}/{n}").json["commitments"]]  # type: ignore[index]
        for n in (1, 2, 3)
    ]
    assert told == [["We listen."], ["We listen first."], []]


def test_it_can_be_decided_now_where_deciding_adopts_it(group: Group, at: Any) -> None:
    at()
    proposer, *others = group.people
    sent = group.proposes(proposer).json
    assert sent
    id = sent["id"]

    def says_so_and_is_refused() -> None:
        seen = group.sees(proposer, id)
        assert seen["can_decide_now"] is False
        known = {"If-Match": f'"{seen["version"]}"'}
        closing = proposer.phone.post(f"/api/proposals/{id}/closing", headers=known)
        assert closing.status_code >= 400

    for person in others:
        says_so_and_is_refused()
        group.stands(person, id, "consent")
    group.stands(others[0], id, "concern", text="Slowly.")
    says_so_and_is_refused()
    group.stands(others[0], id, "object", text="Not yet.")
    says_so_and_is_refused()
    group.stands(others[0], id, "aside")
    seen = group.sees(proposer, id)
    assert seen["can_decide_now"] is True
    known = {"If-Match": f'"{seen["version"]}"'}
    assert proposer.phone.post(f"/api/proposals/{id}/closing", headers=known).status_code == 200
    assert group.sees(proposer, id)["can_decide_now"] is False
