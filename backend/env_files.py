"""Files of settings, as a service manager reads them (systemd.exec, "EnvironmentFile=")."""

import re
from pathlib import Path

from backend.key_files import SettingError

_LINE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*", re.ASCII)
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)\"""")
_PLAIN = re.compile(r"""((?:[^\\'"]|\\.)(?:[^\\]|\\.)*)?""")
_MARK = "\ufeff"  # what some editors put in front of a text; a service manager passes over the line


def settings_in(path: Path) -> dict[str, str]:
    """The settings in a file, by name: NAME=value on each line; lines from # on are comments.

    Values may be in quotes. A backslash escapes the character behind it: without quotes any,
    between double quotes only " \\ ` $, between single quotes none. Raises SettingError, which
    names the line's number and not its content.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingError(f"The settings in {path} cannot be read ({why}).") from None
    if text.startswith(_MARK):
        raise SettingError(
            f"Line 1 of {path} begins with a byte-order mark, which nobody sees and a service "
            "manager does not take: save the file as UTF-8 without one."
        )
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise SettingError(f"Line {number} of {path} must be like NAME=value.")
        value = _bare(parts[2])
        if value is None:
            raise SettingError(
                f"Line {number} of {path} does not end where its value does: what a quote opens, "
                "one closes at the line's end, and no backslash stands there."
            )
        found[parts[1]] = value
    return found


def _bare(value: str) -> str | None:
    """A value without its quotes and backslashes; None where its quotes do not match."""
    if quoted := _QUOTED.fullmatch(value):
        single, double = quoted.groups()
        return re.sub(r'\\(["\\`$])', r"\1", double) if single is None else single
    return re.sub(r"\\(.)", r"\1", value) if _PLAIN.fullmatch(value) else None
