"""An installation's settings. Only this module reads the environment."""

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from backend.env_files import settings_in
from backend.key_files import SettingError as SettingError
from backend.key_files import kept_keys, keys_made_once, keys_of, must_be_there
from backend.urls import (
    ADDRESS,
    file_of,
    is_database_url,
    is_real_contact,
    is_this_machine,
    parts_of,
)

NOBODY_ANSWERS = "https://example.org"  # on this machine only; a real installation has an address
NO_TLS = "tls=never"  # behind ALONGSIDE_SMTP_URL
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SEC 2, 2.4.2

OURS = "ALONGSIDE_"
NAMES = (
    *("DATA", "DATABASE_URL", "JOBS_URL", "BASE_URL", "TRUSTED_PROXIES", "METRICS_TOKEN", "DEMO"),
    *("SECRET_KEYS", "VAPID_KEYS", "VAPID_KEYS_LOST", "VAPID_SUBJECT", "PUSH_HOSTS"),
    *("SMTP_URL", "MAIL_FROM", "SESSION_IDLE_DAYS", "SESSION_ABSOLUTE_DAYS", "RUN_BY", "SUPPORT"),
    "AWAY_YEARS",
)
KNOWN = frozenset(OURS + name for name in NAMES)
OF_THE_TOOLS = (f"{OURS}TEST_", f"{OURS}CHROMIUM", f"{OURS}OWN_NODE", f"{OURS}RENEW_SCREENSHOTS")
# What Kubernetes and Docker set by themselves where they call a service "alongside".
OF_A_SERVICE = re.compile(
    OURS + r"(\w+_)?((SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_\w+)?)=|PORT=\w+:/)"
)

OF_THE_SAMPLE = ("var", "sample")  # how its folder's path ends

# What people read of whoever runs this has to fit on a small phone.
LONGEST_RUN_BY, LONGEST_NAME, LONGEST_LINE, MOST_LINES = 120, 80, 160, 8


@dataclass(frozen=True)
class SupportLine:
    """Somebody people can turn to, and how: a number, an address, hours."""

    name: str
    line: str


@dataclass(frozen=True)
class Settings:
    """One installation's settings, checked.

    `secret_keys` are 32-byte keys, newest first: the first seals, all open.
    `vapid_keys` are the private P-256 numbers that sign pushes, newest first, and
    `vapid_subject` is whom a push service may turn to (RFC 8292). `push_origins` are push
    services besides the known ones. `trusted_proxies` is how many reverse proxies of ours
    stand in front. `metrics_token` is the key to /metrics from other machines. `run_by` is what
    people read of who runs this, and `support` to whom they can turn. Who is signed in nowhere for
    `away_years` is written to, and erased.
    """

    data: Path
    database_url: str
    jobs_url: str
    base_url: str
    secret_keys: tuple[bytes, ...]
    vapid_keys: tuple[bytes, ...]
    vapid_subject: str = NOBODY_ANSWERS
    vapid_keys_lost: bool = False  # devices that none of them reaches are given up
    push_origins: tuple[str, ...] = ()
    smtp_url: str | None = None
    mail_from: str | None = None
    demo: bool = False
    trusted_proxies: int = 0
    metrics_token: str | None = None
    session_idle: timedelta = timedelta(days=30)
    session_absolute: timedelta = timedelta(days=180)
    away_years: int = 2
    run_by: str | None = None
    support: tuple[SupportLine, ...] = ()
    app_folder: Path = Path(__file__).parent.parent / "pwa" / "dist"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def names_the_database(self) -> str:
        """The name of the setting that says where the database is."""
        is_there = self.database_url == f"sqlite:///{self.data / 'alongside.db'}"
        return f"{OURS}DATA" if is_there else f"{OURS}DATABASE_URL"

    @property
    def vapid_file(self) -> Path:
        """Where the keys that sign pushes are kept, unless the environment gives them."""
        return self.data / "vapid-keys"


def environment(more: Path | None = None) -> dict[str, str]:
    """The process' environment, overridden by the settings in the file `more`."""
    return {**os.environ, **(settings_in(more) if more else {})}


