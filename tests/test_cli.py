"""What whoever runs an installation types."""

import base64
import json
import os
import re
import resource
import shlex
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import func, select, text

from backend import create_app
from backend.cli import COMMANDS, place
from backend.core.app import App
from backend.devices.models import Device
from backend.env_files import settings_in
from backend.key_files import keep_keys
from backend.people.models import Person
from backend.people.queries import person_with_email
from backend.settings import SettingError, Settings
from tests.guards.source import ROOT
from tests.guards.world import dump
from tests.journeys import warm
from tests.make import Letterbox, Make

ROTATED = "is the newest key now"
EMAIL = "morag@cohort.example"
OLDER = "UPDATE alembic_version SET version_num = '0001'"


Run = Callable[..., Result]


def runs_on(app: App) -> Run:
    """Types a command to this application."""
    group = click.Group("backend", {str(one.name): one for one in COMMANDS})

    def run(*args: str) -> Result:
        return CliRunner().invoke(group, args, obj=ScriptInfo(create_app=lambda: app))

    return run


@pytest.fixture
def run(app: App) -> Run:
    return runs_on(app)


def how_many_people(make: Make) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.parametrize(
    "email", ["morag", "", "a@b", "Morag <m@b.example>", "a@b.example,c@d.example"]
)
def test_a_wrong_address_makes_nobody(run: Run, make: Make, email: str) -> None:
    done = run("make-facilitator", email, "--name", "Morag")
    assert done.exit_code == 1
    assert "is not one plain e-mail address" in done.output
    assert how_many_people(make) == 0


def test_a_wrong_address_is_told_by_its_letter(run: Run) -> None:
    done = run("make-facilitator", "mоrag@cohort.example", "--name", "Morag")
    assert done.exit_code == 1
    assert "“о” (Cyrillic small letter o)" in done.output


@pytest.mark.parametrize(
    "email",
    [
        "\u200bmorag@cohort.example",
        "mo\u00adrag@cohort.example\ufeff",
        "\u00a0Morag@cohort.example",
    ],
)
def test_an_address_with_signs_that_nobody_sees_is_the_one_that_is_seen(
    run: Run, make: Make, email: str
) -> None:
    assert run("make-facilitator", email, "--name", "Morag").exit_code == 0
    with make.session() as session:
        found = person_with_email(session, EMAIL)
        assert found
        assert (found.email, found.may_convene) == (EMAIL, True)


@pytest.mark.parametrize("name", ["", " ", "\u200d"])
def test_a_name_that_cannot_be_seen_makes_nobody(run: Run, make: Make, name: str) -> None:
    done = run("make-facilitator", EMAIL, "--name", name)
    assert done.exit_code == 1
    assert how_many_people(make) == 0


def test_the_first_facilitator_signs_in_by_code_like_anyone(run: Run, make: Make) -> None:
    done = run("make-facilitator", " Morag@Cohort.Example ", "--name", " Morag  Reid ")
    assert done.exit_code == 0
    assert done.output.startswith("Morag Reid may create cohorts now, in the database ")
    phone = make.stranger()
    body = {"email": EMAIL, "code": make.code_for(phone, EMAIL)}
    assert phone.post("/api/sign-in/sessions", json=body).status_code == 201
    cohort = {"name": "Rowan", "time_zone": "Europe/London"}
    assert phone.post("/api/cohorts", json=cohort).status_code == 201


def test_somebody_who_is_here_keeps_their_name(run: Run, make: Make) -> None:
    morag = make.somebody("Morag")
    done = run("make-facilitator", EMAIL, "--name", "Somebody else")
    assert done.output.startswith("Morag may create cohorts")
    assert how_many_people(make) == 1
    with make.session() as session:
        found = person_with_email(session, EMAIL)
        assert found
        assert (found.id, found.name, found.may_convene) == (morag.id, "Morag", True)


@pytest.mark.parametrize("command", ["migrate", "demo"])
def test_a_second_time_changes_nothing(run: Run, app: App, make: Make, command: str) -> None:
    app.settings = replace(app.settings, demo=True)
    assert run(command).exit_code == 0
    before = dump(make)
    done = run(command)
    assert done.exit_code == 0, done.output
    assert dump(make) == before
    assert (how_many_people(make) == 14) is (command == "demo")


