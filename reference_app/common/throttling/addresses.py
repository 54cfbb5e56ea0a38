"""Whose request it is, as far as the address can tell."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

# The rest of an IPv6 address is the caller's to choose: a household gets at least this much.
NETWORK_BITS = 64


def client_of(request: HttpRequest) -> str:
    """Return the address of the caller: of IPv6 the network, such as `2001:db8::/64`.

    X-Forwarded-For is believed only as far as our own proxies have written it: each appends whom
    it got the request from, so with `THROTTLE_PROXIES` of them the caller is that many entries
    from the end. Where there are fewer entries, the request came around a proxy.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    proxies = settings.THROTTLE_PROXIES
    if proxies:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= proxies and (found := _network(hops[-proxies].strip())):
            return found
    # A server that listens on a Unix socket knows no peer.
    return _network(peer) or "unknown"


@lru_cache(maxsize=1024)
def _network(text: str) -> str:
    """Return the network of an address, empty where that is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if not isinstance(address, IPv6Address):
        return text
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    network = int(address) >> NETWORK_BITS << NETWORK_BITS
    return f"{IPv6Address(network)}/{NETWORK_BITS}"
