"""A wrong setting stops the start with one sentence that names it."""

import base64
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.settings import KNOWN, NOBODY_ANSWERS, OF_THE_SAMPLE, SettingError, from_environment
from tests.guards.source import ROOT
from tools import serving

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
MAIL = {"ALONGSIDE_SMTP_URL": "smtp://mail.example"}
ONE = base64.urlsafe_b64encode((1).to_bytes(32)).decode()
KEY_FILES = {"secret-keys", "vapid-keys", "vapid-keys.made"}

WRONG = [
    ("ALONGSIDE_DATABASE_URL", "mysql://a/b"),
    ("ALONGSIDE_DATABASE_URL", "alongside.db"),
    ("ALONGSIDE_DATABASE_URL", "sqlite:////no/such/folder/a.db"),
    ("ALONGSIDE_DATABASE_URL", "postgresql://a@host:port/b"),
    ("ALONGSIDE_DATABASE_URL", "sqlite:///:memory:"),
    ("ALONGSIDE_DATABASE_URL", "sqlite:///"),
    ("ALONGSIDE_DATABASE_URL", "sqlite:////tmp"),
    ("ALONGSIDE_DATABASE_URL", "sqlite:////tmp/a.db?mode=ro"),
    ("ALONGSIDE_JOBS_URL", "sqlite:///:memory:"),
    ("ALONGSIDE_JOBS_URL", "sqlite:////tmp"),
    ("ALONGSIDE_JOBS_URL", "amqp://a"),
    ("ALONGSIDE_JOBS_URL", "sqlite:////no/such/folder/jobs.db"),
    ("ALONGSIDE_JOBS_URL", "redis://jobs.example:6379/0"),
    ("ALONGSIDE_JOBS_URL", "rediss://jobs.example:6379/0"),
    ("ALONGSIDE_JOBS_URL", "postgresql://a@host:port/b"),
    ("ALONGSIDE_BASE_URL", "cohort.example"),
    ("ALONGSIDE_BASE_URL", "ftp://cohort.example"),
    ("ALONGSIDE_BASE_URL", "https://"),
    ("ALONGSIDE_BASE_URL", "https://cohort.example/app"),
    ("ALONGSIDE_BASE_URL", "https://cohort.example?a=b"),
    ("ALONGSIDE_BASE_URL", "https://cohort.example#a"),
    ("ALONGSIDE_BASE_URL", "https://me:secret@cohort.example"),
    ("ALONGSIDE_BASE_URL", "https://cohort.example:port"),
    ("ALONGSIDE_BASE_URL", "https://[::1"),
    ("ALONGSIDE_BASE_URL", "https://cohort.example\r\nX: y"),
    ("ALONGSIDE_BASE_URL", "http://cohort.example"),
    ("ALONGSIDE_SMTP_URL", "mail.example:587"),
    ("ALONGSIDE_SMTP_URL", "http://mail.example"),
    ("ALONGSIDE_SMTP_URL", "smtp://"),
    ("ALONGSIDE_SMTP_URL", "smtp://mail.example:port"),
    ("ALONGSIDE_SMTP_URL", "smtp://mail.example:99999"),
    ("ALONGSIDE_SMTP_URL", "smtp://mail.example?tls=no"),
    ("ALONGSIDE_SMTP_URL", "smtp://mail.example?tls=never&x=y"),
    ("ALONGSIDE_SMTP_URL", "smtp://mail.example/tls=never"),
    ("ALONGSIDE_SMTP_URL", "smtps://mail.example?tls=never"),
    ("ALONGSIDE_SMTP_URL", "smtp://name:password@mail.example?tls=never"),
    ("ALONGSIDE_DEMO", "yes"),
    ("ALONGSIDE_DEMO", "true"),
    ("ALONGSIDE_TRUSTED_PROXIES", "-1"),
    ("ALONGSIDE_TRUSTED_PROXIES", "11"),
    ("ALONGSIDE_TRUSTED_PROXIES", "one"),
    ("ALONGSIDE_SESSION_IDLE_DAYS", "0"),
    ("ALONGSIDE_SESSION_IDLE_DAYS", "1.5"),
    ("ALONGSIDE_SESSION_ABSOLUTE_DAYS", "731"),
    ("ALONGSIDE_SESSION_ABSOLUTE_DAYS", "\u0663"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "http"),
    ("ALONGSIDE_SECRET_KEYS", ""),
    ("ALONGSIDE_SECRET_KEYS", "secret"),
    ("ALONGSIDE_SECRET_KEYS", KEY[:-4]),
    ("ALONGSIDE_SECRET_KEYS", f"{KEY} {KEY[:-2]}"),
    ("ALONGSIDE_VAPID_KEYS", ""),
    ("ALONGSIDE_VAPID_KEYS", KEY),  # nought is no key
    ("ALONGSIDE_VAPID_KEYS", base64.urlsafe_b64encode(b"\xff" * 32).decode()),
    ("ALONGSIDE_VAPID_KEYS", f"{ONE} {ONE} {ONE}"),
    # Apple answers BadJwtToken to each of these
    ("ALONGSIDE_VAPID_SUBJECT", ""),
    ("ALONGSIDE_VAPID_SUBJECT", "you@example.org"),
    ("ALONGSIDE_VAPID_SUBJECT", "mailto:you@localhost"),
    ("ALONGSIDE_VAPID_SUBJECT", "mailto:you@host.local"),
    ("ALONGSIDE_VAPID_SUBJECT", "mailto:you@host.invalid"),
    ("ALONGSIDE_VAPID_SUBJECT", "mailto: you@example.org"),
    ("ALONGSIDE_VAPID_SUBJECT", "mailto:you@example.org, me@example.org"),
    ("ALONGSIDE_VAPID_SUBJECT", "http://example.org"),
    ("ALONGSIDE_VAPID_SUBJECT", "https://localhost"),
    ("ALONGSIDE_VAPID_SUBJECT", "https://127.0.0.1"),
    ("ALONGSIDE_PUSH_HOSTS", "push.example.org"),
    ("ALONGSIDE_PUSH_HOSTS", "http://push.example.org"),
    ("ALONGSIDE_PUSH_HOSTS", "https://push.example.org/path"),
    ("ALONGSIDE_PUSH_HOSTS", "https://me@push.example.org"),
    ("ALONGSIDE_RUN_BY", "NHS Example\nand more"),
    ("ALONGSIDE_RUN_BY", "x" * 121),
    ("ALONGSIDE_SUPPORT", "Samaritans"),
    ("ALONGSIDE_SUPPORT", "Samaritans: 116 123; 0141 496 0000"),
    ("ALONGSIDE_SUPPORT", "Samaritans:"),
    ("ALONGSIDE_SUPPORT", ": 116 123"),
    ("ALONGSIDE_SUPPORT", "Samaritans: 116 123;; Other: 1"),
    ("ALONGSIDE_SUPPORT", "Samaritans: 116\n123"),
    ("ALONGSIDE_SUPPORT", f"Samaritans: {'1' * 161}"),
    ("ALONGSIDE_SUPPORT", f"{'x' * 81}: 1"),
    ("ALONGSIDE_SUPPORT", "; ".join(["a: 1"] * 9)),
]


