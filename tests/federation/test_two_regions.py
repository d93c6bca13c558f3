"""The story of two regions: what one shares the other sees, and members visit each other."""

import pytest

from cell.demo.person import told
from cell.demo.phone import Phone
from tests.federation.regions import Pair, Region, consents, notices, place, registers
from tests.support.infrastructure import until


def test_what_is_shared_is_seen_abroad_and_says_where_it_comes_from(both: Pair):
    event = both.semarang.announces("Lokakarya barcode", capacity=12)

    seen = until(lambda: both.kediri.sees(event["id"]))

    assert (seen["region"], seen["home"], seen["title"]) == (
        "semarang",
        "Semarang",
        "Lokakarya barcode",
    )
    assert (seen["created_by"], seen["scope"]) == (None, "network")
    assert until(lambda: both.kediri.sees(event["id"])["seats_left"] == 12)
    assert event["id"] in both.kediri.shown("semarang")
    assert event["id"] not in both.kediri.shown("kediri-raya")
    assert "home" not in both.semarang.sees(event["id"])
    peers = told(both.kediri.coordinator.get("/v1/region"), 200)["peers"]
    assert peers == [{"id": "semarang", "name": "Semarang"}]


def test_the_network_is_for_members_and_the_public_for_everybody(both: Pair):
    network, public = both.semarang.announces(), both.semarang.announces(scope="public")
    until(lambda: {network["id"], public["id"]} <= both.kediri.shown("semarang"))

    anybody = both.kediri.enters()
    assert both.kediri.sees(public["id"], anybody)
    assert not both.kediri.sees(network["id"], anybody)


def test_drafts_and_what_is_not_shared_stay_at_home(both: Pair):
    mine = both.semarang.announces(scope="cell")
    officers = both.semarang.announces(audience="officers")
    body = {"title": "Rancangan", "kind": "workshop", "area": both.semarang.area}
    body |= {"starts_at": mine["starts_at"], "ends_at": mine["ends_at"], "scope": "public"}
    draft = both.semarang.coordinator.do("POST", "/v1/events", body, 201)
    later = both.semarang.announces()
    until(lambda: both.kediri.sees(later["id"]))

    assert not {mine["id"], officers["id"], draft["id"]} & both.kediri.shown("semarang")
    crossed = {fact["subject"] for fact in both.semarang.wire.facts()}
    assert not {f"event/{one['id']}" for one in (mine, officers, draft)} & crossed


def test_what_is_withdrawn_is_gone_from_lists_and_phones(both: Pair):
    event = both.semarang.announces("Sebentar saja")
    until(lambda: both.kediri.sees(event["id"]))
    phone = Phone(both.kediri.coordinator)
    until(lambda: phone.sync() is not None and ("event", event["id"]) in phone.held)

    both.semarang.coordinator.do("PATCH", f"/v1/events/{event['id']}", {"scope": "cell"})

    until(lambda: not both.kediri.sees(event["id"]))
    assert event["id"] not in both.kediri.shown("semarang")
    until(lambda: phone.sync() is not None and ("event", event["id"]) not in phone.held)
    both.semarang.coordinator.do("PATCH", f"/v1/events/{event['id']}", {"scope": "public"})
    assert until(lambda: both.kediri.sees(event["id"]))["title"] == "Sebentar saja"


@pytest.mark.parametrize(
    ("language", "title"),
    [("id", "Setujui dahulu pembagian data"), ("en", "Consent to sharing your data")],
)
def test_nobodys_name_leaves_without_his_consent(both: Pair, language: str, title: str):
    event = both.semarang.announces()
    until(lambda: both.kediri.sees(event["id"]))
    member = both.kediri.joins("Rahasia Sekali")
    member.client.headers["Accept-Language"] = language

    refused = member.command("POST", f"/v1/events/{event['id']}/registrations", {})

    assert (refused.status_code, refused.json()["code"]) == (409, "events.network_consent_needed")
    assert refused.json()["title"].startswith(title)


