"""Sign-off: three say whether the library runs, on proven facts; and opening again (F9, F10)."""

from datetime import date, timedelta

from contracts.mentoring import facts, states
from services.mentoring.errors import AcceptanceMissing
from services.mentoring.model import checklist
from services.mentoring.model.states import must_allow
from services.mentoring.model.steps import moved


def missing(case: states.Mentorship, today: str) -> list[str]:
    """Ids of the items that are needed for sign-off and not proven, or not fresh."""
    needed = checklist.open_before(case.items, checklist.LAST_WORK + 1)
    stale = [i for i in case.items if i.acceptance and not (i.done_at and is_fresh(i, today))]
    return sorted({item.id for item in (*needed, *stale)})


def is_fresh(item: states.Item, today: str) -> bool:
    """Whether the date that proves it is still good; what is no date always is."""
    if item.fresh_days is None or item.evidence is None:
        return True
    oldest = date.fromisoformat(today) - timedelta(days=item.fresh_days)
    return date.fromisoformat(item.evidence.value) >= oldest


def vote(
    case: states.Mentorship, now: str, today: str, said: states.Vote
) -> facts.SignOffVoted | facts.MentorshipSignedOff:
    """One party's word, or its word anew; three times yes is signed off.

    Raises AcceptanceMissing, with the items, when a yes has nothing to stand on.
    """
    must_allow(case, "sign_off")
    if said.agrees and (lacking := missing(case, today)):
        raise AcceptanceMissing(f"missing are {', '.join(lacking)}", allowed=lacking)
    others = {v.party: v for v in case.votes if v.party != said.party}
    standing = {**others, said.party: said}
    votes = tuple(standing[party] for party in states.PARTIES if party in standing)
    disputed = any(not v.agrees for v in votes)
    after = moved(case, now, votes=votes, disputed=disputed)
    if disputed or len(votes) < len(states.PARTIES):
        return facts.SignOffVoted(mentorship=after)
    signed = {"state": "signed_off", "stage": "follow_up", "signed_off_at": now}
    after = moved(case, now, votes=votes, disputed=False, **signed)
    return facts.MentorshipSignedOff(mentorship=after)


def follow(case: states.Mentorship, now: str) -> facts.MentorshipChanged | None:
    """The first follow-up has come; None when it is followed already."""
    if case.state != "signed_off":
        return None
    return facts.MentorshipChanged(mentorship=moved(case, now, state="follow_up"))


def close(case: states.Mentorship, now: str, by: str) -> facts.MentorshipClosed:
    """It still runs at the last follow-up."""
    must_allow(case, "follow_up")
    items = checklist.marked(case.items, checklist.RUNS, now, by)
    done = {"items": items, "progress": checklist.progress(items), "state": "closed"}
    return facts.MentorshipClosed(mentorship=moved(case, now, **done))


def reopen(case: states.Mentorship, now: str) -> facts.MentorshipReopened:
    """It stopped: what proves a running library is to be proven anew, by the same mentor."""
    must_allow(case, "follow_up")
    items = checklist.reset(case.items, "live_lending", "sign_off")
    after = moved(
        case,
        now,
        state="in_progress" if case.mentor_id else "assessed",
        stage="live_lending",
        items=items,
        progress=checklist.progress(items),
        votes=(),
        disputed=False,
        signed_off_at=None,
        reopened=case.reopened + 1,
    )
    return facts.MentorshipReopened(mentorship=after)
