"""Format, lint and types, on both sides of the house."""

from tools import setting_up
from tools.setting_up import PWA, PYTHON
from tools.steps import Stop, Task, show


def everything() -> None:
    """Every check; all of them run, so that one go shows all there is to mend."""
    if [one for one in checks() if not show(one)]:
        raise Stop("a check failed: see above. Layout is put right by  make format.")


def checks() -> list[Task]:
    setting_up.python_packages(dev=True)
    setting_up.node_modules()
    return [
        Task("Python: layout", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        Task("Python: lint", [PYTHON, "-m", "ruff", "check", "."]),
        Task("Python: types", [PYTHON, "-m", "mypy"]),
        npm_script("The phone: types, lint, layout", "check"),
    ]


def npm_script(title: str, name: str, *arguments: str) -> Task:
    command, env = setting_up.npm()
    more = ["--", *arguments] if arguments else []
    return Task(title, [*command, "run", "--silent", name, *more], PWA, env)


def put_in_order() -> None:
    setting_up.python_packages(dev=True)
    setting_up.node_modules()
    show(Task("Python", [PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."]))
    show(Task("Python: layout", [PYTHON, "-m", "ruff", "format", "."]))
    show(npm_script("The phone", "format"))