def refusal(data: Path, **environ: str) -> str:
    with pytest.raises(SettingError) as caught:
        from_environment({"ALONGSIDE_DATA": str(data), **environ})
    return str(caught.value)


def is_one_sentence_about(told: str, name: str) -> bool:
    return name in told and "\n" not in told and told.endswith((".", "secret-keys"))


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path: Path, name: str, value: str) -> None:
    told = refusal(tmp_path, **{name: value, "ALONGSIDE_MAIL_FROM": "a@b.example"})
    assert is_one_sentence_about(told, name)
    assert KEY[:-4] not in told  # a secret is not told


@pytest.mark.parametrize(
    "sender", ["", "a", "a@b@c", "ä@b.example", "a@b.example\r\nBcc: c@d", "A <a@b.c>"]
)
def test_a_wrong_sender_is_named(tmp_path: Path, sender: str) -> None:
    told = refusal(tmp_path, ALONGSIDE_SMTP_URL="smtp://mail.example", ALONGSIDE_MAIL_FROM=sender)
    assert is_one_sentence_about(told, "ALONGSIDE_MAIL_FROM")


def test_the_sample_is_for_this_machine_alone(tmp_path: Path) -> None:
    told = refusal(
        tmp_path,
        ALONGSIDE_DEMO="1",
        ALONGSIDE_BASE_URL="https://cohort.example",
        ALONGSIDE_TRUSTED_PROXIES="1",
    )
    assert is_one_sentence_about(told, "ALONGSIDE_DEMO")


