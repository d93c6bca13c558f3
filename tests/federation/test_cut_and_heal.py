"""Cuts, restarts and blocks: nothing lost, nothing doubled, both sides end with the same."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.federation.regions import Body, Pair, Region, notices, place, registers
from tests.support.infrastructure import until

DAY_HOURS = 24
COUNTS = ("confirmed", "waiting", "seats_left")


def events_of(region: Region, home: str) -> dict[str, tuple[Any, ...]]:
    """What a region's calendar says of a region's shared events."""
    listed = region.coordinator.all("/v1/events", region=home)
    shown = (one for one in listed if one["scope"] != "cell" and one["published_at"])
    return {
        one["id"]: tuple(one.get(name) for name in ("version", "title", "state", *COUNTS))
        for one in shown
    }


def hidden(region: Region) -> set[str]:
    """Ids of what of the other region is not shown here."""
    listed = region.coordinator.all("/v1/federation/hidden", peer="semarang")
    return {one["id"] for one in listed}


def agree(both: Pair) -> bool:
    """Whether both calendars say the same of both regions."""
    pairs = ((both.kediri, both.semarang), (both.semarang, both.kediri))
    return all(events_of(own, own.id) == events_of(other, own.id) for own, other in pairs)


def test_after_a_day_without_a_wire_both_sides_reach_the_same_state(both: Pair):
    event = both.semarang.announces("Sebelum putus", capacity=4)
    until(lambda: both.kediri.sees(event["id"]))
    people = [both.kediri.joins(f"Anggota {n}", "network") for n in range(5)]
    mine = [registers(person, event) for person in people[:3]]
    until(lambda: all(place(p, m)["state"] == "confirmed" for p, m in zip(people, mine)))  # noqa: B905

    both.cut()
    for region in (both.kediri, both.semarang):
        region.clock.advance(hours=DAY_HOURS)
    there, here = both.semarang.announces("Saat putus"), both.kediri.announces("Di sini juga")
    mine += [registers(person, event) for person in people[3:]]
    local = both.semarang.joins("Lokal")
    assert registers(local, event)["state"] == "confirmed", "a region needs no other one"
    both.semarang.coordinator.do("PATCH", f"/v1/events/{event['id']}", {"title": "Ganti judul"})
    assert [place(p, m)["state"] for p, m in zip(people, mine, strict=True)][3:] == ["asked"] * 2
    assert not both.kediri.sees(there["id"])
    assert not both.semarang.sees(here["id"])

    both.heal()

    def states() -> list[str]:
        return [place(p, m)["state"] for p, m in zip(people, mine, strict=True)]

    until(lambda: "asked" not in states())
    assert states() == ["confirmed"] * 3 + ["waiting"] * 2
    until(lambda: both.kediri.sees(there["id"]) and both.semarang.sees(here["id"]))
    until(lambda: agree(both))
    path = f"/v1/events/{event['id']}/registrations"
    wanted = [*(f"Anggota {n}" for n in range(5)), "Lokal"]
    until(lambda: sorted(one["name"] for one in both.semarang.coordinator.all(path)) == wanted)
    for number, person in enumerate(people):
        kind = "registration_confirmed" if number < 3 else "registration_waiting"
        until(lambda person=person, kind=kind: notices(person, event["id"]) == [kind])


def test_a_broker_that_dies_under_load_loses_and_doubles_nothing(both: Pair):
    began = both.semarang.announces("Sebelum mati")
    until(lambda: both.kediri.sees(began["id"]))
    people = [both.kediri.joins(f"Tamu {n}", "network") for n in range(6)]
    made: list[Body] = []

    def announce(number: int) -> None:
        made.append(both.semarang.announces(f"Ke-{number}"))

    with ThreadPoolExecutor(3) as pool:
        for number in range(24):
            pool.submit(announce, number)
        registered = list(pool.map(lambda person: registers(person, began), people[:3]))
        both.kediri.cell.kill("broker")
        both.kediri.cell.wait_ready("broker")

    def insists(person: Any) -> Body:
        path = f"/v1/events/{began['id']}/registrations"
        return person.insist("POST", path, {}, f"key-{person.id}").json()

    registered += [insists(person) for person in people[3:]]
    assert len(made) == 24
    until(lambda: {one["id"] for one in made} <= both.kediri.shown("semarang"), 90)
    until(
        lambda: all(
            place(p, m)["state"] == "confirmed" for p, m in zip(people, registered, strict=True)
        )
    )
    until(lambda: agree(both))
    path = f"/v1/events/{began['id']}/registrations"
    until(lambda: len(both.semarang.coordinator.all(path)) == len(people))
    for person in people:
        until(lambda p=person: notices(p, began["id"]) == ["registration_confirmed"])


def test_a_block_takes_effect_within_seconds_and_can_be_undone(both: Pair):
    before = both.semarang.announces("Sebelum blokir", scope="public")
    until(lambda: both.kediri.sees(before["id"]))
    both.kediri.coordinator.do(
        "POST", "/v1/federation/peers/semarang/block", {"reason": "Kunci bocor"}
    )

    until(lambda: not both.kediri.shown("semarang"))
    until(lambda: before["id"] in hidden(both.kediri))
    meanwhile = both.semarang.announces("Saat blokir")
    mine = both.kediri.announces("Tidak untuk semarang")
    member = both.kediri.joins("Joko", "network")
    path = f"/v1/events/{before['id']}/registrations"
    until(lambda: member.command("POST", path, {}).json()["code"] == "events.event_unknown")
    assert both.kediri.peer("semarang")["block_reason"] == "Kunci bocor"

    both.kediri.coordinator.do("POST", "/v1/federation/peers/semarang/unblock")
    wanted = {before["id"], meanwhile["id"]}
    until(lambda: wanted <= both.kediri.shown("semarang"))
    until(lambda: both.semarang.sees(mine["id"]))
    until(lambda: not hidden(both.kediri))


def test_one_event_can_be_hidden_and_stays_so_when_it_changes(both: Pair):
    event = both.semarang.announces("Tidak pantas")
    until(lambda: both.kediri.sees(event["id"]))
    path = f"/v1/federation/items/{event['id']}"

    both.kediri.coordinator.do("POST", f"{path}/hide", {"reason": "Bukan untuk pustakawan"})
    assert not both.kediri.sees(event["id"])
    both.semarang.coordinator.do("PATCH", f"/v1/events/{event['id']}", {"title": "Lain"})
    later = both.semarang.announces()
    until(lambda: both.kediri.sees(later["id"]))
    assert not both.kediri.sees(event["id"])

    both.kediri.coordinator.do("POST", f"{path}/show")
    assert until(lambda: both.kediri.sees(event["id"]))["title"] == "Lain"


def test_a_view_that_is_built_again_holds_what_other_regions_share(both: Pair):
    event = both.semarang.announces()
    until(lambda: both.kediri.sees(event["id"]))
    until(lambda: agree(both))
    before = events_of(both.kediri, "semarang")

    path = "/v1/operations/views/calendar/rebuild"
    assert both.kediri.operator.command("POST", path).status_code == 202

    meta = both.kediri.mongo["jejaring_views"]["meta"]
    until(lambda: meta.find_one({"_id": "rebuild:calendar"}) is None)
    assert events_of(both.kediri, "semarang") == before
