"""The second story goes on: the day itself, what remains of it, and what everybody was told."""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from joserfc import jws
from joserfc.jwk import KeySet

from cell.demo.gathering import (
    BACKERS,
    HOST,
    MANY,
    SEATS,
    address_of,
    librarians,
    name_of,
    together,
)
from cell.demo.person import Body, Person, told
from cell.demo.post import CODE, letters_in, text_of
from cell.demo.scene import Scene, hold

CAME, EACH_PHONE, SEEN_TWICE = 10, 6, 2
SETTLE_SECONDS, QUIET_SECONDS = 30.0, 1.5


def scanned(scene: Scene) -> str:
    """Ten are scanned on two phones without a network; two of them on both."""
    published: Any = told(Person(scene.cell.base_url).get("/.well-known/jwks.json"), 200)
    keys = KeySet.import_key_set(published)
    seated = [name for name, one in scene.notes["places"].items() if one["state"] == "confirmed"]
    scene.notes["came"] = seated[:CAME]
    tickets = [ticket_of(scene, name) for name in scene.notes["came"]]
    for ticket in tickets:
        verified = jws.deserialize_compact(ticket, keys, algorithms=["Ed25519", "EdDSA"])
        hold(verified.headers()["typ"] == "ticket+jwt", f"a ticket says {verified.headers()}")
    first, second = tickets[:EACH_PHONE], tickets[EACH_PHONE - SEEN_TWICE :]
    outcomes = [uploaded(scene, first, "a"), uploaded(scene, second, "b")]
    again = uploaded(scene, first, "a")
    new = CAME - EACH_PHONE
    hold(outcomes[0] == {"accepted": EACH_PHONE}, f"the first phone got {outcomes[0]}")
    hold(outcomes[1] == {"duplicate": SEEN_TWICE, "accepted": new}, f"the second {outcomes[1]}")
    hold(again == {"duplicate": EACH_PHONE}, f"uploaded again, the first got {again}")
    return (
        f"{CAME} noted once each; {SEEN_TWICE} double scans and a repeated upload changed nothing"
    )


def ticket_of(scene: Scene, name: str) -> str:
    """The ticket on his phone."""
    path = f"/v1/events/{scene.notes['event']}/registrations"
    place = scene.notes["places"][name]["id"]
    return str(told(scene.people[name].get(f"{path}/{place}"), 200)["ticket"])


def uploaded(scene: Scene, tickets: list[str], device: str) -> Counter[str]:
    """What became of a phone's scans."""
    body = {"scans": [{"ticket": ticket, "device": device} for ticket in tickets]}
    path = f"/v1/events/{scene.notes['event']}/check-ins"
    results = scene.people["area"].do("POST", path, body)["results"]
    return Counter(one["outcome"] for one in results)


def closed(scene: Scene) -> str:
    """Its hour comes (the region's clock is set ahead); without minutes it would not close."""
    area, path = scene.people["area"], f"/v1/events/{scene.notes['event']}"
    left = (scene.notes["begins"] - scene.clock.now()).total_seconds()
    scene.clock.advance(seconds=max(0.0, left) + 0.1)
    bare = area.command("POST", f"{path}/close", {})
    hold(bare.json()["code"] == "events.minutes_missing", f"closing gave {bare.text}")
    area.do("POST", f"{path}/minutes", {"text": "Semua mencetak satu lembar barcode."})
    event = area.do("POST", f"{path}/close", {})
    states = Counter(one["state"] for one in area.all(f"{path}/registrations"))
    wanted = {"attended": CAME, "no_show": SEATS - CAME}
    hold(states.items() >= wanted.items(), f"they are {dict(states)}")
    wish = told(area.get(f"/v1/event-requests/{scene.notes['wish']}"), 200)
    hold(wish["state"] == "answered", f"the wish is {wish['state']}")
    return f"{event['state']} with minutes; {CAME} attended, {SEATS - CAME} did not come"


