"""A facilitator's answers are a participant's, item for item."""

import ast
from pathlib import Path
from typing import Any

import pytest

import backend
from backend.reflections import access, pages, queries
from backend.reflections.models import Audience
from tests.kept_statements import built_anew
from tests.make import Make, Somebody
from tests.reflections.test_sight_model import KEEPING, facilitators_see_all

# Where a role may be named besides the cohort's own answers: to let a power be used.
MAY_NAME_ROLES = {
    "backend/cohorts/access.py": {"must_facilitate", "is_vouched_for"},
    "backend/reflections": set(),
    "backend/activity": set(),
}


def everything(reader: Somebody, cohort: object, ids: list[str]) -> dict[str, Any]:
    """Every read of content there is, as this person gets it."""
    paths = ["/api/reflections?limit=100"]
    paths += [f"/api/reflections?{query}" for query in ("audience=cohort", "noticing=stuck")]
    paths += [f"/api/reflections?limit=2&cohort_id={cohort}", "/api/reflections/changes"]
    paths += [f"/api/reflections/{id}{more}" for id in ids for more in ("", "/responses")]
    paths += [f"/api/cohorts/{cohort}/activity?limit=100", f"/api/cohorts/{cohort}/people"]
    answers = {path: reader.get(path) for path in paths}
    return {path: (a.status_code, a.headers.get("ETag"), a.json) for path, a in answers.items()}


@pytest.fixture
def given(make: Make) -> tuple[Somebody, Somebody, dict[str, Any]]:
    """Two readers who differ in their role only: both were there first, and wrote nothing."""
    fay, pat = make.somebody("Fay"), make.somebody("Pat")
    rowan = make.cohort(fay)
    make.join(pat, rowan, fay)
    first = fay.get(f"/api/cohorts/{rowan}/activity?limit=1").json["items"][0]["id"]
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    for person in (amina, bo):
        make.join(person, rowan, fay)
    made = [
        make.reflection(amina, "For me"),
        make.reflection(amina, "For me, here", cohort=rowan, audience=Audience.ME),
        make.reflection(amina, "For Bo", cohort=rowan, people=[bo]),
        make.reflection(amina, "For both", cohort=rowan, people=[fay, pat]),
        make.reflection(bo, "For all", cohort=rowan),
        make.reflection(bo, "Gone", cohort=rowan),
    ]
    bo.delete(f"/api/reflections/{made[-1]}")
    make.response(bo, made[2])
    make.response(amina, made[4])
    return fay, pat, {"cohort": rowan, "ids": [str(id) for id in made], "first": first}


def test_a_facilitators_answers_are_a_participants_item_for_item(
    given: tuple[Somebody, Somebody, dict[str, Any]],
) -> None:
    fay, pat, more = given

    hers, his = (everything(who, more["cohort"], more["ids"]) for who in (fay, pat))

    assert since(hers, more["first"]) == since(his, more["first"]) != {}
    shown = [item["text"] for item in hers["/api/reflections?limit=100"][2]["items"]]
    assert sorted(shown) == ["For all", "For both"]


def test_a_facilitator_who_saw_more_would_be_noticed(
    given: tuple[Somebody, Somebody, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    fay, pat, more = given
    with built_anew(*KEEPING), monkeypatch.context() as broken:
        for module in (access, pages, queries):
            broken.setattr(module, "visible_to", facilitators_see_all)
        hers, his = (everything(who, more["cohort"], more["ids"]) for who in (fay, pat))

    assert since(hers, more["first"]) != since(his, more["first"])


def since(answers: dict[str, Any], first: str) -> dict[str, Any]:
    """Without what happened while only one of the two belonged: what Pat could not yet hear. And of
    where a list goes on only whether it does: a place in it is for its reader alone.
    """
    path = next(path for path in answers if "activity" in path)
    status, _, page = answers[path]
    newest_first = page["items"]
    heard = newest_first[: [item["id"] for item in newest_first].index(first) + 1]
    told = answers | {path: (status, None, page | {"items": heard})}
    status, _, changes = answers["/api/reflections/changes"]  # its ETag is of the place, too
    told["/api/reflections/changes"] = (status, None, changes)
    return {
        path: (status, etag, body | {"next": bool(body["next"])} if "next" in body else body)
        for path, (status, etag, body) in told.items()
    }


def names_of_roles(tree: ast.AST) -> set[str]:
    """The functions (or "" for a module) in which a role is named."""
    found = set()
    for node in ast.walk(tree):
        inside = node.name if isinstance(node, ast.FunctionDef) else ""
        if inside or isinstance(node, ast.Module):
            mine = [
                leaf
                for leaf in _own_leaves(node)
                if (isinstance(leaf, ast.Name) and leaf.id == "Role")
                or (isinstance(leaf, ast.Attribute) and leaf.attr in ("role", "my_role"))
            ]
            found |= {inside} if mine else set()
    return found


def _own_leaves(node: ast.AST) -> list[ast.AST]:
    leaves, waiting = [], list(ast.iter_child_nodes(node))
    while waiting:
        leaf = waiting.pop()
        leaves.append(leaf)
        if not isinstance(leaf, ast.FunctionDef):
            waiting += ast.iter_child_nodes(leaf)
    return leaves


def test_no_read_of_content_asks_for_a_role() -> None:
    root = Path(backend.__file__).parent.parent
    for place, allowed in MAY_NAME_ROLES.items():
        path = root / place
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            assert names_of_roles(ast.parse(file.read_text())) <= allowed, file


def test_a_read_that_asked_for_a_role_would_be_noticed() -> None:
    """The control."""
    tree = ast.parse("def visible_to(person):\n    return member.role == 'facilitator'\n")

    assert names_of_roles(tree) == {"visible_to"}
