"""Suggesting a change: what is refused, what a replay is, and what a new wording does."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.contract import rules
from backend.contract.models import Stance
from backend.core import ids
from tests.contract.conftest import PROPOSALS, Group
from tests.make import NEW, at_version


def test_nobody_comes_here_without_signing_in(group: Group) -> None:
    phone, id = group.make.stranger(), ids.new_id()
    of_cohort = f"/api/cohorts/{group.cohort}"
    for path in (
        f"{of_cohort}/contract",
        f"{of_cohort}/contract/versions",
        f"{of_cohort}/contract/reviews",
        f"{of_cohort}/proposals",
        f"{of_cohort}/contract/versions/1",
        f"{PROPOSALS}/{id}",
    ):
        assert phone.get(path).status_code == 401
    for path in (
        f"{PROPOSALS}/{id}",
        f"{PROPOSALS}/{id}/position",
        f"/api/remarks/{id}",
        f"/api/contract-reviews/{id}",
    ):
        assert phone.put(path, json={}, headers=NEW).status_code == 401
    assert phone.post(f"{PROPOSALS}/{id}/closing").status_code == 401


def test_nobody_suggests_anything_in_a_cohort_of_others(group: Group) -> None:
    refused = group.proposes(group.outsider)
    assert (refused.status_code, refused.json["reason"]) == (404, "not_found")  # type: ignore[index]
    group.leaves(group.people[4])
    assert group.proposes(group.people[4]).status_code == 404
    assert group.facts() == []


@pytest.mark.parametrize("who", ["an outsider", "who left"])
def test_whoever_does_not_belong_finds_nothing(group: Group, who: str) -> None:
    id = group.suggests()
    group.adopts("We rest.")
    stranger = group.outsider if who == "an outsider" else group.people[4]
    remark = group.make.remark(group.people[2], UUID(id))
    review = group.make.review(group.people[2], group.cohort)
    if stranger is not group.outsider:
        group.leaves(stranger)
    of_cohort = f"/api/cohorts/{group.cohort}"
    answers = [
        *(
            stranger.get(path)
            for path in (
                f"{PROPOSALS}/{id}",
                f"{of_cohort}/contract",
                f"{of_cohort}/proposals",
                f"{of_cohort}/proposals?state=closed",
                f"{of_cohort}/contract/versions",
                f"{of_cohort}/contract/reviews",
                f"{of_cohort}/contract/versions/1",
            )
        ),
        group.stands(stranger, id, "object", text="No."),
        group.closes(stranger, id, 1),
        group.withdraws(stranger, id),
        group.proposes(stranger, id=id, headers=at_version(1)),
        stranger.phone.patch(f"{of_cohort}/contract", json={"review_on": None}),
        stranger.delete(f"/api/remarks/{remark}"),
        stranger.delete(f"/api/contract-reviews/{review}"),
        stranger.phone.put(
            f"/api/remarks/{ids.new_id()}",
            headers=NEW,
            json={"proposal_id": id, "kind": "question", "text": "Why?"},
        ),
        stranger.phone.put(
            f"/api/contract-reviews/{ids.new_id()}",
            headers=NEW,
            json={"cohort_id": str(group.cohort), "text": "Rest."},
        ),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert group.sees(group.people[1], id)["positions"] is not None  # who belongs does


def test_who_left_is_shown_nothing_by_a_stale_withdrawal(group: Group) -> None:
    """A 412 carries the stored item: not to its proposer who is a member no more."""
    id = group.suggests(by=1)
    group.leaves(group.people[1])
    group.stands(group.people[2], id, "concern", text="A word that came later.")
    refused = group.withdraws(group.people[1], id, at_version(9))
    assert refused.status_code == 404
    assert b"A word that came later." not in refused.data


@pytest.mark.parametrize("headers", [NEW, at_version(1), at_version(9)])
def test_who_left_is_shown_nothing_by_way_of_another_cohort(
    group: Group, headers: dict[str, str]
) -> None:
    """A replay brings the stored item: not of a cohort that its proposer left."""
    amina, id = group.people[1], group.suggests(by=1)
    alder = group.make.cohort(group.outsider, amina, name="Alder")
    group.leaves(amina)
    group.stands(group.people[2], id, "concern", text="A word that came later.")
    refused = group.proposes(amina, id=id, headers=headers, cohort_id=str(alder))
    assert refused.status_code == 404
    assert b"A word that came later." not in refused.data


def test_a_proposal_travels_whole(group: Group) -> None:
    answer = group.proposes(group.people[1], "We listen.", why="We learned it.")
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    told = answer.json
    assert told
    assert told == group.sees(group.people[1], told["id"])
    mine = told.pop("my_position")
    assert told.pop("positions") == [mine]
    assert (mine["position"], mine["is_current"], mine["person"]["name"]) == (
        "consent",
        True,
        "Amina",
    )
    expected = {
        "cohort_id": str(group.cohort),
        "kind": "add",
        "commitment_id": None,
        "before": None,
        "text": "We listen.",
        "why": "We learned it.",
        "proposer": {"id": str(group.people[1].id), "name": "Amina"},
        "mine": True,
        "state": "open",
        "is_closing": False,
        "base_version": 0,
        "text_version": 1,
        "version": 1,
        "at_gathering": False,
        "adopted_as": None,
        "closed_at": None,
        "answered": 1,
        "needed": 3,
        "members": 5,
        "remarks": [],
    }
    assert {name: told[name] for name in expected} == expected


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"text": "  "}, "text"),
    ({"text": "x" * 501}, "text"),
    ({"why": "x" * 2001}, "why"),
    ({"kind": "cake"}, "kind"),
    ({"commitment_id": str(ids.new_id())}, "commitment_id"),  # an addition has none
    ({"kind": "reword"}, "commitment_id"),
    ({"kind": "retire", "text": ""}, "commitment_id"),
    ({"kind": "retire", "commitment_id": str(ids.new_id())}, "text"),  # words, though it goes
    ({"kind": "reword", "commitment_id": str(ids.new_id())}, "commitment_id"),  # there is none
    ({"closes_at": "2026-11-25T09:29:59Z"}, "closes_at"),  # in less than three days
    ({"closes_at": "2026-11-21T09:30:00Z"}, "closes_at"),
    ({"closes_at": "2027-01-21T09:30:01Z"}, "closes_at"),  # in more than sixty days
    ({"closes_at": "2026-12-01T09:30:00"}, "closes_at"),  # where?
    ({"closes_at": "9999-12-31T00:00:00Z"}, "closes_at"),
]


def test_what_cannot_be_meant_says_where(group: Group) -> None:
    for more, field in WRONG:
        body = {"text": "We listen.", **more}
        refused = group.proposes(group.people[1], **body)
        assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, [field]), more  # type: ignore[index]
    assert group.facts() == []


@pytest.mark.parametrize("kind", ["reword", "retire"])
def test_what_is_retired_cannot_be_changed(group: Group, kind: str) -> None:
    commitment = group.adopts()["commitment_id"]
    group.adopts("", kind="retire", commitment_id=commitment)
    refused = group.proposes(
        group.people[1],
        "We hear." if kind == "reword" else "",
        kind=kind,
        commitment_id=commitment,
    )
    assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["commitment_id"])  # type: ignore[index]


def test_a_commitment_of_another_cohort_is_none_of_ours(group: Group) -> None:
    theirs = group.make.cohort(group.outsider, group.people[1], name="Alder")
    commitment = group.make.commitment(theirs, group.outsider, group.people[1])
    refused = group.proposes(group.people[1], kind="reword", commitment_id=str(commitment))
    assert refused.status_code == 422


def test_a_replay_changes_nothing_and_tells_nobody_twice(group: Group) -> None:
    amina, id = group.people[1], str(ids.new_id())
    first = group.proposes(amina, id=id)
    group.stands(group.people[2], id, "consent")
    before = group.sees(amina, id)
    for headers in (NEW, at_version(1), at_version(7)):
        replay = group.proposes(amina, id=id, headers=headers)
        assert (replay.status_code, replay.json) == (200, before)
    assert first.status_code == 201
    assert group.facts() == ["proposed"]
    assert group.heard(group.people[2]) == ["proposed"]


def test_two_phones_of_one_proposer_lose_nothing(group: Group) -> None:
    """The later one gets what is stored, with the words of the first."""
    amina, id = group.people[1], group.suggests(text="We listen.")
    assert group.proposes(amina, "We hear.", at_version(1), id=id).headers["ETag"] == '"2"'
    stale = group.proposes(amina, "We attend.", at_version(1), id=id)
    assert (stale.status_code, stale.json["reason"]) == (412, "changed_elsewhere")  # type: ignore[index]
    assert stale.json["current"] == group.sees(amina, id)  # type: ignore[index]
    assert stale.json["current"]["text"] == "We hear."  # type: ignore[index]


def test_nobody_words_anothers_anew(group: Group) -> None:
    id = group.suggests(by=1)
    for other in (group.people[0], group.people[2]):  # the facilitator no more than others
        assert group.proposes(other, "Mine.", at_version(1), id=id).status_code == 404
        assert group.withdraws(other, id).status_code == 404
    assert group.sees(group.people[2], id)["text"] == "We listen."


def test_what_it_would_change_stays(group: Group) -> None:
    commitment = group.adopts()["commitment_id"]
    id = group.suggests(by=1, text="We play.")
    refused = group.proposes(
        group.people[1], "We play.", at_version(1), id=id, kind="reword", commitment_id=commitment
    )
    assert (refused.status_code, refused.json["reason"]) == (409, "proposed_already")  # type: ignore[index]


def test_a_new_wording_opens_every_answer_again(group: Group, at: Any) -> None:
    amina, bo, cleo, dev = group.people[1:]
    id = group.suggests(by=1)
    group.stands(bo, id, "consent")
    group.stands(cleo, id, "object", text="Not so.")
    at(days=1)
    reworded = group.proposes(amina, "We listen first.", at_version(1), id=id).json
    assert reworded
    assert (reworded["text_version"], reworded["answered"]) == (2, 1)  # the proposer consents
    assert reworded["my_position"]["is_current"]
    seen = group.sees(bo, id)
    assert (seen["my_position"]["position"], seen["my_position"]["is_current"]) == (
        "consent",
        False,
    )
    now = {one["person"]["name"]: one["is_current"] for one in seen["positions"]}
    assert now == {"Bo": False, "Cleo": False}
    for one in (bo, cleo, dev):
        assert group.heard(one) == ["proposed", "proposal_changed"]
    assert "proposal_changed" not in group.heard(amina)


def test_an_answer_to_the_old_wording_is_refused_with_the_new_one(group: Group) -> None:
    id = group.suggests(by=1)
    group.proposes(group.people[1], "We listen first.", at_version(1), id=id)
    for version in (1, 3):
        refused = group.stands(group.people[2], id, "consent", text_version=version)
        assert (refused.status_code, refused.json["reason"]) == (409, "reworded")  # type: ignore[index]
        assert refused.json["current"]["text"] == "We listen first."  # type: ignore[index]
        assert refused.json["current"]["positions"] is None  # type: ignore[index]
    assert group.sees(group.people[2], id)["answered"] == 1
    assert group.stands(group.people[2], id, "consent", text_version=2).status_code == 200


def test_consent_to_the_old_wording_counts_no_more(group: Group, at: Any) -> None:
    """Silence after a new wording is silence."""
    id = group.suggests(by=1)
    group.stands(group.people[3], id, "consent")
    group.stands(group.people[4], id, "consent")
    group.proposes(group.people[1], "We listen first.", at_version(1), id=id)
    at(days=8)
    group.make.decide()
    seen = group.sees(group.people[0], id)
    assert (seen["state"], seen["answered"]) == ("unanswered", 1)


def test_a_new_time_leaves_answers_as_they_are(group: Group, at: Any) -> None:
    amina, bo = group.people[1:3]
    id = group.suggests(by=1)
    group.stands(bo, id, "consent")
    later = (at() + timedelta(days=9)).isoformat()
    changed = group.proposes(amina, "We listen.", at_version(1), id=id, closes_at=later)
    assert (changed.json["version"], changed.json["text_version"]) == (2, 1)  # type: ignore[index]
    assert group.sees(bo, id)["my_position"]["is_current"]
    assert set(group.heard(bo)) == {"proposed", "proposal_later"}


def test_a_new_wording_leaves_two_days_to_read_it(group: Group, at: Any) -> None:
    id = group.suggests(by=1)
    now = at(days=6, hours=23)
    told = group.proposes(group.people[1], "We listen first.", at_version(1), id=id).json
    assert told
    assert told["closes_at"] == (now + timedelta(days=2)).isoformat()


def test_what_is_withdrawn_is_gone(group: Group) -> None:
    amina, bo = group.people[1:3]
    id = group.suggests(by=1, text="We listen.")
    group.make.remark(bo, UUID(id))
    stale = group.withdraws(amina, id, at_version(9))
    assert (stale.status_code, stale.json["current"]["id"]) == (412, id)  # type: ignore[index]
    for _ in range(2):
        assert group.withdraws(amina, id).status_code == 204
    assert group.facts().count("proposal_withdrawn") == 1
    assert bo.get(f"{PROPOSALS}/{id}").status_code == 404
    assert group.stands(bo, id, "consent").status_code == 404
    assert group.proposes(amina, id=id).status_code == 410
    listed = bo.get(f"/api/cohorts/{group.cohort}/proposals").json
    assert listed == {"items": [], "next": None}


def test_what_is_decided_cannot_be_worded_anew_or_withdrawn(group: Group) -> None:
    made = group.adopts(by=1)
    again = group.proposes(
        group.people[1],
        "Other.",
        at_version(made["version"]),
        id=made["id"],
    )
    assert again.status_code == 409
    refused = group.withdraws(group.people[1], made["id"])
    assert (refused.status_code, refused.json["reason"]) == (409, "closed")  # type: ignore[index]
    assert group.texts() == ["We listen."]


def test_there_is_room_for_so_many(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OPEN", 2)
    monkeypatch.setattr(rules, "MOST_COMMITMENTS", 1)
    commitment = group.adopts("We rest.")["commitment_id"]
    full = group.proposes(group.people[1], "We play.")
    assert (full.status_code, full.json["reason"]) == (409, "too_many")  # type: ignore[index]
    for by, text in ((1, "We rest more."), (2, "We rest less.")):
        group.suggests(by, text, kind="reword", commitment_id=commitment)
    many = group.proposes(group.people[1], "", kind="retire", commitment_id=commitment)
    assert (many.status_code, many.json["reason"]) == (409, "too_many")  # type: ignore[index]


def test_a_long_list_is_read_page_by_page(group: Group, at: Any) -> None:
    made = []
    for number in range(5):
        at(minutes=number // 2)  # some at the same moment
        made.append(group.suggests(number, f"We play {number}."))
    path, seen = f"/api/cohorts/{group.cohort}/proposals?limit=2", []
    after = ""
    while True:
        page = group.people[3].get(path + after).json
        assert page
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted(made)
    assert group.people[3].get(f"{path}&after=nonsense").status_code == 400


def test_where_others_stand_is_hidden_until_i_have_answered(group: Group) -> None:
    bo, cleo = group.people[2:4]
    id = group.suggests(by=1)
    group.stands(bo, id, "concern", text="Kanarienvogel")
    hidden = cleo.get(f"{PROPOSALS}/{id}")
    assert (hidden.json["positions"], hidden.json["answered"]) == (None, 2)  # type: ignore[index]
    assert b"Kanarienvogel" not in hidden.data
    listed = cleo.get(f"/api/cohorts/{group.cohort}/proposals")
    assert b"Kanarienvogel" not in listed.data
    shown = group.stands(cleo, id, "consent").json
    assert shown
    told = {one["person"]["name"]: (one["position"], one["text"]) for one in shown["positions"]}
    assert told == {
        "Bo": ("concern", "Kanarienvogel"),
        "Cleo": ("consent", ""),
    }
    assert shown["unnamed"] == 1  # Amina consents


def test_when_it_has_closed_everybody_sees_where_people_stood(group: Group, at: Any) -> None:
    id = group.suggests(by=1)
    group.stands(group.people[2], id, "concern", text="Kanarienvogel", safe_if="we try")
    at(days=7, hours=1)
    assert group.sees(group.people[3], id)["is_closing"]
    assert group.sees(group.people[3], id)["positions"] is None  # it is being counted
    group.make.decide()
    seen = group.sees(group.people[3], id)
    assert {one["text"] for one in seen["positions"]} == {"", "Kanarienvogel"}
    assert seen["my_position"] is None


def test_who_has_not_answered_stands_nowhere(group: Group, at: Any) -> None:
    """Neither while it is open nor after: of the whole answers, not a letter of their ids."""
    id = group.suggests(by=1)
    group.stands(group.people[2], id, "consent")
    silent = [str(one.id) for one in (group.people[0], group.people[3], group.people[4])]

    def everything() -> str:
        paths = [
            f"{PROPOSALS}/{id}",
            *(
                f"/api/cohorts/{group.cohort}/{path}"
                for path in (
                    "proposals",
                    "proposals?state=closed",
                    "contract",
                    "contract/versions",
                    "contract/reviews",
                )
            ),
        ]
        told = [who.get(path).json for who in group.people for path in paths]
        told += [one for who in group.people for one in group.heard(who)]
        return json.dumps(told)

    def nobody_is_named() -> None:
        told = everything()
        assert not [one for one in silent if one in told]
        assert str(group.people[2].id) in told  # a control: who has answered is found

    nobody_is_named()
    group.closes(group.people[1], id, 1)  # "not everyone": a number, and no names
    nobody_is_named()
    at(days=8)
    group.make.decide()
    nobody_is_named()


def test_a_changed_mind_is_one_answer(group: Group) -> None:
    id, bo = group.suggests(by=1), group.people[2]
    for position in ("object", "consent", "aside"):
        group.stands(bo, id, position, text="So.")
    seen = group.sees(bo, id)
    assert (seen["answered"], seen["my_position"]["position"]) == (2, "aside")


def test_an_objection_is_heard_by_the_proposer_once(group: Group) -> None:
    id = group.suggests(by=1)
    for _ in range(3):  # the phone was not sure that it had arrived
        group.stands(group.people[2], id, "object", text="Not so.", safe_if="we try it")
    assert group.facts() == ["proposed", "objected"]
    assert group.heard(group.people[1]) == ["objected"]
    assert group.heard(group.people[3]) == ["proposed"]


WRONG_POSITIONS: list[tuple[dict[str, Any], str]] = [
    ({"position": "concern"}, "text"),
    ({"position": "object", "text": " \n"}, "text"),
    ({"position": "silence"}, "position"),
    ({"position": "consent", "text": "x" * 2001}, "text"),
    ({"position": "consent", "text_version": True}, "text_version"),
    ({"position": "consent", "text_version": 0}, "text_version"),
]


def test_a_position_that_cannot_be_meant_says_where(group: Group) -> None:
    id = group.suggests()
    for body, field in WRONG_POSITIONS:
        refused = group.people[2].phone.put(
            f"{PROPOSALS}/{id}/position", json={"text_version": 1, **body}
        )
        assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, [field])  # type: ignore[index]
    assert group.sees(group.people[2], id)["my_position"] is None


def test_the_facilitator_has_no_more_say(group: Group) -> None:
    """What a facilitator is answered is what a participant is, but for which of them it is."""
    morag, cleo = group.people[0], group.people[3]
    id = group.suggests(by=1)
    group.stands(group.people[2], id, "concern", text="Hm.")

    def told(who: Any) -> list[Any]:
        steps = [
            who.get(f"{PROPOSALS}/{id}"),
            who.get(f"/api/cohorts/{group.cohort}/proposals"),
            who.get(f"/api/cohorts/{group.cohort}/contract"),
            group.proposes(who, "Other.", at_version(1), id=id),
            group.withdraws(who, id),
            group.closes(who, id, 1),
        ]
        return [(one.status_code, one.json) for one in steps]

    assert told(morag) == told(cleo)
    group.stands(morag, id, Stance.OBJECT, text="No.")
    assert group.sees(group.people[1], id)["answered"] == 3  # one answer each
