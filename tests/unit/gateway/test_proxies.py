"""Whose request it is: a trusted proxy's word counts, a client's does not."""

import pytest

from gateway.proxies import Proxies

HERE, PROXY, INNER, CLIENT = "127.0.0.1", "10.0.0.1", "10.0.0.2", "203.0.113.9"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ((), PROXY, CLIENT, PROXY),
        ((PROXY,), PROXY, None, PROXY),
        ((PROXY,), PROXY, "", PROXY),
        ((PROXY,), PROXY, CLIENT, CLIENT),
        ((PROXY,), CLIENT, "198.51.100.1", CLIENT),
        ((PROXY,), PROXY, f"198.51.100.1, {CLIENT}", CLIENT),
        (("10.0.0.0/8",), PROXY, f"{CLIENT}, {INNER}", CLIENT),
        (("10.0.0.0/8",), PROXY, INNER, INNER),
        ((PROXY,), PROXY, "unknown", PROXY),
        ((PROXY,), PROXY, f"{CLIENT}, not an address", PROXY),
        (("fd00::/8",), "fd00::1", "2001:db8::5", "2001:db8::5"),
        ((PROXY,), "a unix socket", CLIENT, "a unix socket"),
    ],
)
def test_the_client_is_the_first_whom_no_trusted_proxy_is(trusted, peer, forwarded, client):
    assert Proxies(trusted).client(peer, forwarded) == client
