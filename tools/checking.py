"""Format, lint and types, on both sides of the house."""

from collections.abc import Sequence

from tools import setting_up
from tools.setting_up import PWA, PYTHON
from tools.steps import ROOT, Stop, show


def everything(*, stop: bool = True) -> bool:
    """Every check; all of them run, so that one go shows all there is to mend."""
    setting_up.python_packages(dev=True)
    setting_up.node_modules()
    well = [
        show("Python: layout", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        show("Python: lint", [PYTHON, "-m", "ruff", "check", "."]),
        show("Python: types", [PYTHON, "-m", "mypy"]),
        npm_script("The phone: types, lint, layout", "check"),
    ]
    if stop and not all(well):
        raise Stop("a check failed: see above. Layout is put right by  make format.")
    return all(well)


def npm_script(title: str, name: str, *arguments: str) -> bool:
    command, env = setting_up.npm()
    more: Sequence[str] = ["--", *arguments] if arguments else []
    return show(title, [*command, "run", "--silent", name, *more], cwd=PWA, env=env)


def put_in_order() -> None:
    setting_up.python_packages(dev=True)
    setting_up.node_modules()
    show("Python", [PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."], cwd=ROOT)
    show("Python: layout", [PYTHON, "-m", "ruff", "format", "."])
    npm_script("The phone", "format")
