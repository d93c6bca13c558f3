"""Facts become notices and letters: each person is told once, whatever the broker repeats."""

from dataclasses import replace

import pytest

from contracts.events import facts as events
from contracts.members import facts as members
from contracts.members.states import Consent
from contracts.mentoring import facts as mentoring
from contracts.notifications import commands
from tests.support.gatherings import a_registration, an_event, moved
from tests.support.infrastructure import until
from tests.support.members import NOW, a_member, an_appointment, an_area
from tests.support.told_cases import a_case

pytestmark = pytest.mark.cell

AGREES = {
    purpose: Consent(purpose=purpose, granted=True, text_version="1", decided_at=NOW)
    for purpose in ("telegram", "whatsapp", "email_news")
}


def people(*ids: str, **fields):
    """Restated members: known, but nobody is told of them."""
    return [members.MemberRestated(member=a_member(id, **fields)) for id in ids]


def a_published_event(house, *ids: str):
    """The workshop and its people are known; who is in the area has had his letter."""
    house.say(*people(*ids, area="35.06"), events.EventPublished(event=an_event()), start="known")
    until(lambda: house.database["known_event"].count_documents({}) == 1)
    until(lambda: house.database["known_member"].count_documents({}) == len(ids))


def test_the_same_fact_five_times_is_one_message(house):
    a_published_event(house, "ayu", "budi")

    for _ in range(5):
        house.say(events.RegistrationConfirmed(registration=a_registration("ayu")))
    house.say(events.RegistrationConfirmed(registration=a_registration("budi")), start="last")
    until(lambda: house.letters("budi@sekolah.id"))
    until(lambda: house.stage.depth(house.queue) == 0)

    (letter,) = until(lambda: house.letters("ayu@sekolah.id"))
    assert house.inbox("ayu") == ["registration_confirmed"]
    assert letter["Subject"] == "Terdaftar: Lokakarya barcode"
    (row,) = until(lambda: house.ledger(state="sent", member_id="ayu"))
    assert (row["channel"], row["attempts"]) == ("email", 1)


def test_a_letter_has_text_and_html_and_one_click_and_the_right_language(house):
    house.say(*people("ayu", area="35.06", language="en"), events.EventPublished(event=an_event()))
    until(lambda: house.database["known_member"].count_documents({}) == 1)

    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="more")
    (letter,) = until(lambda: house.letters())

    assert letter["Content-Language"] == "en"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith("<http://127.0.0.1:8080/v1/unsubscribe?token=")
    assert letter["To"] == "ayu@sekolah.id" and letter["Auto-Submitted"] == "auto-generated"
    text, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Thursday, 12 December 2030 09:00 WIB" in text
    assert '<html lang="en">' in html and "SMAN 4 Kota Kediri" in html


def test_a_fact_before_its_event_and_its_member_waits_for_them(house):
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")))
    until(lambda: house.stage.depth(house.queue) == 0)
    assert house.inbox("ayu") == []

    house.say(*people("ayu", area="35.06"), events.EventPublished(event=an_event()), start="late")

    until(lambda: house.inbox("ayu") == ["registration_confirmed"])


def test_everybody_hears_once_that_the_date_moved(house):
    ids = ("ayu", "budi", "citra")
    a_published_event(house, *ids)
    waiting = a_registration("citra", state="waiting", position=1)
    house.say(
        events.RegistrationRestated(registration=a_registration("ayu")),
        events.RegistrationRestated(registration=a_registration("budi")),
        events.RegistrationRestated(registration=waiting),
        start="in",
    )
    until(lambda: house.database["known_registration"].count_documents({}) == 3)

    later = moved(
        an_event(),
        starts_at="2030-12-13T02:00:00.000Z",
        ends_at="2030-12-13T05:00:00.000Z",
        date_changed=1,
        change_reason="Aula dipakai ujian",
    )
    asked = [moved(a_registration(id), needs_reconfirm=True) for id in ("ayu", "budi")]
    house.say(
        *(events.RegistrationToReconfirm(registration=state) for state in asked),
        events.EventRescheduled(event=later),
        start="moved",
    )
    until(lambda: len(house.letters()) == 3)
    until(lambda: house.database["telling"].count_documents({}) == 0)

    assert [house.inbox(id) for id in ids] == [["event_rescheduled"]] * 3
    body = house.database["notice"].find_one({"member_id": "citra"})["body"]
    assert "Semula: Kamis, 12 Desember 2030 09.00 WIB" in body
    assert "Menjadi: Jumat, 13 Desember 2030 09.00 WIB" in body
    assert "Pastikan" not in body, "who waits has nothing to confirm"
    assert "Pastikan" in house.database["notice"].find_one({"member_id": "ayu"})["body"]