def from_environment(environ: Mapping[str, str] = os.environ, *, begins: bool = True) -> Settings:
    """Settings from ALONGSIDE_* variables; raises SettingError with one sentence.

    With `begins`, a folder and keys that are missing are made. Without, they have to be there: so
    a command or server that looks in the wrong place does not make a second installation.
    """
    _refuse_unknown_names(environ)
    data = Path(environ.get("ALONGSIDE_DATA") or "var").absolute()
    base_url = _base_url(environ)
    demo = _demo(environ, base_url, data)
    _usable_folder(data, begins=begins)
    smtp_url = environ.get("ALONGSIDE_SMTP_URL") or None
    mail_from = _mail_from(environ, smtp_url)
    database_url = _database_url(environ, data, begins=begins)
    return Settings(
        data=data,
        database_url=database_url,
        jobs_url=_jobs_url(environ, data, database_url),
        base_url=base_url,
        secret_keys=_secret_keys(environ, data, begins=begins),
        vapid_keys=_vapid_keys(environ, data, begins=begins),
        vapid_subject=_vapid_subject(environ, base_url, mail_from),
        vapid_keys_lost=_switch(environ, "ALONGSIDE_VAPID_KEYS_LOST"),
        push_origins=_push_origins(environ),
        smtp_url=_smtp_url(smtp_url),
        mail_from=mail_from,
        demo=demo,
        trusted_proxies=_trusted_proxies(environ, base_url),
        metrics_token=_metrics_token(environ),
        session_idle=timedelta(
            days=_whole_number(environ, "ALONGSIDE_SESSION_IDLE_DAYS", 30, 1, 365)
        ),
        session_absolute=timedelta(
            days=_whole_number(environ, "ALONGSIDE_SESSION_ABSOLUTE_DAYS", 180, 1, 730)
        ),
        away_years=_whole_number(environ, "ALONGSIDE_AWAY_YEARS", 2, 1, 50),
        run_by=_run_by(environ),
        support=_support(environ),
    )


def _refuse_unknown_names(environ: Mapping[str, str]) -> None:
    """Raise SettingError for an unknown ALONGSIDE_* name: mistyped, a setting would be missing."""
    for name, value in environ.items():
        if not name.upper().startswith(OURS) or name in KNOWN or name.startswith(OF_THE_TOOLS):
            continue
        if OF_A_SERVICE.match(f"{name}={value}"):
            continue
        near = difflib.get_close_matches(name.upper().removeprefix(OURS), [*NAMES, "PORT"], 1)
        meant = "docs/running.md lists all there are"
        if near:
            meant = f"perhaps {near[0] if near[0] == 'PORT' else OURS + near[0]} is meant"
        raise SettingError(f"{name} is no setting of this version: {meant}.")


def _usable_folder(data: Path, *, begins: bool) -> None:
    try:
        if begins:
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"ALONGSIDE_DATA: the folder {data} cannot be made or used ({error.strerror})."
        ) from None
    if data.exists() and not os.access(data, os.W_OK | os.X_OK):
        raise SettingError(f"ALONGSIDE_DATA: this account may not write in the folder {data}.")


def _database_url(environ: Mapping[str, str], data: Path, *, begins: bool) -> str:
    url = environ.get("ALONGSIDE_DATABASE_URL")
    if not url:
        if not begins:
            must_be_there("ALONGSIDE_DATA", data / "alongside.db")
        return f"sqlite:///{data / 'alongside.db'}"
    if not is_database_url(url, "sqlite:///", "postgresql://", "postgresql+psycopg://"):
        raise SettingError(
            "ALONGSIDE_DATABASE_URL must begin with sqlite:/// or postgresql:// "
            "with what follows in order (leave it out for SQLite in the data folder)."
        )
    if url.startswith("sqlite") and not begins:
        must_be_there("ALONGSIDE_DATABASE_URL", file_of(url))
    return url


