"""Offers: made, answered, lapsed and passed on; three lapses go to the coordinator (F4)."""

from contracts.mentoring import commands, facts, matching, states
from services.mentoring.errors import Forbidden, MentorInvalid, OfferOpen, OfferUnknown
from services.mentoring.handlers import mentors
from services.mentoring.handlers.who import actor, authority, case, coordinated
from services.mentoring.model import offer as offers
from services.mentoring.model.mentor import Mentor
from services.mentoring.model.mentorship import Mentorship
from services.mentoring.model.offer import Offer
from services.mentoring.model.ports import Work
from services.mentoring.model.readiness import must_be_offerable

BATCH = 50


def make_offer(work: Work, command: commands.MakeOffer) -> states.Offer:
    """By a coordinator of its area, to a free mentor and perhaps a free partner.

    Raises NotReady, OfferOpen, MentorInvalid and MentorUnavailable.
    """
    who, before = coordinated(work, command.mentorship_id)
    must_be_offerable(before)
    if any(past.state == "offered" for past in work.offers.of_case(before.id)):
        raise OfferOpen("wait for the answer")
    if command.partner_id == command.mentor_id:
        raise MentorInvalid("the partner is somebody else", pointer="/partner_id")
    mentors.free(work, before, command.mentor_id, "/mentor_id")
    if command.partner_id is not None:
        mentors.free(work, before, command.partner_id, "/partner_id")
    team = (command.mentor_id, command.partner_id)
    fact = offers.make(work.region, work.now, before, *team, who.member.id)
    return work.record(fact)  # type: ignore[no-any-return]


def accept_offer(work: Work, command: commands.AcceptOffer) -> states.Offer:
    """By the mentor, still in force: the case is his.

    Raises MentorUnavailable when he or his partner has enough by now.
    """
    who = mentors.in_pool(authority(work))
    before = _offered_to_me(work, command.mentorship_id, command.offer_id)
    if before.mentor_id != who.member.id:
        raise Forbidden("the mentor answers; a partner can decline")
    fact = Offer(before).accept(work.now)
    found = case(work, before.mentorship_id)
    for one in filter(None, (before.mentor_id, before.partner_id)):
        Mentor(mentors.mentor(work, one)).must_be_free()
    state: states.Offer = work.record(fact)
    pair = (before.mentor_id, before.partner_id)
    mentors.load(work, work.record(Mentorship(found).match(work.now, *pair)))
    return state


def decline_offer(work: Work, command: commands.DeclineOffer) -> states.Offer:
    """By mentor or partner; in the same call he may take no more cases for now."""
    before = _offered_to_me(work, command.mentorship_id, command.offer_id)
    state: states.Offer = work.record(Offer(before).decline(work.now, command.reason))
    if command.unavailable:
        mine = Mentor(mentors.mentor(work, actor(work).id))
        fact = mine.set_availability(work.now, False, None)
        if fact:
            work.record(fact)
    return state


def ask_about_offer(work: Work, command: commands.AskAboutOffer) -> states.Offer:
    """By mentor or partner; the time to answer begins anew, once."""
    before = _offered_to_me(work, command.mentorship_id, command.offer_id)
    state: states.Offer = work.record(Offer(before).ask(work.now, command.question))
    return state


def withdraw_open(work: Work, mentorship_id: str) -> None:
    """The case needs nobody any more."""
    for found in work.offers.of_case(mentorship_id):
        _withdraw(work, found)


def forget_member(work: Work, member_id: str) -> None:
    """He left: what he was offered and has not answered is withdrawn."""
    for found in work.offers.open():
        if member_id in (found.mentor_id, found.partner_id):
            _withdraw(work, found)


# -- what nobody asks for ---------------------------------------------------------------------


def lapsed(work: Work) -> list[str]:
    """Ids of the open offers whose time is over."""
    return [found.id for found in work.offers.lapsed(work.now, BATCH)]


def lapse(work: Work, id: str) -> None:
    """An offer lapses; the next best is asked, unless it was the third or nobody is left."""
    found = work.offers.get(id)
    fact = Offer(found).lapse(work.now) if found else None
    if found is None or fact is None:
        return
    work.record(fact)
    before = case(work, found.mentorship_id)
    if before.state == "assessed":
        _pass_on(work, before, found.offered_by)


def asked_before(work: Work, mentorship_ids: list[str]) -> dict[str, set[str]]:
    """By case, who was asked and did not take it; whoever gave it back is among them."""
    asked: dict[str, set[str]] = {case_id: set() for case_id in mentorship_ids}
    for past in work.offers.of_cases(mentorship_ids):
        if past.state in ("declined", "lapsed", "accepted"):
            asked[past.mentorship_id].update(filter(None, (past.mentor_id, past.partner_id)))
    return asked


def _pass_on(work: Work, before: states.Mentorship, offered_by: str | None) -> None:
    """The next best is asked in the name of who asked first; or a coordinator has to step in."""
    team = _next_best(work, before)
    fact = Mentorship(before).lapse(work.now, nobody_left=team is None)
    after = work.record(fact)
    if team is not None and not isinstance(fact, facts.MentorNeeded):
        pair = (team.lead.candidate.id, team.partner_id)
        work.record(offers.make(work.region, work.now, after, *pair, offered_by))


def _next_best(work: Work, before: states.Mentorship) -> matching.Team | None:
    """The best team of those who were not asked."""
    pool = mentors.pool(work)
    without = asked_before(work, [before.id])[before.id] | pool.staff(before.institution_id)
    return next(iter(matching.rank(before, pool.by_id.values(), without, 1)), None)


def _withdraw(work: Work, found: states.Offer) -> None:
    fact = Offer(found).withdraw(work.now)
    if fact:
        work.record(fact)


def _offered_to_me(work: Work, mentorship_id: str, id: str) -> states.Offer:
    """An offer to the actor, as he saw it; raises OfferUnknown and Forbidden."""
    me, found = actor(work), work.offers.get(id)
    if found is None or found.mentorship_id != mentorship_id:
        raise OfferUnknown(f"there is no offer {id} of this case")
    if me.id not in (found.mentor_id, found.partner_id):
        raise Forbidden("it was offered to somebody else")
    return work.to_change(found)
