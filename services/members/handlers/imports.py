"""Imports: each line of a file is created, updated, unchanged or refused with its reason."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from chassis import clock
from chassis.lines import Report
from contracts.fact import Fact
from contracts.members import states
from services.members.errors import AreaInvalid, ContactTaken, Refusal
from services.members.handlers.profiles import placed
from services.members.handlers.who import area_of, authority
from services.members.model import rows
from services.members.model.account import Account
from services.members.model.area import regency_of
from services.members.model.authority import Authority
from services.members.model.institution import Institution, register
from services.members.model.member import Member, invite
from services.members.model.ports import Work


def import_institutions(work: Work, file: rows.InstitutionRows) -> dict[str, Any]:
    """Register or update by NPSN and report; a dry run reports the same and writes nothing.

    Later lines with the same NPSN are compared with earlier ones. Authority is asked per line.
    """
    who = authority(work)
    who.must_coordinate_something()
    batch = InstitutionBatch(work, who, file)
    for row in file.rows:
        batch.take(row)
    if not file.dry_run:
        work.record_many(batch.facts)
    return batch.report.as_dict(file.dry_run)


def import_members(work: Work, file: rows.MemberRows) -> dict[str, Any]:
    """Enter the people of one library as invited and report (source: features L2).

    People are found again by library and member id; who has answered since keeps his own profile.
    """
    who = authority(work)
    file = replace(file, area=_area_of(work, who, file))
    who.must_coordinate(file.area)
    batch = MemberBatch(work, who, file)
    for row in file.rows:
        batch.take(row)
    if not file.dry_run:
        work.record_many(batch.facts)
        work.imports.add(batch.entered)
        for member_id in batch.entered.values():
            work.accounts.put(Account(member_id=member_id))
    return batch.report.as_dict(file.dry_run)


def _area_of(work: Work, who: Authority, file: rows.MemberRows) -> str:
    """The area that was said, else of their institution, else of who imports."""
    house = work.institutions.get(file.institution_id) if file.institution_id else None
    found = file.area or (house.area if house else who.only_area)
    if found is None:
        raise AreaInvalid("say which area they belong to", pointer="/area")
    return found


class InstitutionBatch:
    """The lines of one chunk against the register, read once."""

    def __init__(self, work: Work, who: Authority, file: rows.InstitutionRows) -> None:
        self.work, self.who = work, who
        self.areas = {code: area for area in work.areas.active() for code in area.codes}
        self.known = work.institutions.by_npsns([row.npsn for row in file.rows])
        self.facts: list[Fact] = []
        self.report = Report()
        for reason in file.refused:
            self.report.refuse(reason)

    def take(self, row: rows.InstitutionRow) -> None:
        """Decide one line."""
        try:
            area = self._area(row)
            before = self.known.get(row.npsn)
            if before is None:
                self._create(row, area)
            else:
                self._update(row, area, before)
        except Refusal as refusal:
            self.report.refuse(rows.refused(row.line, refusal))

    def _area(self, row: rows.InstitutionRow) -> states.Area:
        area = self.areas.get(regency_of(row.regency_code))
        if area is None:
            detail = f"{row.regency_code} belongs to no area of this region"
            raise AreaInvalid(detail, pointer="/regency_code")
        self.who.must_coordinate(area.id)
        return area

    def _create(self, row: rows.InstitutionRow, area: states.Area) -> None:
        fact = register(clock.new_id(), self.work.region, self.work.now, area, **row.said())
        self._keep(fact, fact.institution)
        self.report.count("created")

    def _update(
        self, row: rows.InstitutionRow, area: states.Area, before: states.Institution
    ) -> None:
        self.who.must_coordinate(before.area)
        wanted = {**row.said(), "area": area.id}
        fact = Institution(before).change(self.work.now, area, wanted)
        if fact is None:
            return self.report.count("unchanged")
        self._keep(fact, fact.institution)
        changed = [n for n in wanted if getattr(before, n) != getattr(fact.institution, n)]
        return self.report.updated(row.line, [rows.column(name) for name in changed])

    def _keep(self, fact: Fact, state: states.Institution) -> None:
        self.facts.append(fact)
        self.known[str(state.npsn)] = state


class MemberBatch:
    """The people of one library against the members, read once."""

    def __init__(self, work: Work, who: Authority, file: rows.MemberRows) -> None:
        self.work, self.who = work, who
        self.place = placed(work, {"area": file.area, "institution_id": file.institution_id}, None)
        self.library = file.institution_id or file.area
        imported = work.imports.find([self._key(row) for row in file.rows])
        self.known = {member.id: member for member in work.members.many(imported.values())}
        self.ids = dict(imported)
        self.owners = self._owners(file)
        self.facts: list[Fact] = []
        self.entered: dict[str, str] = {}
        self.report = Report()
        for reason in file.refused:
            self.report.refuse(reason)

    def take(self, row: rows.MemberRow) -> None:
        """Decide one line."""
        member_id = self.ids.get(self._key(row))
        try:
            self._contacts_free(row, member_id)
            if member_id is None:
                self._invite(row)
            else:
                self._update(row, self.known[member_id])
        except Refusal as refusal:
            self.report.refuse(rows.refused(row.line, refusal))

    def _owners(self, file: rows.MemberRows) -> dict[str, str]:
        """Whose each contact of the file is by now."""
        texts = [text for row in file.rows for text in (row.email, row.phone) if text]
        members = self.work.members.with_contacts(texts) if texts else []
        return {text: m.id for m in members for text in (m.email, m.phone) if text}

    def _contacts_free(self, row: rows.MemberRow, id: str | None) -> None:
        for name, text in (("email", row.email), ("phone", row.phone)):
            if text and self.owners.get(text, id) != id:
                raise ContactTaken("this contact is registered", pointer=f"/{name}")

    def _invite(self, row: rows.MemberRow) -> None:
        contacts = {"name": row.name, "email": row.email, "phone": row.phone}
        work, member_id = self.work, clock.new_id()
        fact = invite(member_id, work.region, work.now, work.today, **self.place, **contacts)
        self.ids[self._key(row)] = self.entered[self._key(row)] = member_id
        self._keep(fact, fact.member)
        self.report.count("created")

    def _update(self, row: rows.MemberRow, before: states.Member) -> None:
        said = {"name": row.name, "email": row.email, "phone": row.phone}
        wanted = {name: text for name, text in said.items() if text is not None}
        fact = None
        if before.state == "invited":
            fact = Member(before).change(self.work.now, self.work.today, wanted)
        if fact is None:
            return self.report.count("unchanged")
        self.who.must_coordinate(area_of(self.work, before))
        self._keep(fact, fact.member)
        changed = [n for n in wanted if getattr(before, n) != getattr(fact.member, n)]
        return self.report.updated(row.line, [MEMBER_COLUMN[name] for name in changed])

    def _keep(self, fact: Fact, state: states.Member) -> None:
        self.facts.append(fact)
        self.known[state.id] = state
        for text in (state.email, state.phone):
            if text:
                self.owners[text] = state.id

    def _key(self, row: rows.MemberRow) -> str:
        """A digest: the member id of a library may be a national identity number."""
        return sha256(f"{self.library}|{row.member_id}".encode()).hexdigest()


MEMBER_COLUMN = {"name": "member_name", "email": "member_email", "phone": "member_phone"}