def certified(scene: Scene) -> str:
    """Ten certificates verify, and stand as evidence in ten profiles, once each."""
    came = [scene.people[name] for name in scene.notes["came"]]
    serials = together(certificate_of, came)
    for serial in serials:
        shown = told(Person(scene.cell.base_url).get(f"/v1/certificates/{serial}"), 200)
        hold((shown["state"], shown["hours"]) == ("valid", 4), f"{serial} says {shown}")
    paper = Person(scene.cell.base_url).get(f"/v1/certificates/{serials[0]}", format="pdf")
    hold(paper.content.startswith(b"%PDF-"), f"on paper it is {paper.content[:20]!r}")
    evidence = [one for person in came for one in evidenced(person)]
    hold(len(evidence) == CAME, f"{len(evidence)} pieces of evidence for {CAME} attendees")
    absent = [one for person in librarians(scene) if person not in came for one in said(person)]
    hold(not absent, f"who was not there has {absent}")
    return f"{CAME} certificates verify on screen, one printed; one piece of evidence per profile"


def certificate_of(person: Person) -> str:
    """The serial of his certificate, once it was issued."""
    until = time.monotonic() + SETTLE_SECONDS
    while not (found := person.all("/v1/me/certificates")) and time.monotonic() < until:
        time.sleep(0.1)
    hold(len(found) == 1, f"{len(found)} certificates for one event")
    return str(found[0]["id"])


def evidenced(person: Person) -> list[Body]:
    """The evidence in his profile, once some is there."""
    until = time.monotonic() + SETTLE_SECONDS
    while not (found := said(person)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def said(person: Person) -> list[Body]:
    """The evidence that stands in his profile."""
    answer = person.get(f"/v1/members/{person.id}/competencies")
    return list(told(answer, 200)["evidence"]) if answer.status_code == 200 else []


def written_to(scene: Scene) -> str:
    """Everybody's mailbox and inbox hold exactly what they should."""
    wanted = {name: wanted_of(scene, name) for name in (*map(name_of, range(MANY)), HOST)}
    mails = sum(sum(kinds.values()) for kinds in wanted.values())
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until and letters(scene, wanted)[1] < mails:
        time.sleep(0.3)
    time.sleep(QUIET_SECONDS)
    boxes, _ = letters(scene, wanted)
    for name, kinds in wanted.items():
        notices = scene.people[name].all("/v1/notifications")
        got = Counter(one["kind"] for one in notices)
        hold(got == kinds, f"{name} was told {differing(got, kinds)}")
        subjects, titles = boxes[name], Counter(one["title"] for one in notices)
        hold(subjects == titles, f"{name}'s mail differs: {differing(subjects, titles)}")
    return f"{mails} messages in {len(wanted)} mailboxes: none missing, none twice, none too many"


def differing(got: Counter[str], wanted: Counter[str]) -> str:
    """What is too much and what is missing."""
    return f"too much {dict(got - wanted)}, missing {dict(wanted - got)}"


def wanted_of(scene: Scene, name: str) -> Counter[str]:
    """What one should have been told, by what happened to him in the story."""
    told_of: list[Any] = ["member_approved", "event_published"]
    if name == HOST:
        return Counter([*told_of, "host_asked"])
    if name in map(name_of, range(BACKERS + 1)):
        told_of += ["request_accepted", "request_answered"]
    place = scene.notes["places"][name]
    waited = place["state"] == "waiting" or name in scene.notes["moved_up"]
    told_of.append("registration_waiting" if waited else "registration_confirmed")
    if name in scene.notes["moved_up"]:
        told_of += ["seat_offered", "registration_confirmed"]
    if name in scene.notes["left"]:
        told_of.append("registration_cancelled")
    if name in scene.notes["came"]:
        told_of += ["event_closed", "certificate_issued"]
    return Counter(told_of)


def letters(scene: Scene, names: Iterable[str]) -> tuple[dict[str, Counter[str]], int]:
    """Subjects of the letters to each, besides those with a code to sign in with; and how many."""
    found = {address_of(name): Counter[str]() for name in names}
    for letter in letters_in(scene.box):
        for address in letter.get_all("X-Envelope-To", []):
            if address in found and not CODE.search(text_of(letter)):
                found[address][str(letter["Subject"])] += 1
    boxes = {name: found[address_of(name)] for name in names}
    return boxes, sum(sum(box.values()) for box in boxes.values())
