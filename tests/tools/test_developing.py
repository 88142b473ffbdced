"""What `make dev` starts the server anew for. That the screens follow their code is Vite's."""

import subprocess
import sys
from pathlib import Path

from tools import developing
from tools.steps import ROOT


def test_what_is_new_or_gone_or_other_has_changed() -> None:
    before = {Path("same"): 1, Path("other"): 1, Path("gone"): 1}
    now = {Path("same"): 1, Path("other"): 2, Path("new"): 1}
    assert changed_names(before, now) == ["gone", "new", "other"]
    assert changed_names(now, now) == []


def changed_names(before: developing.Seen, now: developing.Seen) -> list[str]:
    return [path.name for path in developing.changes(before, now)]


def test_the_servers_own_files_are_looked_at_and_no_others() -> None:
    names = {str(path.relative_to(ROOT)) for path in developing.seen()}
    assert {"backend/core/app.py", "backend/core/templates/docs.html"} <= names
    assert any(name.startswith("migrations/versions/0001") for name in names)
    assert not any(name.startswith(("pwa/", "tests/", "var/")) for name in names)


def test_who_is_asked_to_stop_has_stopped() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    developing.end(process)
    assert process.returncode is not None
    developing.end(process)  # one that has ended already stays so
