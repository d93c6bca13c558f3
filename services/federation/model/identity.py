"""The region as others know it: one key, made once and changed by pairing anew only."""

from chassis.aggregate import begun
from chassis.signing import SigningSecret, new_secret
from contracts.federation import facts, states


def publish(
    id: str, region: str, name: str, now: str
) -> tuple[SigningSecret, facts.IdentityPublished]:
    """A fresh key: its secret, and the fact that tells the public part."""
    secret = new_secret(id, now, now)
    key = states.Key(kid=secret.id, x=secret.public)
    state = states.Identity(**begun(region, region, now), name=name, key=key)
    return secret, facts.IdentityPublished(identity=state)
