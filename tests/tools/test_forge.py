"""A forge, a hook and a container call what everybody calls; they name no place to fetch from."""

import re

import pytest

from tools.steps import ROOT

CALLS = {
    ".github/workflows/ci.yml": "run: .ci/run",
    ".pre-commit-config.yaml": "entry: make check",
    ".devcontainer/devcontainer.json": '"make setup"',
}


@pytest.mark.parametrize("name", CALLS)
def test_it_calls_what_everybody_calls_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert CALLS[name] in text
    assert not re.search(r"https?:|\b[\w-]+\.(io|com|org|net|dev)\b", text)


def test_what_they_call_is_there() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    called = re.findall(r"\bmake ([a-z-]+)", "".join((ROOT / name).read_text() for name in CALLS))
    assert set(called) <= set(targets)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
