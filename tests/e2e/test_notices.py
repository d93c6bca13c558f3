"""What members are told: once, in their language, over the channels they chose, when they wish."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from cell.cell import Cell
from cell.demo.gathering import WISHES
from tests.e2e.gatherings import announced, register
from tests.e2e.mailbox import Mailbox, deliveries, known, notice, source, wish
from tests.support.client import (
    Community,
    Person,
    Phone,
    problem,
    told,
)
from tests.support.infrastructure import until

WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def mail(cell: Cell) -> Mailbox:
    """What was brought."""
    return Mailbox(cell)


def test_who_registers_finds_it_in_the_inbox_and_in_the_mail(
    community: Community, kota: Person, operator: Person, mail: Mailbox
) -> None:
    ayu, event = community.member(), announced(kota)
    phone = Phone(ayu)
    register(ayu, event)
    got = notice(ayu, "registration_confirmed", event["id"])
    assert (got["language"], got["category"], got["read_at"]) == ("id", "registrations", None)
    assert event["title"] in got["title"] + got["body"]
    letter = mail(ayu, got)
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(letter.get_all("X-Envelope-To", [])) == 1, "nobody sees who else was told"
    assert letter["Auto-Submitted"] == "auto-generated"
    (row,) = until(lambda: deliveries(ayu, got, state="sent"))
    assert (row["channel"], row["attempts"]) == ("email", 1)
    assert "@" not in repr(row), "the ledger knows no address"
    assert deliveries(operator, got) == [row]
    until(lambda: phone.sync() is not None and ("notice", got["id"]) in phone.held)
    read = ayu.do("POST", f"/v1/notifications/{got['id']}/read")
    assert read["read_at"] and ayu.do("POST", f"/v1/notifications/{got['id']}/read") == read
    assert got["id"] not in {one["id"] for one in ayu.all("/v1/notifications", read="false")}


def test_a_notice_and_its_deliveries_are_their_readers_alone(
    crowd: list[Person], kota: Person, operator: Person
) -> None:
    ayu, budi = crowd[:2]
    event = announced(kota)
    register(ayu, event)
    got = notice(ayu, "registration_confirmed", event["id"])
    for person in (budi, kota, operator):
        problem(person.get(f"/v1/notifications/{got['id']}"), 404)
        problem(person.command("POST", f"/v1/notifications/{got['id']}/read"), 404)
    assert deliveries(budi, got) == [] and deliveries(kota, got) == []
    (row,) = until(lambda: deliveries(operator, got, state="sent"))
    again = operator.command("POST", f"/v1/deliveries/{row['id']}/requeue", {"confirm": True})
    problem(again, 409, "notifications.delivery_state_forbids")
    problem(budi.command("POST", f"/v1/deliveries/{row['id']}/requeue", {"confirm": True}), 403)


def test_whoever_reads_english_is_told_in_english(
    community: Community, kota: Person, mail: Mailbox
) -> None:
    event, ayu = announced(kota), community.member()
    assert wish(ayu, language="en")["version"] == 1
    register(ayu, event)
    got = notice(ayu, "registration_confirmed", event["id"])
    assert got["language"] == "en"
    letter = mail(ayu, got)
    assert "You" in source(letter) and "Anda" not in source(letter)
    shown = kota.client.post(
        "/v1/notification-templates/registration_confirmed/preview", json={"language": "en"}
    )
    assert told(shown, 200)["language"] == "en"


def test_what_is_switched_off_stays_away_and_what_is_essential_cannot_be(
    community: Community, kota: Person
) -> None:
    ayu, budi = community.member(), known(community.member())
    off = {"events": {"inbox": False}}
    wish(ayu, categories=off)
    essential = {**WISHES, "categories": {"registrations": {"email": False}}}
    refused = ayu.command("PUT", "/v1/notification-preferences", essential)
    problem(refused, 422, "notifications.category_essential")
    for wrong in ({"cuaca": {"email": False}}, {"news": {"radio": False}}, {"news": {"email": 0}}):
        body = {**WISHES, "categories": wrong}
        refused = ayu.command("PUT", "/v1/notification-preferences", body)
        assert problem(refused, 422)["errors"][0]["pointer"].startswith("/categories/")
    assert told(ayu.get("/v1/notification-preferences"), 200)["categories"] == off
    stale = {"If-Match": '"9"'}
    problem(ayu.command("PUT", "/v1/notification-preferences", WISHES, **stale), 412)
    event = announced(kota)
    notice(budi, "event_published", event["id"])
    register(ayu, event)
    notice(ayu, "registration_confirmed", event["id"])
    assert [n for n in ayu.all("/v1/notifications") if n["kind"] == "event_published"] == []


def test_one_tap_in_the_mail_silences_its_category_without_signing_in(
    community: Community, kota: Person, visitor: Person, mail: Mailbox
) -> None:
    ayu = known(community.member())
    event = announced(kota)
    letter = mail(ayu, notice(ayu, "event_published", event["id"]))
    address = urlsplit(str(letter["List-Unsubscribe"]).strip("<>"))
    tap = f"{address.path}?{address.query}"
    assert "<form" in visitor.client.get(tap, headers={"Accept": "text/html"}).text
    assert told(ayu.get("/v1/notification-preferences"), 200)["categories"] == {}, "only looked at"
    for _ in range(2):
        answer = visitor.client.post(tap, data={"List-Unsubscribe": "One-Click"})
        assert told(answer, 200) == {"accepted": True}
    silent = {"events": {"email": False}}
    assert told(ayu.get("/v1/notification-preferences"), 200)["categories"] == silent
    problem(visitor.client.post(f"{tap}x"), 404, "notifications.unsubscribe_invalid")
    other = announced(kota)
    got = notice(ayu, "event_published", other["id"])
    assert deliveries(ayu, got, channel="email") == [], "the inbox has it, the mail does not"


def test_quiet_hours_hold_what_can_wait(community: Community, kota: Person, mail: Mailbox) -> None:
    ayu, now = known(community.member()), datetime.now(WIB)
    hours = {
        "from": f"{now - timedelta(hours=1):%H:%M}",
        "to": f"{now + timedelta(hours=2):%H:%M}",
    }
    wish(ayu, quiet_hours=hours)
    event = announced(kota)
    waits = notice(ayu, "event_published", event["id"])
    (row,) = until(lambda: deliveries(ayu, waits))
    due = datetime.fromisoformat(row["due_at"]).astimezone(WIB)
    assert (row["state"], f"{due:%H:%M}") == ("queued", hours["to"])
    register(ayu, event)
    mail(ayu, notice(ayu, "registration_confirmed", event["id"]))
    (row,) = deliveries(ayu, waits)
    assert row["state"] == "queued", "what was urgent came, what was not still waits"
