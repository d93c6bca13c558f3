"""Whose request it is when proxies stand between: the first address that no trusted proxy has."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


class Proxies:
    """Addresses and networks whose `X-Forwarded-For` is believed; nobody's by default."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = [ip_network(one) for one in trusted]

    def client(self, peer: str, forwarded: str | None) -> str:
        """The client's address; read from the right, for a client may write what he likes."""
        told = [one.strip() for one in (forwarded or "").split(",") if one.strip()]
        while told and self._is_trusted(peer):
            if not is_address(told[-1]):
                break
            peer = told.pop()
        return peer

    def _is_trusted(self, address: str) -> bool:
        if not self._networks or not is_address(address):
            return False
        known = ip_address(address)
        return any(known in network for network in self._networks)


def is_address(text: str) -> bool:
    """Whether the text is one IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
