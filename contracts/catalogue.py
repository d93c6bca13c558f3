"""Every released contract by name: the facts, commands and refusals of all speakers."""

from contracts import common, operations
from contracts.command import Command
from contracts.events import commands as events_commands
from contracts.events import facts as events_facts
from contracts.events import refusals as events_refusals
from contracts.fact import Fact
from contracts.federation import commands as federation_commands
from contracts.federation import facts as federation_facts
from contracts.federation import refusals as federation_refusals
from contracts.members import commands as members_commands
from contracts.members import facts as members_facts
from contracts.members import refusals as members_refusals
from contracts.mentoring import commands as mentoring_commands
from contracts.mentoring import facts as mentoring_facts
from contracts.mentoring import refusals as mentoring_refusals
from contracts.notifications import commands as notifications_commands
from contracts.notifications import facts as notifications_facts
from contracts.notifications import refusals as notifications_refusals
from contracts.refusal import RefusalCode

SPEAKERS = {
    "members": (members_facts, members_commands, members_refusals),
    "events": (events_facts, events_commands, events_refusals),
    "mentoring": (mentoring_facts, mentoring_commands, mentoring_refusals),
    "notifications": (notifications_facts, notifications_commands, notifications_refusals),
    "federation": (federation_facts, federation_commands, federation_refusals),
}


def _facts(module: object) -> dict[str, type[Fact]]:
    classes = (value for value in vars(module).values() if isinstance(value, type))
    return {cls.name: cls for cls in classes if issubclass(cls, Fact) and "name" in vars(cls)}


def _commands(module: object) -> dict[str, type[Command]]:
    classes = (value for value in vars(module).values() if isinstance(value, type))
    return {cls.verb: cls for cls in classes if issubclass(cls, Command) and "verb" in vars(cls)}


FACTS: dict[str, type[Fact]] = {
    name: cls
    for page in (operations, *(facts for facts, _, _ in SPEAKERS.values()))
    for name, cls in _facts(page).items()
}
COMMANDS: dict[str, type[Command]] = {
    verb: cls
    for page in (operations, *(commands for _, commands, _ in SPEAKERS.values()))
    for verb, cls in _commands(page).items()
}
REFUSALS: dict[str, RefusalCode] = {
    refusal.code: refusal
    for page in (
        common.ALL,
        operations.ALL,
        *(refusals.ALL for _, _, refusals in SPEAKERS.values()),
    )
    for refusal in page
}
