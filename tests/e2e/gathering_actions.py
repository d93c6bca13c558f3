"""What people do with events and what they are told, in stages like `actions`."""

from collections.abc import Callable

from tests.e2e.actions import TODAY, Stages
from tests.e2e.gatherings import (
    announced,
    at,
    change,
    give_back,
    path,
    planned,
    publish,
    register,
    workshop,
)
from tests.e2e.watchers import Subject
from tests.support.client import KABUPATEN, KOTA, Body, Community, Person
from tests.support.infrastructure import until

REASON = {"reason": "Aula dipakai ujian"}
SOON = {"starts_at": at(hours=1), "ends_at": at(hours=3)}


def wishes_and_takes_it_back(community: Community) -> Stages:
    asker, other = community.member(), community.member()
    wish = asker.do("POST", "/v1/event-requests", {"topic": "Barcode", "area": KOTA}, 201)
    for method in ("POST", "DELETE"):
        yield [("event_request", wish["id"])]
        other.do(method, f"/v1/event-requests/{wish['id']}/back")
    yield [("event_request", wish["id"])]
    community.officer(KOTA).do("POST", f"/v1/event-requests/{wish['id']}/decline", REASON)
    yield [("event_request", wish["id"])]


def plans_announces_and_calls_off(community: Community) -> Stages:
    kota = community.officer(KOTA)
    event = planned(kota)
    yield [("event", event["id"])]
    publish(kota, event)
    yield [("event", event["id"])]
    for audience in ("members", "officers", "public"):
        kota.do("PATCH", path(event), {"audience": audience})
        yield [("event", event["id"])]
    kota.do("POST", path(event, "cancel"), REASON)
    yield [("event", event["id"])]


def asks_another_area_to_host(community: Community) -> Stages:
    kota, kabupaten = community.officer(KOTA), community.officer(KABUPATEN)
    event = planned(kota)
    kota.do("POST", path(event, "cohosts"), {"area": KABUPATEN})
    yield [("event", event["id"])]
    for accepts in (True, False):
        answer = path(event, "cohosts", KABUPATEN, "answer")
        kabupaten.do("POST", answer, {"accepts": accepts})
        yield [("event", event["id"])]


def registers_waits_and_moves_up(community: Community) -> Stages:
    kota, first, second = community.officer(KOTA), community.member(), community.member()
    event = announced(kota, capacity=1)
    mine, next_in_line = register(first, event), register(second, event)
    seen = seats_of(event, mine, next_in_line)
    yield seen
    give_back(first, mine)
    yield seen
    times = {"starts_at": at(days=33), "ends_at": at(days=33, hours=1), **REASON}
    kota.do("POST", path(event, "reschedule"), times)
    yield seen
    change(second, next_in_line, reconfirm=True)
    yield seen


def is_there(community: Community) -> Stages:
    kota, person = community.officer(KOTA), community.member()
    event = announced(kota, **SOON)
    mine = register(person, event)
    yield seats_of(event, mine)
    kota.do("POST", path(event, "check-ins"), {"ticket": mine["ticket"]})
    yield seats_of(event, mine)


def is_granted_an_event_until_it_is_called_off(community: Community) -> Stages:
    kota, manager, guest = community.officer(KOTA), community.member(), community.member()
    event = announced(kota)
    mine = register(guest, event)
    offer = {"member_id": manager.id, "role": "event_manager", "event_id": event["id"]}
    body = {**offer, "area": KOTA, "starts_on": TODAY}
    made = str(kota.do("POST", "/v1/appointments", body, 201)["id"])
    manager.do("POST", f"/v1/appointments/{made}/accept")
    yield [*seats_of(event, mine), ("appointment", made)]
    kota.do("POST", path(event, "cancel"), REASON)
    until(lambda: state_of(manager, made) == "ended")
    yield [*seats_of(event, mine), ("appointment", made)]


def enters_a_place_and_a_thing(community: Community) -> Stages:
    kota, owner = community.officer(KOTA), community.member()
    body = {"name": "Aula", "area": KOTA, "contact_name": "Pak Kontak"}
    venue = kota.do("POST", "/v1/venues", body, 201)
    thing = owner.do("POST", "/v1/equipment", {"name": "Pemindai", "area": KOTA}, 201)
    seen: list[Subject] = [("venue", venue["id"]), ("equipment", thing["id"])]
    yield seen
    kota.do("PATCH", f"/v1/venues/{venue['id']}", {"active": False})
    owner.do("PATCH", f"/v1/equipment/{thing['id']}", {"condition": "Baik"})
    yield seen


def plans_a_series(community: Community) -> Stages:
    kota = community.officer(KOTA)
    body = {**workshop(), "rule": "FREQ=WEEKLY", "dates": 2}
    series = kota.do("POST", "/v1/event-series", body, 201)
    events: list[Subject] = [("event", id) for id in series["event_ids"]]
    yield [("series", series["id"]), *events]
    kota.do("POST", f"/v1/event-series/{series['id']}/end", REASON)
    yield [("series", series["id"]), *events]


def is_told_and_reads_it(community: Community) -> Stages:
    person = community.member()
    register(person, announced(community.officer(KOTA)))
    notice = until(lambda: person.all("/v1/notifications"))[0]
    yield [("notice", notice["id"])]
    person.do("POST", f"/v1/notifications/{notice['id']}/read")
    yield [("notice", notice["id"])]


def state_of(person: Person, appointment: str) -> str:
    """Of an appointment, as its holder sees it."""
    return str(person.get(f"/v1/appointments/{appointment}").json()["state"])


def seats_of(event: Body, *registrations: Body) -> list[Subject]:
    """An event and places at it."""
    places: list[Subject] = [("registration", one["id"], event["id"]) for one in registrations]
    return [("event", event["id"]), *places]


GATHERING_ACTIONS: list[Callable[[Community], Stages]] = [
    wishes_and_takes_it_back,
    plans_announces_and_calls_off,
    asks_another_area_to_host,
    registers_waits_and_moves_up,
    is_there,
    is_granted_an_event_until_it_is_called_off,
    enters_a_place_and_a_thing,
    plans_a_series,
    is_told_and_reads_it,
]