def test_who_loses_his_place_because_the_event_falls_through_hears_that_once(house):
    a_published_event(house, "ayu", "budi")
    gone = [
        moved(a_registration(id), state="cancelled", cancelled_reason="Banjir")
        for id in ("ayu", "budi")
    ]
    house.say(
        *(events.RegistrationCancelled(registration=state) for state in gone),
        events.EventCancelled(event=moved(an_event(), state="cancelled", change_reason="Banjir")),
        start="off",
    )

    until(lambda: house.inbox("ayu") == house.inbox("budi") == ["event_cancelled"])
    until(lambda: len(house.letters()) == 2)


def test_telegram_fails_and_the_letter_goes_by_mail(house):
    house.say(*people("ayu", area="35.06", consents=(AGREES["telegram"],)))
    house.say(events.EventPublished(event=an_event()), start="known")
    until(lambda: house.database["known_member"].count_documents({}) == 1)
    link = house.ask(commands.ConnectChannel(channel="telegram"), "ayu")["link"]
    code = link.partition("start=")[2]
    heard = commands.HearTelegram(
        secret="from the bot", update_id=1, chat_id="77", text=f"/start {code}"
    )
    assert house.ask(heard) == {"connected": True}
    assert house.ask(heard) == {"connected": False}, "the same update says nothing twice"
    house.providers.plan.append(403)

    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")

    (letter,) = until(lambda: house.letters("ayu@sekolah.id"))
    assert letter["Subject"] == "Terdaftar: Lokakarya barcode"
    until(lambda: len(house.ledger(state="sent")) == 1)
    assert {row["channel"]: row["state"] for row in house.ledger()} == {
        "telegram": "failed",
        "email": "sent",
    }


def test_a_provider_that_says_wait_is_waited_for(house):
    _connected_webhook(house)
    house.providers.plan.append((429, 2))

    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")

    (taken,) = until(lambda: house.providers.to("/hook"))
    assert taken.json["data"]["title"] == "Terdaftar: Lokakarya barcode"
    (row,) = until(lambda: house.ledger(state="sent"))
    assert row["attempts"] == 1, "being asked to wait is no attempt"
    assert not house.letters()


def test_a_provider_that_stumbles_is_tried_again_later(house):
    _connected_webhook(house)
    house.providers.plan.append(500)

    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")

    (row,) = until(lambda: house.ledger(attempts=1))
    assert (row["state"], row["channel"]) == ("queued", "webhook")
    assert row["reason"].startswith("HTTP 500") and row["due_at"] > row["created_at"]
    house.database["outgoing"].update_many({}, {"$set": {"due_at": NOW}})
    assert until(lambda: house.ledger(state="sent"))[0]["attempts"] == 2


def test_a_provider_that_never_answers_leaves_it_unknown_until_a_person_decides(house):
    _connected_webhook(house)
    house.providers.plan.append("slow")

    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")

    (row,) = until(lambda: house.ledger(state="unknown"))
    assert house.database["outgoing"].count_documents({}) == 0
    assert not house.letters(), "the next channel would be a second copy"
    with pytest.raises(LookupError, match="requeue_unconfirmed"):
        house.ask(commands.RequeueDelivery(delivery_id=row["_id"]), "kartini")
    again = commands.RequeueDelivery(delivery_id=row["_id"], confirm=True)
    assert house.ask(again, "kartini")["state"] == "queued"
    assert until(lambda: house.ledger(state="sent"))


def _connected_webhook(house):
    house.say(
        *people("ayu", "kartini", area="35.06"),
        members.AppointmentRestated(appointment=an_appointment("kartini", "coordinator")),
        events.EventPublished(event=an_event()),
    )
    until(lambda: house.database["known_member"].count_documents({}) == 2)
    until(lambda: house.database["known_appointment"].count_documents({}) == 1)
    hook = commands.ConnectChannel(
        channel="webhook", address=f"{house.providers.url}/hook", secret="0123456789abcdef"
    )
    assert house.ask(hook, "ayu")["preferences"]["connected"] == ["webhook"]


def test_a_channel_that_is_disconnected_is_forgotten_and_the_mail_goes(house):
    _connected_webhook(house)

    asked = commands.DisconnectChannel(channel="webhook")
    first, again = (house.ask(asked, "ayu") for _ in range(2))

    assert first == again and first["connected"] == []
    assert house.database["contact"].count_documents({}) == 0
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")
    until(lambda: house.letters("ayu@sekolah.id"))
    assert not house.providers.to("/hook")


