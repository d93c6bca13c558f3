"""The region's own key: made once."""

from chassis import clock
from chassis.signing import SigningSecret
from services.federation.model.identity import publish
from services.federation.model.ports import Work


def keep_identity(work: Work) -> None:
    """Make the key, unless there is one."""
    key(work)


def key(work: Work) -> SigningSecret:
    """The key that signs what crosses; the first one is made when it is needed."""
    keys = work.signing_secrets.all()
    if keys:
        return keys[0]
    secret, fact = publish(clock.new_id(), work.region, work.policy.name, work.now)
    work.signing_secrets.add(secret)
    work.record(fact)
    return secret
