"""Who hears of what: a table; nobody of their own act; and what is withdrawn is heard by nobody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.contract.facts import NEWS, ContractFact
from backend.notices.rules import OF_CONTRACT
from tests.contract.conftest import Group
from tests.make import Somebody, at_version

# Amina suggests, Bo acts, Cleo has answered, Dev and Morag have not.
Does = Callable[[Group, str, Any], object]


def reword(group: Group, id: str, at: Any) -> None:
    group.proposes(group.people[1], "We listen first.", at_version(1), id=id)


def later(group: Group, id: str, at: Any) -> None:
    closes_at = (at() + timedelta(days=20)).isoformat()
    group.proposes(group.people[1], "We listen well.", at_version(1), id=id, closes_at=closes_at)


def change_the_rule(group: Group, _id: str, _at: Any) -> str:
    return group.suggests(2, "", kind="decide", wanted_answers=4)


def adopt_the_rule(group: Group, id: str, at: Any) -> None:
    adopt(group, change_the_rule(group, id, at), at)


def another_purpose(group: Group, _id: str, _at: Any) -> str:
    return group.suggests(2, "To hear each other.", kind="purpose")


def adopt_the_purpose(group: Group, id: str, at: Any) -> None:
    adopt(group, another_purpose(group, id, at), at)


def other_dates(group: Group, _id: str, _at: Any) -> str:
    return group.suggests(2, "", kind="dates", ends_on="2028-01-31")


def adopt_the_dates(group: Group, id: str, at: Any) -> None:
    adopt(group, other_dates(group, id, at), at)


def adopt(group: Group, id: str, at: Any) -> None:
    group.everybody_consents(id)
    group.closes(group.people[2], id, 1)


def adopt_late(group: Group, id: str, at: Any) -> None:
    group.stands(group.people[2], id, "consent")
    wait(group, id, at)


def give_back(group: Group, id: str, at: Any) -> None:
    group.stands(group.people[2], id, "object", text="Not so.")
    wait(group, id, at)


def wait(group: Group, id: str, at: Any) -> None:
    at(days=8)
    group.make.decide()


def overtake(group: Group, id: str, at: Any) -> None:
    other = group.suggests(
        2,
        "We attend.",
        kind="reword",
        commitment_id=group.sees(group.people[0], id)["commitment_id"],
    )
    group.everybody_consents(other)
    group.closes(group.people[2], other, 1)


AMINA, BO, CLEO, DEV, MORAG = "Amina", "Bo", "Cleo", "Dev", "Morag"
ALL = {AMINA, BO, CLEO, DEV, MORAG}
TABLE: list[tuple[str, Does, set[str]]] = [
    ("proposed", lambda *_: None, ALL - {AMINA}),
    ("proposal_changed", reword, ALL - {AMINA}),
    ("proposal_later", later, ALL - {AMINA}),
    ("rule_proposed", change_the_rule, ALL - {BO}),
    ("rule_adopted", adopt_the_rule, ALL - {BO}),
    ("purpose_proposed", another_purpose, ALL - {BO}),
    ("purpose_adopted", adopt_the_purpose, ALL - {BO}),
    ("dates_proposed", other_dates, ALL - {BO}),
    ("dates_adopted", adopt_the_dates, ALL - {BO}),
    ("remarked", lambda group, id, _: group.make.remark(group.people[2], UUID(id)), {AMINA}),
    (
        "objected",
        lambda group, id, _: group.stands(group.people[2], id, "object", text="No."),
        {AMINA},
    ),
    ("proposal_adopted", adopt, ALL - {BO}),
    ("proposal_adopted", adopt_late, ALL),
    ("proposal_returned", give_back, ALL),
    ("proposal_unanswered", wait, {AMINA}),
    ("proposal_overtaken", overtake, {AMINA}),
    (
        "review_opened",
        lambda group, *_: group.make.review(group.people[2], group.cohort),
        ALL - {BO},
    ),
]


@pytest.mark.parametrize(("what", "happens", "who"), TABLE)
def test_each_fact_is_heard_by_whom_it_is_for(
    group: Group, at: Any, what: str, happens: Does, who: set[str]
) -> None:
    more = {}
    if happens is overtake:
        more = {"kind": "reword", "commitment_id": group.adopts(by=3)["commitment_id"]}
    id = group.suggests(by=1, text="We listen well.", **more)
    group.stands(group.people[3], id, "consent")
    happens(group, id, at)
    group.make.announce()
    about = id if what.startswith(("prop", "rem", "obj")) else None
    told = {one.name: heard(one) for one in group.people}
    if what.startswith(("rule", "purpose", "dates")):
        assert {name for name, some in told.items() if what in dict(some)} == who
    else:
        assert {name for name, some in told.items() if (what, about) in some} == who
    assert heard(group.outsider) == []


def heard(who: Somebody) -> list[tuple[str, str | None]]:
    """What somebody is told of the contract, and which proposal it is about."""
    items = who.get("/api/notices?limit=100").json["items"]  # type: ignore[index]
    return [(one["what"], one["about"]["id"]) for one in items if one["kind"] == "contract"]


def test_the_table_leaves_out_nothing_that_is_told() -> None:
    told = {what for what, *_ in TABLE}
    told |= {"review_due", "review_ended", "contract_set"}  # those: tests/contract/test_talk.py
    told |= {"end_comes", "end_came"}  # tests/contract/test_its_end.py
    assert told == {fact.value for fact in OF_CONTRACT}


def test_a_notice_leads_to_what_it_tells_of(group: Group) -> None:
    id = group.suggests(by=1)
    group.make.review(group.people[1], group.cohort)
    group.make.announce()
    items = group.people[2].get("/api/notices").json["items"]  # type: ignore[index]
    found = {one["what"]: one for one in items if one["kind"] == "contract"}
    assert found["proposed"]["path"] == f"/cohort/contract/proposals/{id}?cohort={group.cohort}"
    assert found["review_opened"]["path"] == f"/cohort/contract?cohort={group.cohort}"
    assert found["proposed"]["by"]["name"] == "Amina"
    assert found["proposed"]["about"] == {
        "type": "contract",
        "id": id,
        "cohort_id": str(group.cohort),
        "cohort_name": "Rowan",
    }
    assert group.people[2].get("/api/notices/waiting").json["count"] >= 2  # type: ignore[index]


@pytest.mark.parametrize(
    ("what", "happens"),
    [
        ("proposal_adopted", adopt),
        ("rule_adopted", adopt_the_rule),
        ("purpose_adopted", adopt_the_purpose),
        ("dates_adopted", adopt_the_dates),
    ],
)
def test_what_was_adopted_is_read_in_the_contract_too(
    group: Group, at: Any, what: str, happens: Does
) -> None:
    id = group.suggests(by=1)
    happens(group, id, at)
    group.make.announce()
    items = group.people[3].get("/api/notices").json["items"]  # type: ignore[index]
    unseen = group.people[3].get("/api/notices/waiting").json["newest"]  # type: ignore[index]
    [adopted] = {one["id"] for one in items if one["what"] == what}
    also_at = {one["id"]: one["also_at"] for one in unseen if one["also_at"]}
    assert also_at == {adopted: f"/cohort/contract?cohort={group.cohort}"}


def test_what_is_withdrawn_leaves_every_inbox(group: Group, at: Any) -> None:
    id = group.suggests(by=1)
    group.make.remark(group.people[2], UUID(id))
    group.stands(group.people[3], id, "consent")
    at(minutes=1)
    reword(group, id, at)
    assert group.heard(group.people[3]) == ["proposed", "proposal_changed"]
    assert group.heard(group.people[1]) == ["remarked"]
    group.withdraws(group.people[1], id)
    assert [group.heard(one) for one in group.people] == [[]] * 5


def test_what_is_withdrawn_before_it_was_told_is_never_told(group: Group) -> None:
    group.withdraws(group.people[1], group.suggests(by=1))
    assert [group.heard(one) for one in group.people] == [[]] * 5


def test_who_joins_later_is_told_nothing_of_before(group: Group, at: Any) -> None:
    group.suggests(by=1)
    at(minutes=1)
    group.make.join(group.outsider, group.cohort, group.people[0])
    assert group.heard(group.outsider) == []
    assert group.heard(group.people[2]) == ["proposed"]


def test_who_left_hears_no_more(group: Group) -> None:
    group.suggests(by=1)
    group.make.announce()
    group.leaves(group.people[2])
    assert group.heard(group.people[2]) == []
    group.suggests(by=1, text="We rest.")
    assert group.heard(group.people[2]) == []


def test_the_activity_tells_news_and_no_talk(group: Group) -> None:
    id = group.suggests(by=1)
    group.make.remark(group.people[2], UUID(id))
    group.stands(group.people[2], id, "object", text="Kanarienvogel")
    reword(group, id, None)
    answer = group.people[3].get(f"/api/cohorts/{group.cohort}/activity")
    kinds = {one["kind"] for one in answer.json["items"]}  # type: ignore[index]
    assert kinds & set(ContractFact) == {"proposed"}
    assert b"Kanarienvogel" not in answer.data
    assert b"We listen" not in answer.data  # lines say that, never what
    assert set(NEWS) | {"proposal_changed", "remarked", "objected"} == set(ContractFact)
