"""What an installation may decide. Only this module reads the environment."""

import base64
import binascii
import contextlib
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*")


class SettingError(Exception):
    """A setting is wrong or missing; its text is one sentence that names it."""


@dataclass(frozen=True)
class Settings:
    """One installation's settings, checked.

    `secret_keys` are 32-byte keys, newest first: the first seals, all open.
    `trusted_proxies` is how many reverse proxies of ours stand in front.
    """

    data: Path
    database_url: str
    jobs_url: str
    base_url: str
    secret_keys: tuple[bytes, ...]
    smtp_url: str | None = None
    mail_from: str | None = None
    demo: bool = False
    trusted_proxies: int = 0
    session_idle: timedelta = timedelta(days=30)
    session_absolute: timedelta = timedelta(days=180)
    app_folder: Path = Path(__file__).parent.parent / "pwa" / "dist"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ALONGSIDE_* variables; raises SettingError with one sentence."""
    data = Path(environ.get("ALONGSIDE_DATA") or "var").absolute()
    _make_folder(data)
    smtp_url = environ.get("ALONGSIDE_SMTP_URL") or None
    return Settings(
        data=data,
        database_url=_database_url(environ, data),
        jobs_url=_jobs_url(environ, data),
        base_url=_base_url(environ),
        secret_keys=_secret_keys(environ, data),
        smtp_url=_smtp_url(smtp_url),
        mail_from=_mail_from(environ, smtp_url),
        demo=_switch(environ, "ALONGSIDE_DEMO"),
        trusted_proxies=_whole_number(environ, "ALONGSIDE_TRUSTED_PROXIES", 0, 0, 10),
        session_idle=timedelta(
            days=_whole_number(environ, "ALONGSIDE_SESSION_IDLE_DAYS", 30, 1, 365)
        ),
        session_absolute=timedelta(
            days=_whole_number(environ, "ALONGSIDE_SESSION_ABSOLUTE_DAYS", 180, 1, 730)
        ),
    )


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"ALONGSIDE_DATA: the folder {data} cannot be made or used ({error.strerror})."
        ) from None
    if not os.access(data, os.W_OK | os.X_OK):
        raise SettingError(f"ALONGSIDE_DATA: this account may not write in the folder {data}.")


def _database_url(environ: Mapping[str, str], data: Path) -> str:
    url = environ.get("ALONGSIDE_DATABASE_URL") or f"sqlite:///{data / 'alongside.db'}"
    if not _is_store(url, "sqlite:///", "postgresql://", "postgresql+psycopg://"):
        raise SettingError(
            "ALONGSIDE_DATABASE_URL must begin with sqlite:/// or postgresql:// "
            "with what follows in order (leave it out for SQLite in the data folder)."
        )
    return url


def _jobs_url(environ: Mapping[str, str], data: Path) -> str:
    url = environ.get("ALONGSIDE_JOBS_URL") or f"sqlite:///{data / 'jobs.db'}"
    if not _is_store(url, "sqlite:///", "postgresql://", "redis://", "rediss://"):
        raise SettingError(
            "ALONGSIDE_JOBS_URL must begin with sqlite:///, postgresql:// or redis:// "
            "with what follows in order."
        )
    return url


def _is_store(url: str, *kinds: str) -> bool:
    """Whether `url` is of one of these kinds; of a file, whether its folder is there."""
    parts = _parts(url)
    if parts is None or not url.startswith(kinds):
        return False
    return parts.scheme != "sqlite" or Path(url.removeprefix("sqlite:///")).parent.is_dir()


def _parts(url: str) -> SplitResult | None:
    """A URL in its parts; None when it cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # is read only now
    except ValueError:
        return None
    return parts if url.isprintable() and " " not in url else None


def _base_url(environ: Mapping[str, str]) -> str:
    port = _whole_number(environ, "PORT", 8000, 1, 65535)
    url = (environ.get("ALONGSIDE_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    parts = _parts(url)
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
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise SettingError(
            "ALONGSIDE_BASE_URL must begin with https:// unless it is this machine itself: "
            "sign-in and the offline app need it."
        )
    return url


def _smtp_url(url: str | None) -> str | None:
    if url is None:
        return None
    parts = _parts(url)
    if parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(
            "ALONGSIDE_SMTP_URL must look like smtp://name:password@mail.example:587 "
            "(or smtps:// for TLS from the first byte)."
        )
    return url


def _mail_from(environ: Mapping[str, str], smtp_url: str | None) -> str | None:
    sender = environ.get("ALONGSIDE_MAIL_FROM") or None
    if smtp_url and (not sender or not _ADDRESS.fullmatch(sender)):
        raise SettingError(
            "ALONGSIDE_MAIL_FROM must be the one address that mail comes from "
            "when ALONGSIDE_SMTP_URL is set."
        )
    return sender


def _whole_number(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text[:9]) <= high):
        raise SettingError(f"{name} must be a whole number from {low} to {high}.")
    return int(text)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "0")
    if text not in ("", "0", "1"):
        raise SettingError(f"{name} must be 1 (on) or 0 (off).")
    return text == "1"


def _secret_keys(environ: Mapping[str, str], data: Path) -> tuple[bytes, ...]:
    """Keys from ALONGSIDE_SECRET_KEYS, or from a file made once in the data folder."""
    text = environ.get("ALONGSIDE_SECRET_KEYS")
    if text is None:
        text = _kept_keys(data / "secret-keys")
    keys = tuple(
        _key(number, part) for number, part in enumerate(text.replace(",", " ").split(), 1)
    )
    if not keys:
        raise SettingError("ALONGSIDE_SECRET_KEYS holds no key; leave it out to have one made.")
    return keys


def _key(number: int, text: str) -> bytes:
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise SettingError(
            f"ALONGSIDE_SECRET_KEYS: key {number} must be 32 bytes written in URL-safe base64."
        )
    return key


def _kept_keys(path: Path) -> str:
    if not path.exists():
        _make_key(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingError(
            f"ALONGSIDE_SECRET_KEYS: other accounts can read {path}; run: chmod 600 {path}"
        )
    return path.read_text()


def _make_key(path: Path) -> None:
    """Whole or not at all, even where two start at once or the power goes: words hang on it."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was faster
        os.link(draft, path)
    draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
