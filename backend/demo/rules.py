"""When the sample's way in is open."""

from collections.abc import Collection
from ipaddress import ip_address

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")


def is_open(*, demo: bool, remote: str | None, host: str, headers: Collection[str]) -> bool:
    """Only for the sample's server, asked from its own machine, under its own name, with no proxy.

    The name is checked because a page elsewhere can point its own name at 127.0.0.1.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return (
        demo
        and remote is not None
        and ip_address(remote).is_loopback
        and name in ("127.0.0.1", "localhost", "[::1]")
        and not any(header in headers for header in FORWARDED)
    )
