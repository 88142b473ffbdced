"""Files of settings, as a service manager reads them (systemd.exec, "EnvironmentFile=")."""

import re
from pathlib import Path

from backend.key_files import SettingError

_LINE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*", re.ASCII)


def settings_in(path: Path) -> dict[str, str]:
    """What a file sets: NAME=value on each line, in quotes or without; lines from # on are remarks.

    Raises SettingError, which tells the line's number and not what it holds.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingError(f"The settings in {path} cannot be read ({why}).") from None
    found = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise SettingError(f"Line {number} of {path} must be like NAME=value.")
        found[parts[1]] = _bare(parts[2])
    return found


def _bare(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value
