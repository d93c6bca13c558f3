"""Whose request it is: a trusted proxy's word counts, a client's does not."""

from tests.support.gateway import House

HERE, PROXY, INNER, CLIENT = "127.0.0.1", "10.0.0.1", "10.0.0.2", "203.0.113.9"


def statuses(house, *clients):
    return [house.get("/v1/areas", X_Forwarded_For=client).status_code for client in clients]


def test_clients_behind_a_trusted_proxy_are_limited_each_by_himself():
    house = House(rate_limit_per_minute=1, trusted_proxies=(HERE,))

    assert statuses(house, CLIENT, "203.0.113.10", CLIENT) == [200, 200, 429]


def test_who_is_not_trusted_cannot_get_round_the_limit():
    house = House(rate_limit_per_minute=1)

    assert statuses(house, CLIENT, "203.0.113.10") == [200, 429]