def test_an_announcement_reaches_who_agreed_each_alone(house):
    house.say(
        members.AreaRestated(area=an_area(coordinators=("rudi",))),
        *people("ayu", "budi", consents=(AGREES["email_news"],)),
        *people("rudi", "citra"),
        members.AppointmentRestated(
            appointment=an_appointment("rudi", "area_coordinator", area="35.71")
        ),
        events.EventRestated(event=an_event()),
    )
    until(lambda: house.database["known_event"].count_documents({}) == 1)
    until(lambda: house.database["known_member"].count_documents({}) == 4)
    until(lambda: house.database["known_appointment"].count_documents({}) == 1)
    told = commands.Announce(title="Pindah grup", body="Grup kita pindah.", area="35.71")

    assert house.ask(told, "rudi")["recipients"] == 3

    letters = until(lambda: len(house.letters()) == 2 and house.letters())
    assert {letter["To"] for letter in letters} == {"ayu@sekolah.id", "budi@sekolah.id"}
    assert house.inbox("citra") == ["announcement_area"], "the inbox needs no consent"
    for _ in range(4):
        nobody = replace(told, area=None, event_id="barcode")
        assert house.ask(nobody, "rudi")["recipients"] == 0, "and is not counted"
        house.ask(told, "rudi")
    with pytest.raises(LookupError, match="throttled"):
        house.ask(told, "rudi")


def test_one_tap_silences_a_category_without_signing_in(house):
    house.say(*people("ayu"))
    until(lambda: house.database["known_member"].count_documents({}) == 1)
    house.say(events.EventPublished(event=an_event()), start="new")
    (letter,) = until(lambda: house.letters())
    token = letter["List-Unsubscribe"].strip("<>").partition("token=")[2]

    assert house.ask(commands.Unsubscribe(token=token)) == {
        "category": "events",
        "channel": "email",
    }

    house.say(events.EventPublished(event=an_event("lain", title="Lain")), start="next")
    until(lambda: house.inbox("ayu") == ["event_published"] * 2)
    assert len(house.ledger()) == 1
    with pytest.raises(LookupError, match="unsubscribe_invalid"):
        house.ask(commands.Unsubscribe(token=token + "x"))


def test_who_leaves_is_forgotten(house):
    _connected_webhook(house)
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")
    until(lambda: house.ledger(state="sent"))

    house.say(
        members.MemberLeft(member=moved(a_member("ayu"), state="left", email=None)), start="out"
    )

    until(lambda: house.database["notice"].find_one({"body": "—", "title": "—"}))
    assert house.database["contact"].count_documents({}) == 0
    assert house.database["preferences"].find_one({"_id": "ayu"})["connected"] == []


def test_whatsapp_says_later_that_it_did_not_arrive_and_the_mail_goes(house):
    house.say(*people("ayu", area="35.06", consents=(AGREES["whatsapp"],)))
    house.say(events.EventPublished(event=an_event()), start="known")
    until(lambda: house.database["known_member"].count_documents({}) == 1)
    until(lambda: house.database["known_event"].count_documents({}) == 1)
    house.ask(commands.ConnectChannel(channel="whatsapp", address="0812 3456 7890"), "ayu")
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="in")
    until(lambda: house.ledger(state="sent", channel="whatsapp"))
    (receipt,) = house.database["receipt"].find()
    id = receipt["_id"].removeprefix("whatsapp:")

    read = commands.HearWhatsApp(message_id=id, status="read")
    failed = commands.HearWhatsApp(message_id=id, status="failed", detail="131026 undeliverable")
    assert [house.ask(one)["failed"] for one in (read, failed, failed)] == [0, 1, 0]

    until(lambda: house.letters("ayu@sekolah.id"))
    assert house.ledger(channel="whatsapp")[0]["reason"] == "131026 undeliverable"


def test_a_notice_is_read_by_its_owner_once(house):
    a_published_event(house, "ayu", "budi")
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")))
    (notice,) = until(lambda: list(house.database["notice"].find()))
    read = commands.ReadNotice(notice_id=notice["_id"])

    first, again = house.ask(read, "ayu"), house.ask(read, "ayu")

    assert first["read_at"] and first == again and first["version"] == 2
    with pytest.raises(LookupError, match="notice_unknown"):
        house.ask(read, "budi")
    with pytest.raises(LookupError, match="auth.required"):
        house.ask(read)


