"""Innovations: what members made, who made it, and how far it is told (source: S0; features G1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.aggregate import begun, differing, moved
from contracts.members import facts, states
from services.members.errors import (
    AuthorConsentNeeded,
    AuthorInvalid,
    InnovationStateForbids,
    Invalid,
)
from services.members.model.member import NOBODY, called

PURPOSE = "network"
People = Mapping[str, states.Member]


def register(
    id: str, region: str, now: str, by: str, people: People, **fields: Any
) -> facts.InnovationRegistered:
    """A new entry; `people` are the members named as authors, by id.

    Raises Invalid, AuthorInvalid and AuthorConsentNeeded with pointers.
    """
    state = states.Innovation(**begun(id, region, now), created_by=by, **_tidy(fields))
    return facts.InnovationRegistered(innovation=_fitting(state, people))


def is_shared(state: states.Innovation) -> bool:
    """Whether it is told beyond the cell."""
    return state.scope != "cell" and not state.withdrawn


class Innovation:
    """One innovation and what may happen to it."""

    def __init__(self, state: states.Innovation) -> None:
        self.state = state

    def change(
        self, now: str, people: People, wanted: dict[str, Any]
    ) -> facts.InnovationChanged | None:
        """Take the wanted values; None when they are there already; raises as `register`."""
        self._must_be_offered()
        changes = differing(self.state, _tidy(wanted))
        if not changes:
            return None
        after = _fitting(moved(self.state, now, **changes), people)
        return facts.InnovationChanged(innovation=after)

    def withdraw(self, now: str) -> facts.InnovationWithdrawn:
        """It is offered no more; raises InnovationStateForbids when it was withdrawn before."""
        self._must_be_offered()
        return facts.InnovationWithdrawn(innovation=moved(self.state, now, withdrawn=True))

    def keep_home(self, now: str, member_id: str) -> facts.InnovationChanged | None:
        """An author took his consent back: it is told here only; None when it was not his."""
        if not is_shared(self.state) or not self._is_by(member_id):
            return None
        after = moved(self.state, now, scope="cell", author_consent=False)
        return facts.InnovationChanged(innovation=after)

    def forget(self, now: str, member_id: str) -> facts.InnovationChanged:
        """Who entered or made it left: nothing names or points to him any more (UU PDP)."""
        nobody = states.Author(name=NOBODY)
        authors = tuple(nobody if a.member_id == member_id else a for a in self.state.authors)
        creator = None if self.state.created_by == member_id else self.state.created_by
        after = moved(self.state, now, authors=authors, created_by=creator)
        return facts.InnovationChanged(innovation=after)

    def _is_by(self, member_id: str) -> bool:
        return any(author.member_id == member_id for author in self.state.authors)

    def _must_be_offered(self) -> None:
        if self.state.withdrawn:
            raise InnovationStateForbids("it was withdrawn; register it again if it is offered")


def _tidy(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with names in one spelling and no version twice."""
    tidied = dict(fields)
    if "authors" in fields:
        said = fields["authors"]
        tidied["authors"] = tuple(replace(one, name=called(one.name)) for one in said)
    if "slims_versions" in fields:
        tidied["slims_versions"] = tuple(dict.fromkeys(fields["slims_versions"]))
    return tidied


def _fitting(state: states.Innovation, people: People) -> states.Innovation:
    """The entry, if its parts fit together and its authors agree."""
    _authors_fit(state, people)
    if state.scope != "cell":
        _may_be_told(state, people)
    return state


def _authors_fit(state: states.Innovation, people: People) -> None:
    ids = [author.member_id for author in state.authors if author.member_id]
    if not state.authors or (state.origin == "individual" and len(state.authors) > 1):
        raise Invalid("one author, or a group with one or more", pointer="/authors")
    if len(ids) != len(set(ids)):
        raise Invalid("every author once", pointer="/authors")
    for number, author in enumerate(state.authors):
        if author.member_id and _left(people.get(author.member_id)):
            detail = f"{author.member_id} is not a member"
            raise AuthorInvalid(detail, pointer=f"/authors/{number}/member_id")


def _left(member: states.Member | None) -> bool:
    return member is None or member.state == "left"


def _may_be_told(state: states.Innovation, people: People) -> None:
    """Raise unless it is shared at all, and everybody who is named agreed."""
    if state.status == "personal":
        raise Invalid("what is for one's own work is not told elsewhere", pointer="/status")
    if not state.author_consent:
        detail = "say that all authors agreed to be named"
        raise AuthorConsentNeeded(detail, pointer="/author_consent")
    for number, author in enumerate(state.authors):
        if author.member_id and not people[author.member_id].consents_to(PURPOSE):
            detail = f"{author.name} did not consent to the purpose {PURPOSE}"
            raise AuthorConsentNeeded(detail, pointer=f"/authors/{number}")
