"""What facilitating allows: one list, which the guard, the page and the phone read."""

import ast
import json
from uuid import UUID

import pytest

from backend.cohorts.powers import USED_BY, Power
from backend.core.hourly_limits import without_limits
from tests.guards.source import ROOT, Module, modules, read
from tests.make import Make, Somebody

WORDS = ROOT / "pwa" / "src" / "i18n" / "en" / "facilitating.json"


def powers_asked_for(module: Module) -> list[str | None]:
    """For each call of the guard which power it names; None where it names none of the list."""
    return [
        node.args[3].attr
        if len(node.args) == 4
        and isinstance(node.args[3], ast.Attribute)
        and ast.unparse(node.args[3].value) == "Power"
        else None
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rpartition(".")[2] == "must_facilitate"
    ]


def test_whatever_only_a_facilitator_can_do_is_a_power_of_the_list() -> None:
    asked = [name for module in modules() for name in powers_asked_for(module)]

    assert None not in asked
    assert set(asked) == {power.name for power in Power}
    assert set(USED_BY) == set(Power)


@pytest.mark.parametrize(
    "call", ["must_facilitate(s, me, c)", "access.must_facilitate(s, me, c, 'invite')"]
)
def test_one_that_is_in_no_list_would_be_seen(call: str) -> None:
    assert powers_asked_for(read(call)) == [None]


def test_the_phone_has_words_for_each_power() -> None:
    known = json.loads(WORDS.read_text())

    said = {key.split(".")[2] for key in known if key.startswith("facilitating.power.")}
    assert said == {power.value for power in Power}


@pytest.fixture
def people(make: Make) -> list[Somebody]:
    return [make.somebody(name) for name in ("Morag", "Amina", "Bo")]


def uses(who: Somebody, cohort: UUID) -> dict[str, list[str | None]]:
    items = who.get(f"/api/cohorts/{cohort}/powers").json["items"]  # type: ignore[index]
    return {
        item["power"]: [use["by"] and use["by"]["name"] for use in item["uses"]] for item in items
    }


def test_everybody_reads_each_power_with_its_uses(make: Make, people: list[Somebody]) -> None:
    morag, amina, _ = people
    rowan = make.cohort(*people)
    invitation, _ = make.invitation(morag, rowan)
    morag.phone.patch(f"/api/cohorts/{rowan}", json={"name": "Rowan tree"})
    morag.delete(f"/api/cohorts/{rowan}/invitations/{invitation}")

    assert list(uses(amina, rowan)) == [power.value for power in Power]
    assert uses(amina, rowan) == uses(morag, rowan) | {"invite": ["Morag"]}  # one since she came
    assert uses(morag, rowan) == {
        "change_cohort": ["Morag"],
        "invite": ["Morag", "Morag"],
        "withdraw_invitation": ["Morag"],
        "undo_joining": [],
        "hand_on": [],
    }


def test_a_power_shows_its_newest_uses_and_not_all_there_ever_were(
    make: Make, people: list[Somebody]
) -> None:
    rowan = make.cohort(*people)
    with without_limits():
        for number in range(25):
            people[0].phone.patch(f"/api/cohorts/{rowan}", json={"name": f"Rowan {number}"})

    assert len(uses(people[1], rowan)["change_cohort"]) == 20
