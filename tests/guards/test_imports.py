"""Imports point one way, stand at the top, and every feature has the same rooms."""

import pytest

from tests.guards.source import BACKEND, Module, imports, modules, read

ORDER = [
    "key_files",
    "env_files",
    "urls",
    "settings",
    "core",
    "people",
    "sign_in",
    "cohorts",
    "reflections",
    "responses",
    "feedback",
    "contract",
    "pulse",
    "activity",
    "rhythm",
    "devices",
    "deliveries",
    "notices",
    "prompts",
    "reminders",
    "sync",
    "erasing",
    "help",
    "own_data",
    "demo",
    "features",
    "worker",
    "cli",
    "server",
    "backend",
    "__main__",
]
FEATURES = ORDER[ORDER.index("core") + 1 : ORDER.index("features")]
ROOMS = {
    "__init__",
    "models",
    "facts",
    "rules",
    "access",
    "queries",
    "actions",
    "schemas",
    "routes",
}
# what is particular to a feature, and why it has no room among the others
OWN = {
    # the door of every route; how many codes are mailed to whom; another address, and the page
    # behind the mail that undoes it
    "sign_in": {"guard", "budgets", "address", "pages"},
    "reflections": {"pages"},  # long lists, and whether one has changed
    # what a notice says, in a push and in a mail, and the page behind a mail
    "notices": {"composing", "wording", "pages"},
    "people": {"look_alikes"},  # letters that pass for others
    # invitations from making them to their end, and by mail; new names, and names that look alike;
    # facilitating from hand to hand, how it stands, and what it allows; its last day
    "cohorts": {
        "ending",
        "inviting",
        "letters",
        "naming",
        "facilitating",
        "facilitating_queries",
        "facilitating_routes",
        "facilitating_schemas",
        "powers",
    },
    # deciding, the contract's own row; a proposal while it is open, as it travels, as it is shown;
    # telling of a cohort's last day, on which it is to decide
    "contract": {
        "counting",
        "deciding",
        "ending",
        "frame",
        "open_proposals",
        "proposal_queries",
        "proposal_schemas",
        "remarks",
        "review_queries",
        "reviews",
        "showing",
    },
    # a check-in after its time, its answers under their key, and what is talked about because of it
    "pulse": {"closing", "erasing", "sealing", "talking"},
    # of whom, and for how long, somebody may ask; what stays when one of the two is erased
    "feedback": {"checks", "parting", "steps"},
    # pushes: claimed ahead, queued, dispatched, and what their answers say of devices; letters that
    # become one
    "deliveries": {"dispatcher", "gathering", "letters", "prefetch", "queues", "unreachable"},
    "devices": {"trial"},  # one message, on its receiver's demand
    "prompts": {"library"},  # our own questions
    # an export from being asked for to its end: making it, what is in it, as data and as pages, and
    # bringing it back
    "own_data": {"making", "contents", "pages", "style", "bringing"},
    "sync": {"marks"},  # what stands for "nothing changed here"
    # the erasure itself, table by table; what is written to whom; who was erased, on a list
    "erasing": {"carrying_out", "erased_list", "letters", "tables"},
    "demo": {"people", "shapes", "words", "contract"},  # the sample: its texts, and its contract
}
PURE = {"sqlalchemy", "flask", "flask_smorest", "backend.core.clock", "backend.core.db"}


def wrong_way(module: Module) -> list[str]:
    """What it imports from behind it."""
    place = ORDER.index(module.room)
    ours = [name for name, _ in imports(module) if name.split(".")[0] == "backend"]
    rooms = [(name, ([*name.split("."), "backend"])[1]) for name in ours]
    return [name for name, room in rooms if ORDER.index(room) > place]


def hidden(module: Module) -> list[str]:
    """What it imports elsewhere than at its top: in a function, or for typing only."""
    return [name for name, is_at_top in imports(module) if not is_at_top]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_a_module_imports_only_what_stands_before_it(module: Module) -> None:
    assert wrong_way(module) == []
    assert hidden(module) == []


def test_an_import_from_behind_would_be_seen() -> None:
    assert wrong_way(read("from backend.cohorts.models import Cohort", "people/queries.py"))
    assert wrong_way(read("from backend import create_app", "core/app.py"))
    assert not wrong_way(read("from backend.people import rules", "cohorts/queries.py"))


def test_an_import_out_of_sight_would_be_seen() -> None:
    assert hidden(read("def f():\n    from backend.people import rules"))
    assert hidden(read("if TYPE_CHECKING:\n    import flask"))


def test_there_is_no_circle() -> None:
    known = {module.name: {name for name, _ in imports(module)} for module in modules()}
    assert circle(known) is None
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) is not None


def circle(graph: dict[str, set[str]]) -> str | None:
    """A module that imports itself in the end, if there is one."""
    left = {name: set(wants) & graph.keys() for name, wants in graph.items()}
    while ready := [name for name, wants in left.items() if not wants - {name}]:
        for name in ready:
            del left[name]
        for wants in left.values():
            wants.difference_update(ready)
    return next(iter(left), None)


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_has_the_same_rooms_as_the_others(feature: str) -> None:
    found = {path.stem for path in (BACKEND / feature).iterdir() if path.name != "__pycache__"}
    assert found <= ROOMS | OWN.get(feature, set())
    assert "routes" in found


def test_every_folder_is_in_the_order() -> None:
    assert {module.room for module in modules()} == set(ORDER)


@pytest.mark.parametrize("module", [m for m in modules() if m.name.endswith(".rules")])
def test_rules_are_pure(module: Module) -> None:
    assert impure(module) == []


def test_a_rule_that_asked_the_clock_would_be_seen() -> None:
    assert impure(read("from backend.core import clock", "people/rules.py"))
    assert impure(read("from sqlalchemy.orm import Session", "people/rules.py"))


def impure(module: Module) -> list[str]:
    return [name for name, _ in imports(module) if name in PURE or name.split(".")[0] in PURE]
