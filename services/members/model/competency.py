"""Competencies: levels 0–4 in five areas, rated by oneself, evidenced and endorsed (B1, B2)."""

from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from chassis.aggregate import begun, moved
from contracts.members import facts, states
from contracts.members.commands import RatingAnswer
from contracts.types import UNSET
from services.members.errors import Invalid, OwnEndorsement

T = TypeVar("T")
S = TypeVar("S", states.Rating, states.Evidence, states.Endorsement)

MOST_KEPT = 100
TOLD_BEFORE = timedelta(days=30)


def none_yet(member_id: str, region: str, now: str) -> states.Competencies:
    """What a member has before the first statement: version 0, never stored."""
    fields = {**begun(member_id, region, now), "version": 0}
    return states.Competencies(**fields, member_id=member_id, framework_version=1)


def _dated(state: states.Competencies, framework: int) -> states.Competencies:
    """What was said under an older framework says so from now on (source: B1)."""
    if framework == state.framework_version:
        return state

    def dated(said: tuple[S, ...]) -> tuple[S, ...]:
        older = state.framework_version
        return tuple(
            replace(one, framework_version=older) if one.framework_version is UNSET else one
            for one in said
        )

    return replace(
        state,
        ratings=dated(state.ratings),
        evidence=dated(state.evidence),
        endorsements=dated(state.endorsements),
    )


def expiry_horizon(today: str) -> str:
    """The last day whose expiring evidence is told today."""
    return (date.fromisoformat(today) + TOLD_BEFORE).isoformat()


def _to_tell(item: states.Evidence, today: str) -> bool:
    near = item.expires_on is not None and today <= item.expires_on <= expiry_horizon(today)
    return near and item.expiry_told_at is UNSET


def _one_more(kept: tuple[T, ...], item: T) -> tuple[T, ...]:
    if len(kept) >= MOST_KEPT:
        raise Invalid(f"{MOST_KEPT} are kept, no more")
    return (*kept, item)


class Competencies:
    """One member's levels and what may be said about them; `framework` is the version in use."""

    def __init__(self, state: states.Competencies, framework: int) -> None:
        self.state, self.framework = _dated(state, framework), framework

    def rate(
        self, now: str, today: str, answers: Sequence[RatingAnswer]
    ) -> facts.CompetenciesRated:
        """The member's own levels; areas that he does not answer keep theirs."""
        given = [answer.area for answer in answers]
        if len(given) != len(set(given)):
            raise Invalid("one level per area", pointer="/ratings")
        standing = {rating.area: rating for rating in self.state.ratings}
        for answer in answers:
            standing[answer.area] = states.Rating(
                area=answer.area, level=answer.level, source="self", rated_on=today
            )
        ordered = tuple(standing[a] for a in states.COMPETENCY_AREAS if a in standing)
        return facts.CompetenciesRated(competencies=self._after(now, ratings=ordered))

    def evidence(
        self, id: str, now: str, today: str, by: str, source: str, **fields: Any
    ) -> facts.CompetencyEvidenced:
        """Something that shows a level, by the member himself or by one who may confirm it."""
        if fields.get("expires_on") and fields["expires_on"] <= today:
            raise Invalid("it has expired already", pointer="/expires_on")
        item = states.Evidence(id=id, source=source, given_on=today, given_by=by, **fields)
        evidence = _one_more(self.state.evidence, item)
        return facts.CompetencyEvidenced(competencies=self._after(now, evidence=evidence))

    def attest(
        self, now: str, attested: Sequence[states.Evidence]
    ) -> facts.CompetencyEvidenced | None:
        """What a certificate shows; None when it is there. The oldest gives way when it is full."""
        known = {item.id for item in self.state.evidence}
        new = tuple(item for item in attested if item.id not in known)
        if not new:
            return None
        evidence = (*self.state.evidence, *new)[-MOST_KEPT:]
        return facts.CompetencyEvidenced(competencies=self._after(now, evidence=evidence))

    def withdraw(self, now: str, ids: Container[str]) -> facts.CompetencyEvidenceWithdrawn | None:
        """What a certificate showed is gone; None when there was nothing."""
        evidence = tuple(item for item in self.state.evidence if item.id not in ids)
        if evidence == self.state.evidence:
            return None
        return facts.CompetencyEvidenceWithdrawn(competencies=self._after(now, evidence=evidence))

    def tell_expiring(self, now: str, today: str) -> facts.CompetencyEvidenceExpiring | None:
        """What expires within thirty days is told once (source: B2); None when nothing is new."""
        told = tuple(
            replace(item, expiry_told_at=now) if _to_tell(item, today) else item
            for item in self.state.evidence
        )
        if told == self.state.evidence:
            return None
        after = moved(self.state, now, evidence=told)
        return facts.CompetencyEvidenceExpiring(competencies=after)

    def endorse(
        self, id: str, now: str, today: str, by: str, source: str, **fields: Any
    ) -> facts.CompetencyEndorsed:
        """Somebody else confirms a level; raises OwnEndorsement on oneself."""
        if by == self.state.member_id:
            raise OwnEndorsement("ask a mentor or a coordinator of your area")
        item = states.Endorsement(id=id, source=source, given_on=today, given_by=by, **fields)
        endorsements = _one_more(self.state.endorsements, item)
        return facts.CompetencyEndorsed(competencies=self._after(now, endorsements=endorsements))

    def erase(self, now: str) -> facts.CompetenciesErased:
        """Nothing is left of what was said about somebody who left."""
        after = self._after(now, ratings=(), evidence=(), endorsements=())
        return facts.CompetenciesErased(competencies=after)

    def _after(self, now: str, **changes: Any) -> states.Competencies:
        return moved(self.state, now, framework_version=self.framework, **changes)
