"""How one wants to be told: preferences, and the one tap that needs no sign-in."""

from dataclasses import replace

from chassis.aggregate import given
from contracts.notifications import commands, states
from services.notifications.errors import UnsubscribeInvalid
from services.notifications.handlers.who import actor, wishes
from services.notifications.model import unsubscribe
from services.notifications.model.ports import Work
from services.notifications.model.preferences import checked

NEVER_SAID = 0  # the version that is shown of who never said


def set_preferences(work: Work, command: commands.SetPreferences) -> states.Preferences:
    """Take what is said, keep the rest; raises PreferencesInvalid, CategoryEssential and Stale."""
    said = wishes(work, actor(work))
    work.to_change(replace(said.state, version=NEVER_SAID) if said.new else said.state)
    fact = said.change(work.now, **checked(given(command)))
    state: states.Preferences = work.record(fact) if fact else said.state
    return state


def silence(work: Work, command: commands.Unsubscribe) -> dict[str, str]:
    """The category goes silent on the channel; again changes nothing. Raises UnsubscribeInvalid."""
    asked = unsubscribe.read(work.marks.secret(), command.token)
    member = work.members.get(asked.member_id)
    if member is None:
        raise UnsubscribeInvalid("the member is not known here")
    fact = wishes(work, member).silence(work.now, asked.category, asked.channel)
    if fact:
        work.record(fact)
    return {"category": asked.category, "channel": asked.channel}
