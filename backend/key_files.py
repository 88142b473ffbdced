"""Files of secret keys: made once, readable by this account only, written atomically."""

import base64
import binascii
import contextlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path


class SettingError(Exception):
    """A setting is wrong or missing; its text is one sentence that names it."""


def keys_of(name: str, text: str) -> tuple[bytes, ...]:
    """The keys (32 bytes each) in a text: URL-safe base64, separated by comma, space or line.

    `name`: the setting's, for the message of the SettingError that is raised for a wrong key.
    """
    parts = text.replace(",", " ").split()
    keys = tuple(_key(name, number, part) for number, part in enumerate(parts, 1))
    if not keys:
        raise SettingError(f"{name} holds no key; leave it out to have one made.")
    return keys


def _key(name: str, number: int, text: str) -> bytes:
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise SettingError(f"{name}: key {number} must be 32 bytes written in URL-safe base64.")
    return key


def must_be_there(name: str, path: Path) -> None:
    """Raise SettingError where a file or folder of the installation is missing."""
    if not path.exists():
        raise SettingError(
            f"{name}: there is no {path}, so no installation was begun here: `make serve` begins "
            "one, and commands find one that has settings of its own by --env-file."
        )


def kept_keys(name: str, path: Path, *, begins: bool = True) -> str:
    """The text of a file of keys. With `begins`, a missing file is made, with one random key.

    Raises SettingError where it is missing, unreadable, or readable by other accounts.
    """
    if not begins:
        must_be_there(name, path)
    elif not path.exists():
        try:
            keep_keys(path, [secrets.token_bytes(32)])
        except OSError as error:  # a full disk, as a rule
            raise SettingError(f"{name}: {path} cannot be written ({error.strerror}).") from None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingError(f"{name}: other accounts can read {path}; run: chmod 600 {path}")
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it holds no keys"
        raise SettingError(f"{name}: {path} cannot be read ({why}).") from None


def keys_made_once(name: str, path: Path, *, anew: bool, begins: bool = True) -> str:
    """As `kept_keys`, but a file that was made once and is gone is made again only with `anew`.

    A second file, NAME.made, remembers that there was one.
    """
    made = path.with_name(f"{path.name}.made")
    if made.exists() and not path.exists() and not anew:
        raise SettingError(
            f"{name}: {path} has gone, and devices rely on the keys in it: put it back from a copy "
            "(docs/running.md says what to do where it is lost)."
        )
    text = kept_keys(name, path, begins=begins)
    made.touch(0o600)
    return text


def keep_keys(path: Path, keys: Sequence[bytes], *, instead: bool = False) -> None:
    """Write a file of keys, one a line, atomically: also where two start at once or power fails.

    An existing file stays as it is, unless `instead` is set: then it is replaced.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.writelines(base64.urlsafe_b64encode(key).decode() + "\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        draft.unlink()
        raise
    if instead:
        draft.replace(path)
    else:
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.link(draft, path)
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
