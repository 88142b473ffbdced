"""Whether a request comes from the machine that the server runs on, and from nowhere else."""

from collections.abc import Collection
from ipaddress import ip_address

FORWARDED = ("forwarded", "x-forwarded-", "x-real-ip", "via")


def is_local_request(*, remote: str | None, host: str, headers: Collection[str]) -> bool:
    """Whether a request comes from this machine, for a loopback host, through no proxy.

    `remote`: the client's address; `host`: the Host header; `headers`: the names of all headers.
    The host is checked because a page elsewhere can point its own name at 127.0.0.1, and because
    a proxy on this machine keeps the name that people know.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return (
        is_loopback(remote)
        and name in ("127.0.0.1", "localhost", "[::1]")
        and not any(header.lower().startswith(FORWARDED) for header in headers)
    )


def is_loopback(host: str | None) -> bool:
    """Whether a host, as a name or an address, is this machine's loopback interface."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:  # another name; or a socket of the file system: somebody's proxy
        return False
