"""Which network addresses a URL given by a user may lead to."""

from ipaddress import IPv4Address, IPv6Address, ip_address

NAT64_PREFIX = 0x0064FF9B << 96  # RFC 6052: the last 32 bits are an IPv4 address


def private_reason(address: str) -> str | None:
    """Why this IP address is not one of the public internet, or `None` where it is.

    >>> private_reason("169.254.169.254")
    'link-local'
    >>> private_reason("::ffff:10.0.0.1")
    'private'
    >>> private_reason("93.184.215.14") is None
    True
    """
    try:
        ip = _unwrapped(ip_address(address.split("%")[0]))
    except ValueError:
        return "not an IP address"
    for name in ("unspecified", "loopback", "link-local", "multicast", "private", "reserved"):
        if getattr(ip, f"is_{name.replace('-', '_')}"):
            return name
    return None if ip.is_global else "private"


def allowed_hosts(text: str) -> frozenset[str]:
    """The hosts of a comma separated setting, as they are compared.

    >>> sorted(allowed_hosts("NAS.local, 10.0.0.5 "))
    ['10.0.0.5', 'nas.local']
    """
    return frozenset(part.strip().strip("[]").lower().rstrip(".") for part in text.split(",") if part.strip())


def _unwrapped(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, NAT64): it is where the packets end."""
    if isinstance(ip, IPv4Address):
        return ip
    if (inner := ip.ipv4_mapped or ip.sixtofour) is not None:
        return inner
    if int(ip) >> 32 == NAT64_PREFIX >> 32:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
