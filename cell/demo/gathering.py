"""The second story: from a wish to a full house; thirty librarians, twenty seats."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from cell.demo.people import HER_AREA
from cell.demo.person import Body, Person, told
from cell.demo.post import code_for
from cell.demo.scene import Scene, hold

MANY, SEATS, BACKERS, AT_ONCE = 30, 20, 5, 8
STARTS_IN_SECONDS = 120.0  # enough to fill it on a slow machine; then the clock is set ahead
TOPIC = "Mencetak barcode"
HOST = "rina"
WISHES: Body = {
    "language": "id",
    "channels": ["email"],
    "categories": {},
    "quiet_hours": None,
    "digest": "none",
}


def together(act: Callable[[Any], Any], those: Iterable[Any]) -> list[Any]:
    """The results of acting on all of them, several at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, those))


def librarians(scene: Scene) -> list[Person]:
    """The thirty, in their order."""
    return [scene.people[name_of(number)] for number in range(MANY)]


def name_of(number: int) -> str:
    """How the story calls one of the thirty."""
    return f"pustakawan{number:02}"


def address_of(name: str) -> str:
    """Where his mail goes."""
    return f"{name}@perpustakaan.example"


def gather(scene: Scene) -> str:
    """Thirty librarians and one from the school join; each proves the contact and is approved."""
    began = time.monotonic()
    school = told(scene.people["area"].get("/v1/institutions", area=HER_AREA), 200)["items"][0]
    scene.notes["school"] = school
    names = [name_of(number) for number in range(MANY)]
    together(lambda name: join(scene, name, {"area": HER_AREA}), names)
    join(scene, HOST, {"area": HER_AREA, "institution_id": school["id"]})
    took = time.monotonic() - began
    return f"{MANY + 1} joined by mail and were approved, in {took:.1f} s"


def join(scene: Scene, name: str, more: Body) -> None:
    """One signs up, signs in with the code, says how he wants to be told, and is approved."""
    person, address = scene.enter(name), address_of(name)
    body = {"name": name.title(), "email": address, **more}
    person.do("POST", "/v1/members", body, status=201)
    person.sign_in("code", username=address, code=code_for(scene.box, address))
    person.do("PUT", "/v1/notification-preferences", WISHES)
    scene.people["area"].do("POST", f"/v1/members/{person.id}/approve")


def wished(scene: Scene) -> str:
    """One asks, five more back it, one of them twice: it counts once."""
    people = librarians(scene)
    body = {"topic": TOPIC, "area": HER_AREA, "kind": "workshop"}
    wish = people[0].do("POST", "/v1/event-requests", body, status=201)
    path = f"/v1/event-requests/{wish['id']}"
    for backer in (*people[1 : BACKERS + 1], people[1]):
        backer.do("POST", f"{path}/back")
    shown = told(people[2].get(path), 200)
    hold(shown["backers"] == BACKERS + 1 and shown["backed"], f"the wish says {shown}")
    scene.notes["wish"] = wish["id"]
    return f"“{TOPIC}” is backed by {shown['backers']}, first on the list of topics"


def planned(scene: Scene) -> str:
    """The coordinator plans it at a school; without the house's word it is not announced."""
    area, school = scene.people["area"], scene.notes["school"]
    scene.notes["begins"] = begins = scene.clock.now() + timedelta(seconds=STARTS_IN_SECONDS)
    plan = {
        "title": "Lokakarya mencetak barcode",
        "kind": "workshop",
        "topics": [TOPIC],
        "starts_at": written(begins),
        "ends_at": written(begins + timedelta(seconds=5)),
        "venue": {"name": school["name"], "institution_id": school["id"]},
        "capacity": SEATS,
        "hours": 4,
        "awards": [{"area": "ICT", "level": 2}],
        "certificates": True,
    }
    event = area.do("POST", f"/v1/event-requests/{scene.notes['wish']}/accept", plan, status=201)
    scene.notes["event"], path = event["id"], f"/v1/events/{event['id']}"
    early = area.command("POST", f"{path}/publish", {"no_speaker_reason": "Praktik bersama"})
    hold(early.json()["code"] == "events.host_unconfirmed", f"publishing gave {early.text}")
    scene.people[HOST].do("POST", f"{path}/host", {"agrees": True})
    area.do("POST", f"{path}/publish", {"no_speaker_reason": "Praktik bersama"})
    wish = told(area.get(f"/v1/event-requests/{scene.notes['wish']}"), 200)
    hold((wish["state"], wish["event_id"]) == ("accepted", event["id"]), f"the wish is {wish}")
    listed = [one["id"] for one in Person(scene.cell.base_url).all("/v1/events", area=HER_AREA)]
    hold(listed == [event["id"]], f"the public calendar holds {listed}")
    return (
        f"announced at {school['name']} after the house agreed; event and wish point to each other"
    )


def written(moment: datetime) -> str:
    """An instant as the API takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")[:-4] + "Z"


def filled(scene: Scene) -> str:
    """Thirty register at once for twenty seats."""
    path = f"/v1/events/{scene.notes['event']}/registrations"
    began = time.monotonic()
    given = together(lambda one: one.do("POST", path, {}, status=201), librarians(scene))
    took = time.monotonic() - began
    states = Counter(one["state"] for one in given)
    line = sorted(one["position"] for one in given if one["state"] == "waiting")
    hold(states == {"confirmed": SEATS, "waiting": MANY - SEATS}, f"they are {dict(states)}")
    hold(line == list(range(1, MANY - SEATS + 1)), f"the line is {line}")
    page = told(scene.people["area"].get(f"/v1/events/{scene.notes['event']}"), 200)
    hold((page["seats_left"], page["waiting"]) == (0, MANY - SEATS), f"the page says {page}")
    scene.notes["places"] = dict(zip(map(name_of, range(MANY)), given, strict=True))
    return f"{SEATS} have a seat, {MANY - SEATS} stand in line 1–{MANY - SEATS}, in {took:.1f} s"


def cancelled(scene: Scene) -> str:
    """Two cancel; the first two in line are offered the seats and take them."""
    path = f"/v1/events/{scene.notes['event']}/registrations"
    places = scene.notes["places"]
    leaving = [name for name, one in places.items() if one["state"] == "confirmed"][:2]
    for name in leaving:
        scene.people[name].do("DELETE", f"{path}/{places[name]['id']}")
    waiting = {one["position"]: name for name, one in places.items() if one["state"] == "waiting"}
    for name in (waiting[1], waiting[2]):
        offered = told(scene.people[name].get(f"{path}/{places[name]['id']}"), 200)
        hold(offered["state"] == "offered", f"the first in line are {offered['state']}")
        scene.people[name].do("PATCH", f"{path}/{places[name]['id']}", {"accept_offer": True})
    scene.notes["left"], scene.notes["moved_up"] = leaving, [waiting[1], waiting[2]]
    now = {one["id"]: one for one in scene.people["area"].all(path)}
    places.update({name: now[one["id"]] for name, one in places.items()})
    line = [one["position"] for one in now.values() if one["state"] == "waiting"]
    states = Counter(one["state"] for one in now.values())
    hold(sorted(line) == list(range(1, MANY - SEATS - 1)), f"the line is {line}")
    hold(states["confirmed"] == SEATS, f"they are {dict(states)}")
    return "the next two were offered the seats at once and took them; the line closed up to 1–8"
