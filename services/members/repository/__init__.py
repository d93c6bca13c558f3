"""MongoDB behind the model's ports: the only place of the service that knows it."""

from services.members.repository.indexes import INDEXES, UNIQUE
from services.members.repository.work import MembersWork, policy_of

DATABASE = "jejaring_members"

__all__ = ["DATABASE", "INDEXES", "UNIQUE", "MembersWork", "policy_of"]
