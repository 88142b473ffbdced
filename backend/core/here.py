"""Whether a request comes from the machine that the server runs on, and from nowhere else."""

from collections.abc import Collection
from ipaddress import ip_address

FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")


def is_asked_here(*, remote: str | None, host: str, headers: Collection[str]) -> bool:
    """Asked from this very machine, under its own name, with no proxy between.

    The name is checked because a page elsewhere can point its own name at 127.0.0.1, and because
    a proxy on this machine keeps the name that people know.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return (
        is_loopback(remote)
        and name in ("127.0.0.1", "localhost", "[::1]")
        and not any(header.lower().startswith(FORWARDED) for header in headers)
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host, as a name or an address, is this machine and leaves it by no wire."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:  # another name; or a socket of the file system: somebody's proxy
        return False