def _jobs_url(environ: Mapping[str, str], data: Path, database_url: str) -> str:
    url = environ.get("ALONGSIDE_JOBS_URL") or f"sqlite:///{data / 'jobs.db'}"
    if not is_database_url(url, "sqlite:///", "postgresql://"):
        raise SettingError(
            "ALONGSIDE_JOBS_URL must begin with sqlite:/// or postgresql:// with what follows in "
            "order (leave it out for SQLite in the data folder)."
        )
    if url == database_url and url.startswith("sqlite"):
        raise SettingError("ALONGSIDE_JOBS_URL must be another file than the database's.")
    return url


def _base_url(environ: Mapping[str, str]) -> str:
    port = _whole_number(environ, "PORT", 8000, 1, 65535)
    url = (environ.get("ALONGSIDE_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    parts = parts_of(url)
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or f"{parts.scheme}://{parts.netloc}" != url
        or "@" in parts.netloc
    ):
        raise SettingError(
            "ALONGSIDE_BASE_URL must be the address people open, like https://alongside.example "
            "with nothing behind the host."
        )
    if parts.scheme == "http" and not is_this_machine(url):
        raise SettingError(
            "ALONGSIDE_BASE_URL must begin with https:// unless it is this machine itself: "
            "sign-in and the offline app need it."
        )
    return url


def _trusted_proxies(environ: Mapping[str, str], base_url: str) -> int:
    """How many proxies' forwarded addresses to trust. With https it has to be set."""
    name = "ALONGSIDE_TRUSTED_PROXIES"
    if base_url.startswith("https://") and not environ.get(name):
        raise SettingError(
            f"{name} must say how many reverse proxies of yours stand in front, mostly 1: with 0 "
            "all who come through one count as one, and a stranger uses up everybody's sign-ins."
        )
    return _whole_number(environ, name, 0, 0, 10)


def _smtp_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = parts_of(url)
    if parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(
            "ALONGSIDE_SMTP_URL must look like smtp://name:password@mail.example:587 "
            "(or smtps:// for TLS from the first byte)."
        )
    is_clear = parts.query == NO_TLS and parts.scheme == "smtp" and "@" not in parts.netloc
    if not (parts.query == "" or is_clear) or parts.path not in ("", "/") or parts.fragment:
        raise SettingError(
            f"ALONGSIDE_SMTP_URL takes nothing behind host and port but ?{NO_TLS}, that without a "
            "name and password, which are never sent in the clear, and with smtp:// only."
        )
    return url


def _mail_from(environ: Mapping[str, str], smtp_url: str | None) -> str | None:
    sender = environ.get("ALONGSIDE_MAIL_FROM") or None
    if smtp_url and (not sender or not ADDRESS.fullmatch(sender)):
        raise SettingError(
            "ALONGSIDE_MAIL_FROM must be the one address that mail comes from "
            "when ALONGSIDE_SMTP_URL is set."
        )
    return sender


def _metrics_token(environ: Mapping[str, str]) -> str | None:
    token = environ.get("ALONGSIDE_METRICS_TOKEN") or None
    if token is not None and not re.fullmatch(r"[\x21-\x7e]{20,200}", token):
        raise SettingError(
            "ALONGSIDE_METRICS_TOKEN must be 20 to 200 letters and signs without a space "
            "(leave it out, and only this machine may ask)."
        )
    return token


def _run_by(environ: Mapping[str, str]) -> str | None:
    name = (environ.get("ALONGSIDE_RUN_BY") or "").strip()
    if not (name.isprintable() and len(name) <= LONGEST_RUN_BY):
        raise SettingError(
            f"ALONGSIDE_RUN_BY must be a name on one line, of {LONGEST_RUN_BY} letters at most."
        )
    return name or None


def _support(environ: Mapping[str, str]) -> tuple[SupportLine, ...]:
    """Who is behind each `name: line`. A line may hold a colon, as addresses do; no semicolon."""
    text = (environ.get("ALONGSIDE_SUPPORT") or "").strip().removesuffix(";")
    entries = [entry.partition(":") for entry in text.split(";")] if text else []
    lines = tuple(SupportLine(name.strip(), line.strip()) for name, _, line in entries)
    fits = all(
        0 < len(one.name) <= LONGEST_NAME and 0 < len(one.line) <= LONGEST_LINE for one in lines
    )
    if not (fits and text.isprintable() and len(lines) <= MOST_LINES):
        raise SettingError(
            "ALONGSIDE_SUPPORT must look like Samaritans: 116 123; Staff support: 0141 496 0000, "
            f"with {MOST_LINES} lines at most, names of {LONGEST_NAME} letters and what follows "
            f"of {LONGEST_LINE}."
        )
    return lines


def _whole_number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        raise SettingError(f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def _demo(environ: Mapping[str, str], base_url: str, data: Path) -> bool:
    """Whether the sample cohort may be made and looked at: only on this machine, in its folder."""
    name = "ALONGSIDE_DEMO"
    is_on = _switch(environ, name)
    if is_on and not is_this_machine(base_url):
        raise SettingError(
            f"{name} is for the sample cohort on this machine: leave it out where "
            "ALONGSIDE_BASE_URL is an address for others."
        )
    if is_on and data.parts[-2:] != OF_THE_SAMPLE:
        raise SettingError(
            f"{name} is for the sample cohort, which keeps to a folder of its own, var/sample: "
            f"leave it out where ALONGSIDE_DATA is {data}."
        )
    return is_on


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "0")
    if text not in ("", "0", "1"):
        raise SettingError(f"{name} must be 1 (on) or 0 (off).")
    return text == "1"


def _secret_keys(environ: Mapping[str, str], data: Path, *, begins: bool) -> tuple[bytes, ...]:
    """Keys from ALONGSIDE_SECRET_KEYS, or from a file made once in the data folder."""
    name = "ALONGSIDE_SECRET_KEYS"
    text = environ.get(name)
    if text is None:
        text = kept_keys(name, data / "secret-keys", begins=begins)
    return keys_of(name, text)


def _vapid_keys(environ: Mapping[str, str], data: Path, *, begins: bool) -> tuple[bytes, ...]:
    """Keys from ALONGSIDE_VAPID_KEYS, or from a file made once in the data folder.

    A file that is missing is not made again, as no device that subscribed with the old key would
    get pushes any more.
    """
    name = "ALONGSIDE_VAPID_KEYS"
    text = environ.get(name)
    if text is None:
        is_lost = _switch(environ, f"{name}_LOST")
        text = keys_made_once(name, data / "vapid-keys", anew=is_lost, begins=begins)
    keys = keys_of(name, text)
    if len(keys) > 2 or not all(0 < int.from_bytes(key) < ORDER_OF_P256 for key in keys):
        raise SettingError(f"{name} must hold one or two private keys of the curve P-256.")
    return keys


def _vapid_subject(environ: Mapping[str, str], base_url: str, mail_from: str | None) -> str:
    """The contact for push services (`sub`): as given, else the mail sender, else our address."""
    given = environ.get("ALONGSIDE_VAPID_SUBJECT")
    if given is None:
        own = [f"mailto:{mail_from}" if mail_from else "", base_url]
        return next((text for text in own if is_real_contact(text)), NOBODY_ANSWERS)
    if not is_real_contact(given):
        raise SettingError(
            "ALONGSIDE_VAPID_SUBJECT must be a real address that push services can turn to, "
            "like mailto:you@example.org or https://example.org."
        )
    return given


def _push_origins(environ: Mapping[str, str]) -> tuple[str, ...]:
    origins = tuple(environ.get("ALONGSIDE_PUSH_HOSTS", "").replace(",", " ").split())
    for origin in origins:
        parts = parts_of(origin)
        if (
            parts is None
            or not parts.hostname
            or f"{parts.scheme}://{parts.netloc}" != origin.lower()
            or "@" in origin
            or parts.scheme not in (("https", "http") if is_this_machine(origin) else ("https",))
        ):
            raise SettingError(
                "ALONGSIDE_PUSH_HOSTS must hold origins by comma, like https://push.example.org, "
                "with nothing behind the host and port."
            )
    return origins
