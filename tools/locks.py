"""The locked versions, and what is generated from the API's description."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tools import checking, setting_up
from tools.setting_up import DEV, PWA, PYTHON, RUNTIME, VENV
from tools.steps import ROOT, Stop, show, step

# Universal: the same lock for every system and every Python from 3.11 on. Hashes, and
# no word of where the packages come from: that is each machine's own business.
COMPILE = ("--universal", "--generate-hashes", "--no-header", "--python-version", "3.11")


def renew(arguments: Sequence[str]) -> None:
    """Write the four locks again; `--upgrade` looks for newer versions."""
    setting_up.installer()
    project = ROOT / "pyproject.toml"
    runtime: list[str | Path] = ["--all-extras", project]
    _compile(RUNTIME.name, [*runtime, *arguments])
    _compile(DEV.name, [*runtime, "--group", "dev", "--constraints", RUNTIME, *arguments])
    for tool in ("uv", "node"):
        _compile(f"requirements-{tool}.lock", ["--group", tool, *arguments])
    setting_up.python_packages(dev=True)


def _compile(name: str, what: Sequence[str | Path]) -> None:
    uv: list[str | Path] = [VENV / "bin" / "uv", "pip", "compile", *COMPILE, "--output-file", name]
    step(f"Locking {name}", [*uv, *what], f"{name} could not be locked.")


def write_types() -> None:
    setting_up.python_packages(dev=True)
    setting_up.node_modules()
    otherwise = "the API could not be described: see above."
    with tempfile.TemporaryDirectory() as folder:
        env = {"ALONGSIDE_DATA": folder}
        step("Asking the application", [PYTHON, "-m", "backend", "migrate"], otherwise, env=env)
        step(
            "Writing backend/openapi.json",
            [PYTHON, "-m", "flask", "--app", "wsgi", "openapi", "write", "backend/openapi.json"],
            otherwise,
            env=env,
        )
    if not show(checking.npm_script("Writing the phone's types", "types")):
        raise Stop(f"the types could not be written in {PWA.name}/src/api.")
