"""IP addresses: which are on the public Internet, and which network counts as one client."""

import ipaddress

# Addresses that are nobody's on the public Internet, whatever `is_global` says of them: it
# lets through multicast, and private ones in the clothes of another network.
# IANA's special-purpose address registries (RFC 6890).
SPECIAL_PURPOSE_4 = """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24
    198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
"""
PRIVATE_4 = tuple(map(ipaddress.IPv4Network, SPECIAL_PURPOSE_4.split()))
# Where the last four bytes of an IPv6 address are an IPv4 address: mapped, compatible (RFC 4291,
# 2.5.5), and behind a translator (RFC 6052).
HOLDS_4 = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96")))
PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
SPECIAL_PURPOSE_6 = "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20"
PRIVATE_6 = tuple(map(ipaddress.IPv6Network, SPECIAL_PURPOSE_6.split()))


def is_public(address: str) -> bool:
    """Whether an IP address, in the form that a socket takes, is on the public Internet."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # with a zone behind it, say: an address of this link
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in PRIVATE_4)
    return found in PUBLIC_6 and not any(found in network for network in PRIVATE_6)


def network_of(address: str | None) -> str:
    """The network by which rate limits count: an IPv4 address, or the /64 of an IPv6 address.

    A /64 is what one household or phone is given at least (RFC 6177), too many addresses to limit
    one by one. "here" for what is no address (a Unix socket). The port that some proxies add (RFC
    7239, 6.3) is left out, as each connection has another.
    """
    told = _without_port((address or "").strip().strip('"')).partition("%")[0]
    try:
        found = ipaddress.ip_address(told)
    except ValueError:
        return "here"
    if isinstance(found, ipaddress.IPv6Address):
        if not any(found in network for network in HOLDS_4):
            return str(ipaddress.IPv6Network((found, 64), strict=False))
        found = ipaddress.IPv4Address(found.packed[-4:])
    return str(found)


def _without_port(address: str) -> str:
    if address.startswith("["):
        return address[1:].partition("]")[0]
    before, _, last = address.rpartition(":")
    return before if "." in before and last.isdecimal() else address