def test_a_visitor_takes_a_seat_once_and_both_sides_see_it(both: Pair):
    event = both.semarang.announces(
        capacity=2,
        questions=[{"id": "laptop", "text": "Bawa laptop?", "kind": "boolean", "required": True}],
    )
    until(lambda: both.kediri.sees(event["id"]))
    names = ("Siti", "Ayu", "Budi")
    siti, ayu, budi = (both.kediri.joins(name, "network") for name in names)
    consents(ayu, "contact")
    path = f"/v1/events/{event['id']}/registrations"

    unanswered = siti.command("POST", path, {})
    assert unanswered.json()["code"] == "events.answers_invalid"
    mine = [registers(one, event, answers={"laptop": True}) for one in (siti, ayu, budi)]
    assert [one["state"] for one in mine] == ["asked"] * 3
    again = siti.command("POST", path, {"answers": {"laptop": True}})
    assert again.json()["code"] == "events.already_registered"

    def states() -> list[str]:
        pairs = zip((siti, ayu, budi), mine, strict=True)
        return [place(person, registration)["state"] for person, registration in pairs]

    until(lambda: states() == ["confirmed", "confirmed", "waiting"])
    held = until(lambda: len(all_ := both.semarang.coordinator.all(path)) == 3 and all_)
    guests = {one["name"]: one for one in held}
    assert {one["home_region"] for one in guests.values()} == {"kediri-raya"}
    assert guests["Siti"]["guest"] is None
    assert guests["Ayu"]["guest"]["email"].endswith("@kediri-raya.example")
    assert until(lambda: both.kediri.sees(event["id"])["seats_left"] == 0)

    def agenda() -> list[tuple[str, str]]:
        items = told(siti.get("/v1/me/agenda"), 200)["items"]
        return [(one["registration"]["state"], one["title"]) for one in items]

    until(lambda: agenda() == [("confirmed", event["title"])])
    assert [one["name"] for one in siti.all(path)] == ["Siti"]
    assert len(both.kediri.coordinator.all(path)) == 3

    siti.do("DELETE", f"{path}/{mine[0]['id']}")
    until(lambda: states() == ["cancelled", "confirmed", "confirmed"])
    until(lambda: len(notices(budi, event["id"])) == 2)
    assert notices(budi, event["id"]) == ["registration_waiting", "registration_confirmed"]

    def seats() -> tuple[int, ...]:
        shown = both.semarang.sees(event["id"])
        return (shown["confirmed"], shown["waiting"], shown["seats_left"])

    until(lambda: seats() == (2, 0, 0))


def test_a_moved_date_is_confirmed_from_abroad_and_a_call_off_is_told(both: Pair):
    event = both.semarang.announces()
    until(lambda: both.kediri.sees(event["id"]))
    member = both.kediri.joins("Dewi", "network")
    mine = registers(member, event)
    until(lambda: place(member, mine)["state"] == "confirmed")
    path = f"/v1/events/{event['id']}"

    moved = {"reason": "Aula dipakai", "starts_at": both.semarang.clock.at(days=31)}
    both.semarang.coordinator.do("POST", f"{path}/reschedule", moved)
    until(lambda: place(member, mine)["needs_reconfirm"])
    member.do("PATCH", f"{path}/registrations/{mine['id']}", {"reconfirm": True})
    until(lambda: not place(member, mine)["needs_reconfirm"])
    assert place(member, mine)["state"] == "confirmed"

    both.semarang.coordinator.do("POST", f"{path}/cancel", {"reason": "Pemateri sakit"})
    until(lambda: place(member, mine)["state"] == "cancelled")
    assert until(lambda: both.kediri.sees(event["id"])["state"] == "cancelled")
    told_of = ["registration_confirmed", "event_rescheduled", "registration_cancelled"]
    assert until(lambda: notices(member, event["id"]) == told_of)


def test_what_the_other_region_refuses_is_told_in_its_words(both: Pair):
    event = both.semarang.announces()
    until(lambda: both.kediri.sees(event["id"]))
    member = both.kediri.joins("Eko", "network")
    both.cut()
    mine = registers(member, event)
    both.semarang.coordinator.do(
        "POST", f"/v1/events/{event['id']}/cancel", {"reason": "Pemateri sakit"}
    )
    both.heal()

    refused = until(lambda: (p := place(member, mine))["state"] == "refused" and p)

    assert refused["refused"] == "events.registration_closed"
    assert until(lambda: notices(member, event["id"]) == ["registration_refused"])


def test_who_leaves_is_erased_there_with_a_receipt(both: Pair):
    event = both.semarang.announces()
    until(lambda: both.kediri.sees(event["id"]))
    member = both.kediri.joins("Gita Pergi", "network", "contact")
    mine = registers(member, event)
    until(lambda: place(member, mine)["state"] == "confirmed")
    path = f"/v1/events/{event['id']}/registrations"
    until(lambda: "Gita Pergi" in {one["name"] for one in both.semarang.coordinator.all(path)})

    both.cut()
    assert member.command("DELETE", "/v1/me").status_code == 200

    def erasure() -> dict:
        listed = both.kediri.coordinator.all("/v1/federation/erasures", peer="semarang")
        return next((one for one in listed if one["id"] == mine["id"]), {})

    asked = until(erasure)
    assert (asked["state"], asked["silent"]) == ("asked", False)
    both.kediri.clock.advance(hours=73)
    assert erasure()["silent"] is True

    both.heal()
    until(lambda: erasure()["state"] == "confirmed")
    assert erasure()["silent"] is False

    def guests() -> list[tuple[str | None, ...]]:
        held = both.semarang.coordinator.all(path)
        return [(one["name"], one["guest"], one["state"]) for one in held]

    until(lambda: guests() == [(None, None, "cancelled")])
    until(lambda: not holding("Gita Pergi", both.semarang))


def holding(word: str, region: Region) -> list[str]:
    """The collections of a region that hold a word."""
    return [
        f"{database}.{name}"
        for database in region.mongo.list_database_names()
        if "jejaring" in database
        for name in region.mongo[database].list_collection_names()
        if any(word in str(one) for one in region.mongo[database][name].find({}))
    ]