def test_no_sample_is_laid_where_it_was_not_asked_for(run: Run, make: Make) -> None:
    done = run("demo")
    assert (done.exit_code, how_many_people(make)) == (1, 0)
    assert "make run" in done.output


def test_no_sample_is_laid_where_people_are_that_it_did_not_make(
    run: Run, app: App, make: Make
) -> None:
    """As `make run` did on a real data folder, and opened it without a code."""
    app.settings = replace(app.settings, demo=True)
    make.somebody()
    done = run("demo")
    assert (done.exit_code, how_many_people(make)) == (1, 1)
    assert "holds people" in done.output


def test_who_joined_the_sample_does_not_end_it(run: Run, app: App, make: Make) -> None:
    app.settings = replace(app.settings, demo=True)
    assert run("demo").exit_code == 0
    make.somebody()
    assert run("demo").exit_code == 0


def test_nobody_real_is_made_a_facilitator_where_all_come_in_without_a_code(
    run: Run, app: App, make: Make
) -> None:
    app.settings = replace(app.settings, demo=True)
    assert run("demo").exit_code == 0
    for is_open in (True, False):
        app.settings = replace(app.settings, demo=is_open)
        done = run("make-facilitator", "real@cohort.example", "--name", "Real")
        assert done.exit_code == 1
        assert "holds the sample cohort" in done.output
        assert how_many_people(make) == 14


WRITING = [
    ("make-facilitator", EMAIL, "--name", "Morag"),
    ("end-sessions",),
    ("vapid-keys",),
    ("vapid-keys", "--rotate"),
    ("demo",),
    ("worker",),
]


@pytest.mark.parametrize("how", ["DROP TABLE alembic_version", OLDER])
def test_a_database_of_another_version_is_refused_in_a_sentence(
    run: Run, make: Make, how: str
) -> None:
    with make.session() as session:
        session.execute(text(how))
    for command in WRITING:
        done = run(*command)
        assert done.exit_code == 1, command
        assert isinstance(done.exception, SystemExit), done.exception
        assert done.output.startswith("Error: The database ")
        assert "is not of this version" in done.output
        assert "python -m backend migrate" in done.output
    assert how_many_people(make) == 0


def test_it_is_said_which_database_was_written_to(run: Run, app: App, make: Make) -> None:
    """Not what opens it, and no address that was only guessed."""
    make.somebody("Morag")
    where = str(app.database.engine.url.database)
    for command in (WRITING[0], WRITING[1], ("migrate",)):
        done = run(*command)
        assert where in done.output
        assert "http" not in done.output
    url = "postgresql://alongside:s3cret@db.example:5433/alongside?password=s3cret"
    other = create_app(replace(app.settings, database_url=url))
    with other.app_context():
        assert place() == "alongside at db.example:5433"


def test_a_database_that_is_away_is_said_in_a_sentence(settings: Settings) -> None:
    away = replace(settings, database_url="postgresql://a:s3cret@127.0.0.1:1/alongside")
    for command in (("end-sessions",), ("migrate",)):
        done = runs_on(create_app(away))(*command)
        assert done.exit_code == 1
        assert done.output == (
            "Error: The database alongside at 127.0.0.1:1 cannot be reached, or does not let us "
            "in. It is named by ALONGSIDE_DATABASE_URL.\n"
        )


@pytest.mark.parametrize("command", [("migrate",), ("end-sessions",)])
def test_a_file_that_is_no_database_is_said_in_a_sentence(
    settings: Settings, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "alongside.db").write_text("Dear diary, " * 100)
    text = replace(settings, database_url=f"sqlite:///{tmp_path}/alongside.db")
    done = runs_on(create_app(text))(*command)
    assert done.output == (
        f"Error: The database {tmp_path}/alongside.db is not a whole file of SQLite's "
        "(SQLITE_NOTADB). It is named by ALONGSIDE_DATA.\n"
    )


