"""Announcements: to an area, a role or an event's people; each alone, in measure."""

import pytest

from cell.cell import Cell
from tests.e2e.gatherings import announced, register
from tests.e2e.mailbox import Mailbox, deliveries, known, notice, wish
from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, consent, problem, told
from tests.support.infrastructure import until

WORDS = {"title": "Pindah grup", "body": "Grup kita pindah ke tempat lain."}


@pytest.fixture
def mail(cell: Cell) -> Mailbox:
    """What was brought."""
    return Mailbox(cell)


def test_an_area_is_told_by_its_coordinator_each_alone(
    community: Community, kota: Person, kabupaten: Person, operator: Person, mail: Mailbox
) -> None:
    ayu = community.member()
    consent(ayu, "email_news")
    wish(ayu)  # by then her consent was heard of
    elsewhere = known(community.member(KABUPATEN))
    said = kota.do("POST", "/v1/announcements", {**WORDS, "area": KOTA}, 201)
    assert said["recipients"] >= 1 and said["sent_by"] == kota.id
    got = notice(ayu, "announcement_area")
    assert WORDS["body"] in got["body"] and got["title"].endswith(WORDS["title"])
    mail(ayu, got)
    (row,) = until(lambda: deliveries(kota, got, state="sent"))
    assert (row["member_id"], row["sender_id"]) == (ayu.id, kota.id)
    assert row in deliveries(operator, got)
    assert deliveries(kabupaten, got) == []
    assert "announcement_area" not in {o["kind"] for o in elsewhere.all("/v1/notifications")}
    assert said["id"] in {one["id"] for one in kota.all("/v1/announcements")}
    problem(elsewhere.get(f"/v1/announcements/{said['id']}"), 404)


def test_an_events_people_are_told_and_nobody_else(crowd: list[Person], kota: Person) -> None:
    event, (ayu, budi) = announced(kota), crowd[:2]
    register(ayu, event)
    body = {**WORDS, "event_id": event["id"]}
    problem(ayu.command("POST", "/v1/announcements", body), 403)

    def said() -> Body | None:
        answer = kota.command("POST", "/v1/announcements", body)
        return told(answer, 201) if answer.json().get("recipients") else None

    assert until(said)["recipients"] == 1
    until(lambda: [n for n in ayu.all("/v1/notifications") if n["about_id"] == event["id"]])
    assert not [
        n
        for n in budi.all("/v1/notifications")
        if (n["kind"], n["about_id"]) == ("announcement_event", event["id"])
    ]


def test_announcements_have_one_audience_an_area_of_ones_own_and_a_measure(
    community: Community, kabupaten: Person, kota: Person
) -> None:
    both = {**WORDS, "area": KABUPATEN, "event_id": "x"}
    refused = kabupaten.command("POST", "/v1/announcements", both)
    problem(refused, 422, "notifications.audience_invalid")
    problem(kabupaten.command("POST", "/v1/announcements", WORDS), 422)
    problem(kabupaten.command("POST", "/v1/announcements", {**WORDS, "area": KOTA}), 403)
    here = {**WORDS, "area": KABUPATEN}
    known(community.member(KABUPATEN))
    for _ in range(5):
        assert kabupaten.do("POST", "/v1/announcements", here, 201)["recipients"] > 0
    sixth = kabupaten.command("POST", "/v1/announcements", here)
    problem(sixth, 429, "notifications.throttled")
    assert 0 < int(sixth.headers["Retry-After"]) <= 3600
