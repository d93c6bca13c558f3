"""What may cross a border: the whole list, in both directions; anything else is parked.

What is shared is said as it stands (never the occasion), so two facts are enough for events, and
one for innovations, whose authors consented to be named. No fact about a member, his competencies,
a case of mentoring or a notice is on the list.
"""

from contracts.events import facts as events
from contracts.fact import Fact
from contracts.federation import facts
from contracts.members import facts as members

# To every peer, when the own scope of the event or innovation opens it.
SHARED: tuple[type[Fact], ...] = (
    events.EventRestated,
    events.SeatsRestated,
    facts.EventWithdrawn,
    members.InnovationRestated,
)
# To the region that the state names as `event_region`: what a member wishes there.
WISHES: tuple[type[Fact], ...] = (
    events.AwayRegistrationAsked,
    events.AwayRegistrationChanged,
    events.AwayRegistrationCancelled,
    events.AwayRegistrationErased,
)
# To the region that the state names as `home_region`: what became of the wish.
ANSWERS: tuple[type[Fact], ...] = (
    events.VisitorRegistrationChanged,
    events.VisitorRegistrationErased,
)
GREETINGS: tuple[type[Fact], ...] = (facts.PeerGreeted,)
CROSSING = {fact.name: fact for fact in (*SHARED, *WISHES, *ANSWERS, *GREETINGS)}
OPEN_SCOPES = ("partners", "network", "public")
