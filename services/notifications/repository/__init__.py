"""MongoDB behind the model's ports: the only place of the service that knows it."""

from services.notifications.repository.indexes import INDEXES, UNIQUE
from services.notifications.repository.work import NotificationsWork, policy_of

DATABASE = "jejaring_notifications"

__all__ = ["DATABASE", "INDEXES", "UNIQUE", "NotificationsWork", "policy_of"]
