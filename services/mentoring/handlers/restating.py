"""Who may have everything said again."""

from contracts.mentoring import commands
from services.mentoring.handlers.who import authority
from services.mentoring.model.ports import Work


def may_restate(work: Work, _: commands.Restate) -> None:
    """Raise Forbidden for a member who is neither operator nor officer; the cell itself may."""
    if work.call.actor.member_id is None:
        return
    who = authority(work)
    if not who.is_operator:
        who.must_be_officer()
