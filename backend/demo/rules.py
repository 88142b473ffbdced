"""When the sample's way in is open."""

from collections.abc import Collection
from ipaddress import ip_address

FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")


def is_open(*, demo: bool, remote: str | None, host: str, headers: Collection[str]) -> bool:
    """Only for the sample's server, asked from its own machine, under its own name, with no proxy.

    The name is checked because a page elsewhere can point its own name at 127.0.0.1.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return (
        demo
        and _is_this_machine(remote)
        and name in ("127.0.0.1", "localhost", "[::1]")
        and not any(header.lower().startswith(FORWARDED) for header in headers)
    )


def _is_this_machine(remote: str | None) -> bool:
    try:
        return ip_address(remote or "").is_loopback
    except ValueError:  # a socket of the file system: somebody's proxy
        return False
