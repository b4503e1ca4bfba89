"""Who tries a passcode, and how this server is reached, for the link that is given away."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

from equipoise.app.access import LOOPBACK_HOSTS, Access

# What one household or host is given of IPv6 at the least (RFC 6177).
_IPV6_PREFIX = 64


def source_of(request: Request) -> str:
    """Return where a request comes from, for limits: an IPv4 address, or the network of an IPv6 one."""
    access: Access = request.app.state.access
    return network_of(access.address(request))


def network_of(address: str) -> str:
    """Return the network of which an address is one of many that somebody has.

    >>> network_of("192.0.2.1"), network_of("::ffff:192.0.2.1"), network_of("2001:db8:1:2:3:4:5:6")
    ('192.0.2.1', '192.0.2.1', '2001:db8:1:2::/64')
    """
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _IPV6_PREFIX), strict=False))
    # What is no address counts as one: nobody gets a limit of their own by writing nonsense.
    return str(found) if found is not None else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_encrypted(request: Request) -> bool:
    """Return whether the browser reaches this server by HTTPS, ours or that of the proxy before it."""
    access: Access = request.app.state.access
    return access.encrypted or request.url.scheme == "https"


def own_address(request: Request) -> str:
    """Return this server's address as the one who asks reached it."""
    host = request.headers.get("host", request.url.netloc)
    return f"{'https' if is_encrypted(request) else 'http'}://{host}"


def is_here_alone(address: str) -> bool:
    """Return whether an address leads to this computer from this computer alone.

    >>> is_here_alone("http://127.0.0.1:8000"), is_here_alone("https://desk.example.org")
    (True, False)
    """
    host = address.partition("://")[2]
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host) in LOOPBACK_HOSTS
