"""Events that come again, the places they use, the things they borrow, and the wishes before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.e2e.gatherings import announced, at, path, planned, publish, register, workshop
from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, problem, told

WIB = ZoneInfo("Asia/Jakarta")
REASON = {"reason": "Diganti jadwal baru"}


def a_series(who: Person, **fields: object) -> Body:
    """Every fourth Thursday at nine o'clock, six times."""
    begins = datetime.now(WIB).replace(hour=9, minute=0, second=0, microsecond=0)
    begins = (begins + timedelta(days=3)).astimezone(UTC)
    body = {
        **workshop(kind="gathering", topics=["Otomasi"], area=KOTA),
        "rule": "FREQ=MONTHLY;BYDAY=4TH",
        "starts_at": begins.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": (begins + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dates": 6,
    }
    return who.do("POST", "/v1/event-series", {**body, **fields}, 201)


def dates_of(who: Person, series: Body) -> list[Body]:
    """Its events, by when they begin."""
    return who.all("/v1/events", series_id=series["id"])


def test_a_series_is_every_fourth_thursday_at_the_same_hour(
    community: Community, kota: Person, kabupaten: Person
) -> None:
    series, member = a_series(kota), community.member()
    events = dates_of(kota, series)
    assert [one["id"] for one in events] == series["event_ids"] and len(events) == 6
    for one in events:
        local = datetime.fromisoformat(one["starts_at"]).astimezone(WIB)
        assert (local.weekday(), (local.day - 1) // 7, local.hour) == (3, 3, 9)
        assert one["state"] == "draft"
    assert dates_of(member, series) == [], "drafts are nobody else's"
    problem(kabupaten.command("POST", f"/v1/event-series/{series['id']}/end", REASON), 403)
    body = {**workshop(), "rule": "FREQ=FORTNIGHTLY"}
    problem(kota.command("POST", "/v1/event-series", body), 422, "events.rule_invalid")


def test_one_date_or_those_that_follow_or_all_are_changed(kota: Person) -> None:
    series = a_series(kota)
    first, second, third, *_ = dates_of(kota, series)
    kota.do("PATCH", path(second), {"title": "Hanya ini"})
    assert [one["title"] for one in dates_of(kota, series)].count("Hanya ini") == 1
    kota.do("PATCH", path(first), {"capacity": 25, "apply": "all"})
    assert {one["capacity"] for one in dates_of(kota, series)} == {25}
    after = kota.do("PATCH", path(third), {"title": "Mulai kini", "apply": "following"})
    assert after["series_id"] != series["id"]
    stay, leave = dates_of(kota, series), kota.all("/v1/events", series_id=after["series_id"])
    assert (len(stay), len(leave)) == (2, 4)
    assert {one["title"] for one in leave} == {"Mulai kini"}
    told_of = told(kota.get(f"/v1/event-series/{series['id']}"), 200)
    assert told_of["ended"] and told_of["event_ids"] == [one["id"] for one in stay]


def test_who_registers_for_a_series_has_a_place_on_every_date_announced(
    community: Community, kota: Person
) -> None:
    ayu, series = community.member(), a_series(kota)
    events = dates_of(kota, series)
    for event in events[:3]:
        publish(kota, event)
    register(ayu, events[0], series=True)
    agenda = told(ayu.get("/v1/me/agenda"), 200)["items"]
    assert {one["registration"]["event_id"] for one in agenda} == {one["id"] for one in events[:3]}
    ended = kota.do("POST", f"/v1/event-series/{series['id']}/end", REASON)
    assert ended["ended"] is True
    states = [one["state"] for one in dates_of(kota, series)]
    assert states == ["published"] * 3 + ["cancelled"] * 3
    again = kota.command("POST", f"/v1/event-series/{series['id']}/end", REASON)
    problem(again, 409, "events.series_state_forbids")


def test_a_place_holds_one_event_at_a_time(kota: Person, kabupaten: Person) -> None:
    body = {"name": "Aula SMAN 4", "area": KOTA, "capacity": 80, "contact_phone": "0812 5555 0000"}
    problem(kabupaten.command("POST", "/v1/venues", body), 403)
    venue = kota.do("POST", "/v1/venues", body, 201)
    there = {"venue": {"name": "?", "venue_id": venue["id"]}}
    event = announced(kota, **there)
    assert event["venue"]["name"] == "Aula SMAN 4"
    overlapping = workshop(starts_at=at(days=30, hours=1), ends_at=at(days=30, hours=9), **there)
    problem(kota.command("POST", "/v1/events", overlapping), 409, "events.venue_taken")
    later = planned(kota, starts_at=at(days=31), ends_at=at(days=31, hours=1), **there)
    times = {"starts_at": event["starts_at"], "ends_at": event["ends_at"]}
    problem(kota.command("PATCH", path(later), times), 409, "events.venue_taken")
    kota.do("POST", path(event, "cancel"), REASON)
    assert kota.do("PATCH", path(later), times)["starts_at"] == event["starts_at"]
    unknown = workshop(venue={"name": "?", "venue_id": "nowhere"})
    problem(kota.command("POST", "/v1/events", unknown), 422, "events.venue_invalid")


def test_whom_to_call_at_a_place_is_for_its_coordinators(
    community: Community, kota: Person, kabupaten: Person
) -> None:
    body = {"name": "Taman baca", "area": KOTA, "contact_name": "Pak Kontak"}
    venue = kota.do("POST", "/v1/venues", body, 201)
    where = f"/v1/venues/{venue['id']}"
    assert told(kota.get(where), 200)["contact_name"] == "Pak Kontak"
    for person in (community.member(), kabupaten):
        assert told(person.get(where), 200)["contact_name"] is None
    problem(community.visitor().get(where), 401)
    problem(kabupaten.command("PATCH", where, {"power": True}), 403)
    assert kota.do("PATCH", where, {"active": False})["active"] is False


def test_a_borrowed_thing_goes_out_and_comes_back(community: Community, kota: Person) -> None:
    owner, event, other = community.member(), announced(kota), announced(kota)
    thing = owner.do("POST", "/v1/equipment", {"name": "Printer label", "area": KOTA}, 201)
    assert thing["owner_member_id"] == owner.id
    where = f"/v1/equipment/{thing['id']}"
    problem(owner.command("POST", f"{where}/reservations", {"event_id": event["id"]}), 403)
    held = kota.do("POST", f"{where}/reservations", {"event_id": event["id"]}, 201)
    one = held["reservations"][0]
    assert (one["state"], one["starts_at"]) == ("reserved", event["starts_at"])
    taken = kota.command("POST", f"{where}/reservations", {"event_id": other["id"]})
    problem(taken, 409, "events.equipment_taken")
    steps = f"{where}/reservations/{one['id']}"
    body = {"condition": "Lengkap"}
    problem(kota.command("POST", f"{steps}/return", body), 409)
    problem(community.member().command("POST", f"{steps}/hand-over", body), 403)
    out = owner.do("POST", f"{steps}/hand-over", body)["reservations"][0]
    assert (out["state"], out["condition_out"]) == ("handed_over", "Lengkap")
    problem(kota.command("POST", f"{steps}/release"), 409, "events.reservation_state_forbids")
    back = owner.do("POST", f"{steps}/return", {"condition": "Tinta habis"})["reservations"][0]
    assert (back["state"], back["condition_in"]) == ("returned", "Tinta habis")
    kota.do("POST", f"{where}/reservations", {"event_id": other["id"]}, 201)
    kota.do("POST", path(other, "cancel"), REASON)
    assert told(kota.get(where), 200)["reservations"][-1]["state"] == "cancelled"


def test_a_wish_is_backed_once_each_and_becomes_an_event_that_points_back(
    community: Community, kota: Person, kabupaten: Person
) -> None:
    ayu, budi = community.member(), community.member()
    wish = ayu.do("POST", "/v1/event-requests", {"topic": "Barcode", "area": KOTA}, 201)
    where = f"/v1/event-requests/{wish['id']}"
    for _ in range(2):
        backed = budi.do("POST", f"{where}/back")
        assert (backed["backers"], backed["backed"]) == (2, True)
    assert told(kabupaten.get(where), 200)["backed"] is False
    assert budi.do("DELETE", f"{where}/back")["backers"] == 1
    plan = {name: value for name, value in workshop(topics=["Barcode"]).items() if name != "area"}
    problem(kabupaten.command("POST", f"{where}/accept", plan), 403)
    event = kota.do("POST", f"{where}/accept", plan, 201)
    assert (event["request_id"], event["state"], event["area"]) == (wish["id"], "draft", KOTA)
    after = told(ayu.get(where), 200)
    assert (after["state"], after["event_id"]) == ("accepted", event["id"])
    problem(kota.command("POST", f"{where}/accept", plan), 409, "events.request_state_forbids")
    problem(kota.command("POST", f"{where}/decline", REASON), 409)


def test_a_wish_is_declined_with_a_reason_and_never_backed_again(
    community: Community, kota: Person
) -> None:
    ayu = community.member()
    wish = ayu.do("POST", "/v1/event-requests", {"topic": "Jauh", "area": KABUPATEN}, 201)
    where = f"/v1/event-requests/{wish['id']}"
    problem(kota.command("POST", f"{where}/decline", REASON), 403)
    declined = community.officer(KABUPATEN).do("POST", f"{where}/decline", REASON)
    assert (declined["state"], declined["decline_reason"]) == ("declined", REASON["reason"])
    problem(kota.command("POST", f"{where}/back"), 409, "events.request_state_forbids")
    pending = community.newcomer()
    problem(pending.command("POST", "/v1/event-requests", {"topic": "x", "area": KOTA}), 403)
    problem(pending.get(where), 403)
