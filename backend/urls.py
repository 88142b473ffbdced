"""URLs and addresses as settings hold them."""

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)*")

# Names that no push service can turn to (RFC 6761, RFC 6762).
MADE_UP = frozenset({"localhost", "local", "invalid", "test", "example", "localdomain", "internal"})


def is_database_url(url: str, *kinds: str) -> bool:
    """Whether `url` begins with one of `kinds` and can be a database.

    A SQLite file has to be in an existing folder, and be a file or not there yet; not in memory.
    """
    parts = parts_of(url)
    if parts is None or not url.startswith(kinds):
        return False
    if parts.scheme != "sqlite":
        return True
    file = file_of(url)
    is_file = file.is_file() or not file.exists()
    return is_file and file.parent.is_dir() and not re.search(r"[?#]|^:memory:$|^$", str(file))


def file_of(sqlite_url: str) -> Path:
    """The file behind a URL that begins with sqlite:///."""
    return Path(sqlite_url.removeprefix("sqlite:///"))


def location_of(url: str) -> str:
    """Where a database is, without name and password: its file, or "name at host:port"."""
    parts = parts_of(url)
    if parts is None or parts.scheme == "sqlite":
        return str(file_of(url))
    host = parts.netloc.rpartition("@")[2]
    return parts.path[1:] + (f" at {host}" if host else "")


def is_this_machine(url: str) -> bool:
    """Whether a URL's host is this machine's loopback interface."""
    parts = parts_of(url)
    return parts is not None and parts.hostname in ("127.0.0.1", "localhost", "::1")


def parts_of(url: str) -> SplitResult | None:
    """A URL in its parts; None when it cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # is read only now
    except ValueError:
        return None
    return parts if url.isprintable() and " " not in url else None


def is_real_contact(text: str) -> bool:
    """Whether push services take `text` as `sub`: Apple refuses made-up hosts and spaces."""
    if text.startswith("mailto:"):
        host = text.rpartition("@")[2]
        if not ADDRESS.fullmatch(text.removeprefix("mailto:")):
            return False
    else:
        host = text.removeprefix("https://")
        if host == text:
            return False
    is_host = re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*", host.lower())
    return is_host is not None and host.lower().rpartition(".")[2] not in MADE_UP
