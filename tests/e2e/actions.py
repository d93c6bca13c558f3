"""What people do, told in stages: all phones sync after each of them.

So what follows must change or take away what the phones already hold.
"""

import random
from collections.abc import Callable, Iterator

from tests.e2e.watchers import Subject
from tests.support.client import KABUPATEN, KOTA, Community, Person, consent

TODAY = "2026-01-01"

Stages = Iterator[list[Subject]]


def signs_up_and_is_approved(community: Community) -> Stages:
    person = community.newcomer(KOTA)
    yield [("member", person.id)]
    community.officer(KOTA).do("POST", f"/v1/members/{person.id}/approve")
    yield [("member", person.id)]


def consents_and_withdraws(community: Community) -> Stages:
    person = community.member(KOTA)
    for granted in (True, False, True, False):
        consent(person, "directory", granted=granted)
        yield [("member", person.id)]


def consents_to_something_else(community: Community) -> Stages:
    person = community.member(KOTA)
    yield [("member", person.id)]
    consent(person, "photo")
    yield [("member", person.id)]


def rate(person: Person, level: int) -> None:
    path = f"/v1/members/{person.id}/competencies"
    person.do("PUT", path, {"ratings": [{"area": "ICT", "level": level}]})


def rates_himself(community: Community) -> Stages:
    person = community.listed(KOTA)
    for level in (2, 4, 0):
        rate(person, level)
        yield [("member", person.id), ("competencies", person.id)]


def rates_himself_unlisted(community: Community) -> Stages:
    person = community.member(KOTA)
    rate(person, 4)
    yield [("member", person.id), ("competencies", person.id)]
    consent(person, "directory")
    yield [("member", person.id), ("competencies", person.id)]


def changes_his_name(community: Community) -> Stages:
    person = community.listed(KOTA)
    yield [("member", person.id)]
    person.do("PATCH", "/v1/me", {"name": "Nama Baru"})
    yield [("member", person.id)]


def moves_away(community: Community) -> Stages:
    person = community.member(KOTA)
    rate(person, 1)
    yield [("member", person.id), ("competencies", person.id)]
    for area in (KABUPATEN, KOTA):
        community.officer("coordinator").do("PATCH", f"/v1/members/{person.id}", {"area": area})
        yield [("member", person.id), ("competencies", person.id)]


def is_suspended_and_reinstated(community: Community) -> Stages:
    person, kota = community.listed(KOTA), community.officer(KOTA)
    yield [("member", person.id)]
    kota.do("POST", f"/v1/members/{person.id}/suspend", {"reason": "Uji"})
    yield [("member", person.id)]
    kota.do("POST", f"/v1/members/{person.id}/reinstate")
    yield [("member", person.id)]


def leaves(community: Community) -> Stages:
    person = community.listed(KOTA)
    rate(person, 3)
    yield [("member", person.id), ("competencies", person.id)]
    person.do("DELETE", "/v1/me")
    yield [("member", person.id), ("competencies", person.id)]


def changes_an_institution(community: Community) -> Stages:
    made = community.institution(KOTA)["id"]
    yield [("institution", made)]
    body = {"name": "Nama lain", "area": KABUPATEN}
    community.officer("coordinator").do("PATCH", f"/v1/institutions/{made}", body)
    yield [("institution", made)]


def changes_an_area(community: Community) -> Stages:
    for _ in range(2):
        name = f"Kabupaten Nganjuk {random.random()}"
        community.officer("coordinator").do("PATCH", "/v1/areas/35.18", {"name": name})
        yield [("area", "35.18")]


def is_offered_a_role_accepts_and_ends_it(community: Community) -> Stages:
    person = community.member(KOTA)
    offer = {"member_id": person.id, "role": "mentor", "area": KOTA, "starts_on": TODAY}
    made = str(community.officer(KOTA).do("POST", "/v1/appointments", offer, 201)["id"])
    for act in ("accept", "end"):
        yield [("appointment", made)]
        person.do("POST", f"/v1/appointments/{made}/{act}")
    yield [("appointment", made)]


def is_endorsed(community: Community) -> Stages:
    person = community.listed(KOTA)
    yield [("member", person.id)]
    path = f"/v1/members/{person.id}/competencies/endorsements"
    community.officer(KOTA).do("POST", path, {"area": "LIB", "level": 4}, 201)
    yield [("member", person.id), ("competencies", person.id)]


def shares_what_he_made_ever_wider(community: Community) -> Stages:
    person = community.member(KOTA)
    consent(person, "network")
    author = {"name": "Warga Baru", "member_id": person.id}
    text = {"title": "Templat", "summary": "Tampilan", "kind": "template", "status": "shared"}
    body = {**text, "origin": "individual", "authors": [author], "author_consent": True}
    made = str(person.do("POST", "/v1/innovations", body, 201)["id"])
    yield [("innovation", made)]
    for scope in ("network", "public", "partners", "public"):
        person.do("PATCH", f"/v1/innovations/{made}", {"scope": scope})
        yield [("innovation", made)]
    consent(person, "network", granted=False)
    yield [("innovation", made)]
    person.do("DELETE", "/v1/me")
    yield [("innovation", made)]
    community.officer(KOTA).do("POST", f"/v1/innovations/{made}/withdraw")
    yield [("innovation", made)]


ACTIONS: list[Callable[[Community], Stages]] = [
    signs_up_and_is_approved,
    consents_and_withdraws,
    consents_to_something_else,
    rates_himself,
    rates_himself_unlisted,
    changes_his_name,
    moves_away,
    is_suspended_and_reinstated,
    leaves,
    changes_an_institution,
    changes_an_area,
    is_offered_a_role_accepts_and_ends_it,
    is_endorsed,
    shares_what_he_made_ever_wider,
]
