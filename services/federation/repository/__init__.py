"""MongoDB behind the model's ports: the only place of the service that knows it."""

from services.federation.repository.indexes import INDEXES
from services.federation.repository.work import FederationWork, policy_of

DATABASE = "jejaring_federation"

__all__ = ["DATABASE", "INDEXES", "FederationWork", "policy_of"]
