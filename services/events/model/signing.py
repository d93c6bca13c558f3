"""Keys of tickets, check-in codes and certificates: what each signs, and what verifies it later.

A ticket lives as long as its event is ahead and a certificate for good, so public keys never
retire: a key that signs no more loses its private part only.
"""

from chassis.aggregate import begun
from chassis.signing import ALGORITHM, SigningSecret, new_secret
from contracts.events import facts, states


def new_key(
    id: str, region: str, now: str, signs_from: str
) -> tuple[SigningSecret, facts.EventKeyPublished]:
    """A fresh key: its secret, and the fact that tells the public part."""
    secret = new_secret(id, now, signs_from)
    state = states.EventKey(
        **begun(id, region, now), algorithm=ALGORITHM, curve=ALGORITHM, x=secret.public
    )
    return secret, facts.EventKeyPublished(event_key=state)
