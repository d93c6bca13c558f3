"""The private keys of a service, on their shelf; a service that signs nothing needs none."""

from chassis.shelf import MongoRows
from chassis.signing import SigningSecret


class MongoSigningSecrets(MongoRows[SigningSecret]):
    """Private keys."""

    cls = SigningSecret

    def all(self) -> list[SigningSecret]:
        """Those that sign or will sign."""
        return self.some({}, sort=[("_id", 1)])

    def add(self, secret: SigningSecret) -> None:
        """Keep one."""
        self.keep(secret.id, secret)

    def remove(self, id: str) -> None:
        """Forget one."""
        self.drop([id])
