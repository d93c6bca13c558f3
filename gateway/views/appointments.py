"""View `appointments`: roles and terms; also what the gateway knows of everybody's grants."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.members.states import Appointment
from gateway.views.change import Change

NAME = "appointments"
KINDS = ("appointment",)
FILTERS = ("member_id", "area", "role", "state")
INDEXES = [
    IndexModel([("starts_on", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    *(IndexModel([(name, 1), ("starts_on", 1), ("_id", 1)]) for name in FILTERS),
]


def fold(appointment: Appointment) -> list[Change]:
    """The appointment's document."""
    fields = {
        "version": appointment.version,
        **{name: getattr(appointment, name) for name in FILTERS},
        "starts_on": appointment.starts_on,
        "updated_at": appointment.updated_at,
        "appointment": encode(appointment),
    }
    seq = appointment.version
    return [Change(view=NAME, id=appointment.id, part="appointment", sequence=seq, fields=fields)]