def test_the_night_is_quiet_and_the_message_waits(house):
    a_published_event(house, "ayu")
    all_day = {"from": "00:00", "to": "23:59"}
    house.ask(
        commands.SetPreferences(
            language="id", channels=("email",), categories={}, quiet_hours=all_day, digest="none"
        ),
        "ayu",
    )

    house.say(events.SeatOfferLapsed(registration=a_registration("ayu", state="cancelled")))
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")), start="urgent")

    until(lambda: house.letters())
    assert [letter["Subject"] for letter in house.letters()] == ["Terdaftar: Lokakarya barcode"]
    (waiting,) = house.ledger(kind="seat_offer_lapsed")
    assert waiting["state"] == "queued" and waiting["due_at"] > waiting["created_at"]


def test_coordinators_may_see_what_a_notice_would_say(house):
    house.say(
        *people("kartini", "ayu"),
        members.AppointmentRestated(appointment=an_appointment("kartini", "coordinator")),
    )
    until(lambda: house.database["known_appointment"].count_documents({}) == 1)
    until(lambda: house.database["known_member"].count_documents({}) == 2)

    shown = house.ask(commands.PreviewTemplate(kind="area_vacant", language="en"), "kartini")

    assert shown["title"] == "Area without a coordinator: Kota Kediri"
    assert '<html lang="en">' in shown["html"] and shown["language"] == "en"
    with pytest.raises(LookupError, match="template_unknown"):
        house.ask(commands.PreviewTemplate(kind="nothing"), "kartini")
    with pytest.raises(LookupError, match="auth.forbidden"):
        house.ask(commands.PreviewTemplate(kind="area_vacant"), "ayu")


def test_a_vacant_area_is_told_with_the_cases_to_hand_over(house):
    house.say(
        *people("kartini"),
        members.AppointmentRestated(appointment=an_appointment("kartini", "coordinator")),
        mentoring.MentorshipRestated(mentorship=a_case()),
        mentoring.MentorshipRestated(mentorship=a_case(id="over", state="closed", goal="Lama")),
    )
    until(lambda: house.database["known_mentorship"].count_documents({}) == 2)
    until(lambda: house.database["known_appointment"].count_documents({}) == 1)

    vacant = an_area(acting_coordinator="kartini")
    house.say(members.AreaCoordinatorVacant(area=vacant), start="vacant")

    until(lambda: house.inbox("kartini") == ["area_vacant"])
    (notice,) = house.database["notice"].find({"member_id": "kartini"})
    assert notice["body"].endswith("- SMAN 4 Kediri: Otomasi sirkulasi")


def test_only_who_coordinates_announces_and_to_one_audience(house):
    house.say(
        members.AreaRestated(area=an_area()),
        *people("rudi", "ayu"),
        members.AppointmentRestated(
            appointment=an_appointment("rudi", "area_coordinator", area="35.71")
        ),
        events.EventPublished(event=an_event()),
    )
    until(lambda: house.database["known_appointment"].count_documents({}) == 1)
    until(lambda: house.database["known_event"].count_documents({}) == 1)
    words = {"title": "T", "body": "B"}

    for member, fields, code in (
        ("ayu", {"area": "35.71"}, "auth.forbidden"),
        ("rudi", {"area": "35.06"}, "audience_invalid"),
        ("rudi", {}, "audience_invalid"),
        ("rudi", {"area": "35.71", "event_id": "barcode"}, "audience_invalid"),
        ("rudi", {"event_id": "nothing"}, "audience_invalid"),
        ("rudi", {"role": "mentor"}, "auth.forbidden"),
    ):
        with pytest.raises(LookupError, match=code):
            house.ask(commands.Announce(**words, **fields), member)
    assert house.ask(commands.Announce(**words, event_id="barcode"), "rudi")["area"] == "35.71"
    assert house.ask(commands.Announce(**words, role="mentor", area="35.71"), "rudi")


def test_everything_can_be_said_again(house):
    a_published_event(house, "ayu")
    house.say(events.RegistrationConfirmed(registration=a_registration("ayu")))
    until(lambda: house.ledger(state="sent"))
    house.tap.drain()
    house.tap.told.clear()

    assert house.ask(commands.Restate(kind="delivery")) == {"restated": 1}

    def restated() -> list[str]:
        return [one["type"] for one in house.tap.drain() if "restated" in one["type"]]

    assert until(restated) == ["jejaring.notifications.delivery_restated.v1"]
    with pytest.raises(LookupError, match="kind_unknown"):
        house.ask(commands.Restate(kind="nothing"))