@pytest.mark.parametrize("folder", ["", "var", "sample", "var/sample/more", "var/samples"])
def test_the_sample_keeps_to_a_folder_of_its_own(tmp_path: Path, folder: str) -> None:
    """Laid out in a real installation's, it would let everybody in beside those who are real."""
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    told = refusal(tmp_path / folder, ALONGSIDE_DEMO="1")
    assert is_one_sentence_about(told, "ALONGSIDE_DEMO")
    assert list((tmp_path / folder).iterdir()) == []


def test_and_is_at_home_there(tmp_path: Path) -> None:
    sample = tmp_path.joinpath(*OF_THE_SAMPLE)
    assert from_environment({"ALONGSIDE_DATA": str(sample), "ALONGSIDE_DEMO": "1"}).demo
    assert sample.parts[-2:] == serving.SAMPLE.parts[-2:]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ALONGSIDE_DATABSE_URL", "perhaps ALONGSIDE_DATABASE_URL is meant."),
        ("ALONGSIDE_DATABASE", "perhaps ALONGSIDE_DATABASE_URL is meant."),
        ("ALONGSIDE_SECRET_KEY", "perhaps ALONGSIDE_SECRET_KEYS is meant."),
        ("alongside_base_url", "perhaps ALONGSIDE_BASE_URL is meant."),
        ("ALONGSIDE_REDIS", "docs/running.md lists all there are."),
        ("ALONGSIDE_PORT", "perhaps PORT is meant."),
    ],
)
def test_a_name_that_is_no_setting_is_not_passed_over(tmp_path: Path, name: str, told: str) -> None:
    """With a slip in it, the server would have begun an installation elsewhere."""
    data = tmp_path / "new"
    assert refusal(data, **{name: "8001"}) == f"{name} is no setting of this version: {told}"
    assert not data.exists()


def test_names_that_others_set_by_themselves_are(tmp_path: Path) -> None:
    """Kubernetes and Docker, for a service that is called alongside; and our own tools."""
    theirs = {
        "ALONGSIDE_SERVICE_HOST": "10.0.0.1",
        "ALONGSIDE_SERVICE_PORT_HTTP": "8000",
        "ALONGSIDE_WEB_SERVICE_HOST": "10.0.0.2",
        "ALONGSIDE_PORT": "tcp://10.0.0.1:8000",
        "ALONGSIDE_PORT_8000_TCP_ADDR": "10.0.0.1",
        "ALONGSIDE_WEB_PORT": "tcp://10.0.0.2:8000",
        "ALONGSIDE_CHROMIUM": "/usr/bin/chromium",
        "ALONGSIDE_TEST_CLOCK": "/tmp/ahead",
        "OTHER": "",
    }
    assert from_environment({"ALONGSIDE_DATA": str(tmp_path), **theirs}).data == tmp_path


