"""MongoDB behind the model's ports: the only place of the service that knows it."""

from services.mentoring.repository.indexes import INDEXES, UNIQUE
from services.mentoring.repository.work import MentoringWork, policy_of

DATABASE = "jejaring_mentoring"

__all__ = ["DATABASE", "INDEXES", "UNIQUE", "MentoringWork", "policy_of"]
