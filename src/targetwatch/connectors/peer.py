"""Which addresses a source may answer from: public ones, and those the operator has named.

The check is made on the peer that was connected to, so a name that resolves differently the second time gains
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from targetwatch.errors import SourceError

_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 addresses behind NAT64 carry the IPv4 address in their last four bytes."""


@dataclass(frozen=True, slots=True)
class Peers:
    """The addresses, networks and host names that may be private."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allowed: tuple[str, ...]) -> Peers:
        """Return the peers that a list such as ("10.1.2.0/24", "statistics.internal") allows."""
        networks, hosts = [], set()
        for entry in allowed:
            try:
                networks.append(ip_network(entry, strict=False))
            except ValueError:
                hosts.add(entry.casefold())
        return cls(tuple(networks), frozenset(hosts))

    def check(self, address: str, host: str) -> None:
        """Refuse a peer inside the network that nobody allowed."""
        peer = _real(ip_address(address.partition("%")[0]))
        if peer.is_global or host.casefold() in self.hosts or any(peer in network for network in self.networks):
            return
        raise SourceError(
            f"{host} is at {peer}, an address inside the network, expected a public one; "
            f"if it is meant, add '{peer}' to allow_private"
        )


def _real(peer: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside an IPv6 one that only wraps it."""
    if isinstance(peer, IPv4Address):
        return peer
    if peer in _TRANSLATED:
        return IPv4Address(peer.packed[-4:])
    return peer.ipv4_mapped or peer.sixtofour or peer