def typed(*args: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """What a command that is typed into a shell with these settings says."""
    ours = {name: value for name, value in os.environ.items() if "ALONGSIDE" not in name}
    return warm.command(args, env=ours | env)


@pytest.mark.parametrize(
    ("folder", "command"),
    [("empty", WRITING[0]), *(("new", command) for command in WRITING)],
)
def test_a_command_begins_nothing(tmp_path: Path, folder: str, command: tuple[str, ...]) -> None:
    """No folder, no keys, no database: the installation is elsewhere."""
    (tmp_path / "empty").mkdir()
    data = tmp_path / folder
    done = typed(*command, env={"ALONGSIDE_DATA": str(data)})
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Alongside cannot start. ALONGSIDE_DATA: there is no ")
    assert "--env-file" in line
    assert done.stdout == ""
    assert {path.name for path in tmp_path.rglob("*")} == {"empty"}


def test_nor_does_a_server(tmp_path: Path) -> None:
    ours = {name: value for name, value in os.environ.items() if "ALONGSIDE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=ours | {"ALONGSIDE_DATA": str(tmp_path / "new")},
        check=False,
    )
    assert done.returncode == 1
    assert "there is no " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_worker_elsewhere_makes_no_keys_of_its_own(tmp_path: Path) -> None:
    """With keys that no device knows, it would lose what is to be sent."""
    key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    env = {
        "ALONGSIDE_DATA": str(tmp_path / "new"),
        "ALONGSIDE_DATABASE_URL": "postgresql://127.0.0.1:1/alongside",
        "ALONGSIDE_JOBS_URL": "postgresql://127.0.0.1:1/alongside",
        "ALONGSIDE_SECRET_KEYS": key,
    }
    done = typed("worker", env=env)
    assert done.returncode == 1
    assert "ALONGSIDE_VAPID_KEYS: there is no " in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_commands_read_the_settings_of_the_server(tmp_path: Path) -> None:
    file = tmp_path / "alongside.env"
    file.write_text(
        f'# of the service\nALONGSIDE_DATA="{tmp_path / "data"}"\n'
        "ALONGSIDE_BASE_URL=https://alongside.example\nALONGSIDE_TRUSTED_PROXIES=1\n"
    )
    elsewhere = {"ALONGSIDE_DATA": str(tmp_path / "elsewhere")}  # what the shell says besides
    for command in (("migrate",), WRITING[0]):
        done = typed("--env-file", str(file), *command, env=elsewhere)
        assert done.returncode == 0, done.stderr
        assert f"the database {tmp_path}/data/alongside.db" in done.stdout.lower()
    assert {path.name for path in tmp_path.iterdir()} == {"alongside.env", "data"}


def test_python_itself_starts_them(tmp_path: Path) -> None:
    """As for the rest a process does that has the imports already."""
    command = [sys.executable, "-m", "backend", "migrate"]
    env = {**os.environ, "ALONGSIDE_DATA": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    again = typed("migrate", env={"ALONGSIDE_DATA": str(tmp_path)})
    assert (again.returncode, again.stdout) == (done.returncode, done.stdout.rstrip("\n"))


@pytest.mark.parametrize("where", ["README.md", "docs/running.md"])
def test_the_first_facilitator_is_made_as_the_pages_print_it(tmp_path: Path, where: str) -> None:
    """Typed as it stands there; the settings are a file's where the page gives one."""
    text = (ROOT / where).read_text().replace("\\\n", " ")
    [line] = re.findall(r"^ {4}(\S+ -m backend .*make-facilitator .*)$", text, re.M)
    settings = {"ALONGSIDE_DATA": str(tmp_path / "data")}
    assert typed("migrate", env=settings).returncode == 0
    python, *command = shlex.split(line)
    assert python == ".venv/bin/python"
    assert command[:2] == ["-m", "backend"]
    if "--env-file" in command:
        file = tmp_path / "alongside.env"
        file.write_text("\n".join(f"{name}={value}" for name, value in settings.items()))
        command[command.index("/etc/alongside.env")] = str(file)
        settings = {}
    done = typed(*command[2:], env=settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Your Name may create cohorts now")


def test_what_a_backup_has_to_hold_is_named_where_it_is_told() -> None:
    """The files of keys that a first start makes: without them a copy of the database is none."""
    page = (ROOT / "docs" / "running.md").read_text()
    told = page.partition("\n## Backup\n")[2].partition("\n## ")[0]
    assert "`secret-keys`" in told
    assert "`vapid-keys`" in told


UNCLOSED = "closes at the line's end, and no backslash stands there."


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (None, "cannot be read (No such file or directory)."),
        ("ALONGSIDE_DATA /srv\n", "Line 1 of {} must be like NAME=value."),
        ("A=1\n\nexport B=s3cret\n", "Line 3 of {} must be like NAME=value."),
        ("\ufeffALONGSIDE_DATA=/srv\n", "save the file as UTF-8 without one."),
        ("\ufeff# of the service\n", "save the file as UTF-8 without one."),
        ('A=1\nB="s3cret\nC=2\n', UNCLOSED),
        ("A=1\nB='s3cret\n", UNCLOSED),
        ("A=1\nB='\n", UNCLOSED),
        ('A=1\nB="s3cret\\"\n', UNCLOSED),
        ('A=1\nB="s3cret" # a remark\n', UNCLOSED),
        ('A=1\nB="s3"cret"\n', UNCLOSED),
        ("A=1\nB=s3cret\\\nC=2\n", UNCLOSED),
    ],
)
def test_a_file_of_settings_that_is_none_is_said(
    tmp_path: Path, held: str | None, told: str
) -> None:
    file = tmp_path / "alongside.env"
    if held is not None:
        file.write_text(held)
    with pytest.raises(SettingError) as refused:
        settings_in(file)
    line = str(refused.value)
    assert line.endswith(told.format(file))
    assert str(file) in line
    assert "\n" not in line
    assert "s3cret" not in line


def test_and_nothing_is_begun_beside_it(tmp_path: Path) -> None:
    file, data = tmp_path / "alongside.env", tmp_path / "new"
    file.write_text('ALONGSIDE_DATA="/srv/alongside\n')
    done = typed("--env-file", str(file), "migrate", env={"ALONGSIDE_DATA": str(data)})
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Alongside cannot start. Line 1 of {file} ")
    assert not data.exists()


def test_a_file_of_settings_is_read_as_a_service_manager_does(tmp_path: Path) -> None:
    file = tmp_path / "alongside.env"
    file.write_text(
        "# a remark\n; another\n\nA=1\n B = 2 \nC='a b'\nD=\"x=y=\"\nE=\nF=a#b\nG=it's\n"
        "H=smtp://name:p%40ss@mail.example:587\n"
        'I="a\\"b\\\\c\\d"\nJ=a\\\\b\\"\nK=\'a\\b\'\r\nL="it\'s"\nM=a\u2028b\n'
    )
    with pytest.raises(SettingError, match="Line 5"):  # NAME and = go together
        settings_in(file)
    file.write_text(file.read_text().replace(" B = 2 ", " B=2 "))
    assert settings_in(file) == {
        "A": "1",
        "B": "2",
        "C": "a b",
        "D": "x=y=",
        "E": "",
        "F": "a#b",
        "G": "it's",
        "H": "smtp://name:p%40ss@mail.example:587",
        "I": 'a"b\\c\\d',
        "J": 'a\\b"',
        "K": "a\\b",
        "L": "it's",
        "M": "a\u2028b",
    }


def keys_in(settings: Settings) -> Settings:
    """As if these settings had been read where a file holds the keys."""
    keep_keys(settings.vapid_file, settings.vapid_keys)
    return settings


def test_the_live_keys_are_shown_with_how_many_devices_rely_on_them(
    run: Run, make: Make, app: App
) -> None:
    make.device(make.somebody())
    done = run("vapid-keys")
    assert done.output.strip() == f"{app.signer.newest}  1 devices"


def test_keys_that_are_not_ours_any_more_are_shown_too(
    settings: Settings, run: Run, make: Make, app: App, letterbox: Letterbox
) -> None:
    make.device(make.somebody())
    newer = Settings(**vars(settings) | {"vapid_keys": (bytes([3] * 32), *settings.vapid_keys)})
    with_newer = create_app(newer, mail=letterbox)
    later = Make(with_newer, letterbox)
    later.device(later.somebody("Callum"))
    shown = run("vapid-keys").output.splitlines()
    assert shown == [
        f"{app.signer.newest}  1 devices",
        f"{with_newer.signer.newest}  1 devices, and not ours: they hear nothing until opened",
    ]
    with_newer.database.engine.dispose()
    with_newer.jobs.huey.storage.close()


def test_a_new_key_is_made_and_the_one_before_stays(run: Run, make: Make, app: App) -> None:
    settings = keys_in(app.settings)
    make.device(make.somebody())
    done = run("vapid-keys", "--rotate")
    assert ROTATED in done.output
    new, old = settings.vapid_file.read_text().split()
    assert base64.urlsafe_b64decode(old) == settings.vapid_keys[0]
    assert new != old


def test_a_key_that_devices_rely_on_is_not_dropped_by_mistake(
    settings: Settings, make: Make, letterbox: Letterbox
) -> None:
    amina = make.somebody()
    make.device(amina)  # with the key that is the older one from here on
    rotated = Settings(**vars(settings) | {"vapid_keys": (bytes([3] * 32), *settings.vapid_keys)})
    app = create_app(keys_in(rotated), mail=letterbox)
    before = rotated.vapid_file.read_text()
    run = runs_on(app)
    refused = run("vapid-keys", "--rotate")
    assert refused.exit_code == 1
    assert "1 devices still rely on the oldest key" in refused.output
    assert rotated.vapid_file.read_text() == before
    assert ROTATED in run("vapid-keys", "--rotate", "--even-so").output
    assert amina.get("/api/devices").json["items"] == [], "what is for it goes by mail"
    app.database.engine.dispose()
    app.jobs.huey.storage.close()


def test_a_key_that_cannot_be_written_is_said_and_leaves_nothing(run: Run, app: App) -> None:
    """Files of this process may be no longer than nothing: the system's own word comes of it."""
    path = keys_in(app.settings).vapid_file
    run("vapid-keys")  # SQLite's own files are open by then
    before = path.read_text(), set(path.parent.iterdir())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        done = run("vapid-keys", "--rotate")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert done.exit_code == 1
    assert done.output == f"Error: {path} cannot be written (File too large).\n"
    assert (path.read_text(), set(path.parent.iterdir())) == before


def test_keys_of_the_environment_are_changed_there(run: Run) -> None:
    done = run("vapid-keys", "--rotate")
    assert done.exit_code == 1
    assert "ALONGSIDE_VAPID_KEYS" in done.output


def test_after_a_restore_every_session_can_be_ended(run: Run, make: Make) -> None:
    """A session that was ended after the backup would be back with it, and its device too."""
    amina, callum = make.somebody(), make.somebody("Callum")
    make.device(amina)
    done = run("end-sessions")
    assert done.exit_code == 0
    assert done.output.startswith("2 sessions in the database ")
    assert [one.get("/api/me").status_code for one in (amina, callum)] == [401, 401]
    assert amina.get("/api/me").json["reason"] == "not_signed_in"  # type: ignore[index]
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Device)) == 0


# --- a request on paper


def test_what_somebody_asks_for_on_paper_is_written_and_noted(
    run: Run, make: Make, tmp_path: Path
) -> None:
    amina = make.somebody()
    make.reflection(amina, "I held back.")
    file = tmp_path / "amina.zip"
    said = run("person", "Amina@Cohort.example", "--export", str(file))
    assert said.exit_code == 0, said.output
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as whole:
        data = json.loads(whole.read("data.json"))
    assert [one["text"] for one in data["reflections"]] == ["I held back."]
    assert [one["wanted"] for one in data["rows"]["paper_request"]] == ["export"]


def test_an_export_on_paper_overwrites_nothing_and_is_of_somebody(
    run: Run, make: Make, tmp_path: Path
) -> None:
    make.somebody()
    file = tmp_path / "there.zip"
    file.write_text("mine")
    assert "cannot be made" in run("person", "amina@cohort.example", "--export", str(file)).output
    assert file.read_text() == "mine"
    other = tmp_path / "other.zip"
    assert (
        "has the address x@y.example" in run("person", "x@y.example", "--export", str(other)).output
    )
    assert not other.exists()
    assert "--export FILE" in run("person", "amina@cohort.example").output
