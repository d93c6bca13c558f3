"""Keys that sign tickets, codes and certificates: told a day before they sign, good for ever."""

from collections.abc import Callable

from chassis import clock, signing
from chassis.signing import SigningSecret
from contracts.events import states
from services.events.model.ports import Work
from services.events.model.signing import new_key
from services.events.model.ticket import ticket


def signing_key(work: Work) -> SigningSecret:
    """The key that signs now; the very first is made when it is needed."""
    key = signing.signing(work.signing_secrets.all(), work.now)
    return key or _add_key(work, work.now)


def rotate_keys(work: Work) -> None:
    """Make the successor when the newest key is old; forget private parts that a newer replaced."""
    keys = work.signing_secrets.all()
    if signing.needs_next(keys, work.now, work.policy.signing_key_days):
        _add_key(work, signing.first_signature(keys, work.now))
    current = signing.signing(keys, work.now)
    for key in keys:
        if current and key.signs_from < current.signs_from:
            work.signing_secrets.remove(key.id)


def ticketing(work: Work, event: states.Event) -> Callable[[str], str]:
    """Signs a ticket for a registration id; the key is fetched with the first one."""
    keys: list[SigningSecret] = []

    def signed(registration_id: str) -> str:
        if not keys:
            keys.append(signing_key(work))
        return ticket(keys[0], work.policy.issuer, event, registration_id, work.now)

    return signed


def public_parts(work: Work) -> Callable[[str], str | None]:
    """Gives the public part of the key with an id, each looked up once."""
    known: dict[str, str | None] = {}

    def public_of(id: str) -> str | None:
        if id not in known:
            key = work.event_keys.get(id)
            known[id] = key.x if key else None
        return known[id]

    return public_of


def _add_key(work: Work, signs_from: str) -> SigningSecret:
    secret, fact = new_key(clock.new_id(), work.region, work.now, signs_from)
    work.signing_secrets.add(secret)
    work.record(fact)
    return secret