@pytest.mark.parametrize("name", ["secret-keys", "vapid-keys"])
@pytest.mark.parametrize("held", [None, b"\xff\xfe"])
def test_keys_that_cannot_be_read_are_named(tmp_path: Path, name: str, held: bytes | None) -> None:
    path = tmp_path / name
    if held is None:
        path.mkdir(0o700)
    else:
        path.write_bytes(held)
        path.chmod(0o600)
    assert f"{path} cannot be read (" in refusal(tmp_path)


def test_every_setting_stands_in_the_pages() -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    assert set(re.findall(r"`(ALONGSIDE_[A-Z_]+)(?:=1)?`", page)) == KNOWN


def test_the_queue_has_a_file_of_its_own(tmp_path: Path) -> None:
    told = refusal(tmp_path, ALONGSIDE_JOBS_URL=f"sqlite:///{tmp_path}/alongside.db")
    assert is_one_sentence_about(told, "ALONGSIDE_JOBS_URL")


def test_keys_that_a_full_disk_cannot_hold_are_said_and_leave_nothing(tmp_path: Path) -> None:
    """Files of this process may be no longer than nothing: the system's own word comes of it."""
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
        "from backend.settings import from_environment; from_environment()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ALONGSIDE_DATA": str(tmp_path)},
    )
    told = done.stderr.splitlines()[-1]
    assert told.endswith(
        f"ALONGSIDE_SECRET_KEYS: {tmp_path}/secret-keys cannot be written (File too large)."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert is_one_sentence_about(refusal(tmp_path / "file"), "ALONGSIDE_DATA")
    assert is_one_sentence_about(refusal(tmp_path / "file" / "inner"), "ALONGSIDE_DATA")


@pytest.mark.parametrize(("name", "value"), [WRONG[3], WRONG[15], WRONG[21], WRONG[-2]])
def test_the_server_does_not_start_and_says_why(tmp_path: Path, name: str, value: str) -> None:
    from_environment({"ALONGSIDE_DATA": str(tmp_path)})
    (tmp_path / "alongside.db").touch()
    ours = {key: text for key, text in os.environ.items() if "ALONGSIDE" not in key}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env={**ours, "ALONGSIDE_DATA": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("Alongside cannot start. ")
    assert name in lines[0]


def test_a_first_start_makes_a_key_that_only_we_can_read(tmp_path: Path) -> None:
    first = from_environment({"ALONGSIDE_DATA": str(tmp_path)})
    again = from_environment({"ALONGSIDE_DATA": str(tmp_path)})
    path = tmp_path / "secret-keys"
    assert first.secret_keys == again.secret_keys
    assert len(set(first.secret_keys[0])) > 10
    assert path.stat().st_mode & 0o777 == 0o600
    assert {one.name for one in tmp_path.iterdir()} == KEY_FILES


def test_sixteen_first_starts_at_once_make_one_key(tmp_path: Path) -> None:
    def start(_: int) -> tuple[bytes, ...]:
        return from_environment({"ALONGSIDE_DATA": str(tmp_path)}).secret_keys

    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(start, range(16)))) == 1


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_keys_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    from_environment({"ALONGSIDE_DATA": str(tmp_path)})
    (tmp_path / "secret-keys").chmod(mode)
    assert "chmod 600" in refusal(tmp_path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_vapid_key_that_others_can_read_stops_the_start(tmp_path: Path, mode: int) -> None:
    from_environment({"ALONGSIDE_DATA": str(tmp_path)})
    (tmp_path / "vapid-keys").chmod(mode)
    assert "vapid-keys" in refusal(tmp_path)


def test_a_vapid_key_that_has_gone_stops_the_start(tmp_path: Path) -> None:
    """Made anew by itself, it would silence every device that was subscribed with it."""
    from_environment({"ALONGSIDE_DATA": str(tmp_path)})
    (tmp_path / "vapid-keys").unlink()
    assert "ALONGSIDE_VAPID_KEYS" in refusal(tmp_path)
    anew = {"ALONGSIDE_DATA": str(tmp_path), "ALONGSIDE_VAPID_KEYS_LOST": "1"}
    assert from_environment(anew).vapid_keys_lost
    (tmp_path / "vapid-keys").unlink()
    (tmp_path / "vapid-keys.made").unlink()
    assert from_environment({"ALONGSIDE_DATA": str(tmp_path)}).vapid_keys


@pytest.mark.parametrize(
    ("environ", "subject"),
    [
        ({"ALONGSIDE_VAPID_SUBJECT": "mailto:you@example.org"}, "mailto:you@example.org"),
        ({"ALONGSIDE_VAPID_SUBJECT": "https://push.example.org"}, "https://push.example.org"),
        (
            {
                "ALONGSIDE_BASE_URL": "https://alongside.example.org",
                "ALONGSIDE_TRUSTED_PROXIES": "1",
            },
            "https://alongside.example.org",
        ),
        (MAIL | {"ALONGSIDE_MAIL_FROM": "a@example.org"}, "mailto:a@example.org"),
        (MAIL | {"ALONGSIDE_MAIL_FROM": "a@localhost"}, NOBODY_ANSWERS),
        ({}, NOBODY_ANSWERS),
    ],
)
def test_push_services_are_told_whom_to_turn_to(
    tmp_path: Path, environ: dict[str, str], subject: str
) -> None:
    assert from_environment({"ALONGSIDE_DATA": str(tmp_path), **environ}).vapid_subject == subject


def test_keys_are_given_newest_first(tmp_path: Path) -> None:
    newer = base64.urlsafe_b64encode(bytes(range(32))).decode()
    settings = from_environment(
        {"ALONGSIDE_DATA": str(tmp_path), "ALONGSIDE_SECRET_KEYS": f"{newer}, {KEY}"}
    )
    assert settings.secret_keys == (bytes(range(32)), bytes(32))
    assert not (tmp_path / "secret-keys").exists()


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = from_environment({"ALONGSIDE_DATA": str(tmp_path), "PORT": "8123"})
    assert settings.base_url == "http://127.0.0.1:8123"
    assert settings.database_url == f"sqlite:///{tmp_path}/alongside.db"
    assert not settings.demo
    assert settings.trusted_proxies == 0
    assert (settings.session_idle.days, settings.session_absolute.days) == (30, 180)
    assert not settings.is_https


def test_right_settings_are_taken(tmp_path: Path) -> None:
    settings = from_environment(
        {
            "ALONGSIDE_DATA": str(tmp_path / "new" / "folder"),
            "ALONGSIDE_BASE_URL": "https://cohort.example:8443/",
            "ALONGSIDE_DATABASE_URL": "postgresql://a:b@db.example:5432/alongside?sslmode=require",
            "ALONGSIDE_JOBS_URL": "postgresql://a:b@jobs.example:5432/jobs",
            "ALONGSIDE_SMTP_URL": "smtps://name:p%40ss@mail.example",
            "ALONGSIDE_MAIL_FROM": "alongside@cohort.example",
            "ALONGSIDE_TRUSTED_PROXIES": "2",
        }
    )
    assert settings.base_url == "https://cohort.example:8443"
    assert settings.is_https
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("said", [None, ""])
def test_behind_https_somebody_says_how_many_proxies_there_are(
    tmp_path: Path, said: str | None
) -> None:
    given = {"ALONGSIDE_BASE_URL": "https://cohort.example"}
    if said is not None:
        given["ALONGSIDE_TRUSTED_PROXIES"] = said
    told = refusal(tmp_path, **given)
    assert told.startswith("ALONGSIDE_TRUSTED_PROXIES must say how many")


@pytest.mark.parametrize("meant", ["0", "1", "2"])
def test_and_none_may_be_meant(tmp_path: Path, meant: str) -> None:
    given = {"ALONGSIDE_BASE_URL": "https://cohort.example", "ALONGSIDE_TRUSTED_PROXIES": meant}
    assert from_environment({**given, "ALONGSIDE_DATA": str(tmp_path)}).trusted_proxies == int(
        meant
    )
