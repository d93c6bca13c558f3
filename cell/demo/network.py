"""Plays the story of two regions: `python -m cell.demo.network` exits 0 only if every step held."""

import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from cell.cell import Cell
from cell.clock import Clock
from cell.demo.cable import Cable
from cell.demo.person import Body, Person, told
from cell.demo.post import code_for
from cell.demo.scene import SETTINGS, hold
from cell.demo.steps import tell
from cell.pair import pair
from contracts.federation.crossing import CROSSING

HOME, AWAY = "kediri-raya", "semarang"
SEATS, FIRST, MORE = 4, 3, 2
SECONDS = 60.0
SETTINGS_HERE = SETTINGS | {"ACCESS_TOKEN_SECONDS": "604800"}


@dataclass
class Network:
    """Two fresh cells, the wires between them, and who is in them."""

    folder: str
    cells: dict[str, Cell] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    wires: dict[str, Cable] = field(default_factory=dict)
    officers: dict[str, Person] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    places: list[Body] = field(default_factory=list)
    event: Body = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def path(self) -> str:
        """The event's registrations."""
        return f"/v1/events/{self.event['id']}/registrations"

    def states(self) -> list[str]:
        """What each visitor's own region shows him."""
        pairs = zip(self.people, self.places, strict=False)
        return [str(told(p.get(f"{self.path}/{at['id']}"), 200)["state"]) for p, at in pairs]

    def leave(self, keep: bool) -> None:
        """Stop everything; the directory stays only where it is to be looked at."""
        for person in (*self.people, *self.officers.values()):
            person.client.close()
        self.stack.close()
        for cell in self.cells.values():
            cell.stop()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def started(network: Network) -> str:
    """Two cells side by side, that know nothing of each other."""
    for name in (HOME, AWAY):
        clock = Clock(f"{network.folder}/{name}")
        cell = Cell(f"{network.folder}/{name}", name, settings=SETTINGS_HERE | clock.settings)
        network.cells[name], network.clocks[name] = cell, clock
        cell.start()
        network.officers[name] = Person(cell.base_url).sign_in(**cell.credentials["coordinator"])
    found = [told(one.get("/v1/region"), 200) for one in network.officers.values()]
    hold(not any(one["peers"] for one in found), f"they have peers: {found}")
    return " and ".join(f"{one['name']} with {len(one['areas'])} areas" for one in found)


def paired(network: Network) -> str:
    """Over wires that can be cut; both coordinators approve."""
    for name, cell in network.cells.items():
        network.wires[name] = network.stack.enter_context(Cable(cell.plan.ports.amqp))
    ports = {name: wire.port for name, wire in network.wires.items()}
    began = time.monotonic()
    pair(network.cells[HOME], network.cells[AWAY], lambda _: None, ports)
    return (
        f"each pinned the other's key; active on both sides after {time.monotonic() - began:.0f} s"
    )


def announced(network: Network) -> str:
    """A workshop in Semarang, shared in the network; a meeting that is not."""
    there = network.officers[AWAY]
    area = told(there.get("/v1/region"), 200)["areas"][0]["id"]
    clock = network.clocks[AWAY]
    body = {"title": "Lokakarya katalog", "kind": "workshop", "area": area, "capacity": SEATS}
    body |= {"starts_at": clock.at(days=30), "ends_at": clock.at(days=30, hours=3)}
    for scope in ("cell", "network"):
        event = there.do("POST", "/v1/events", {**body, "scope": scope}, 201)
        reason = {"no_speaker_reason": "Belajar bersama"}
        network.event = there.do("POST", f"/v1/events/{event['id']}/publish", reason)
    here = network.officers[HOME]
    began = time.monotonic()
    seen = until(lambda: here.all("/v1/events", region=AWAY), "Kediri sees no event")
    took = (time.monotonic() - began) * 1000
    hold([one["id"] for one in seen] == [network.event["id"]], f"Kediri sees {seen}")
    return f"Kediri sees “{seen[0]['title']}” of {seen[0]['home']} after {took:.0f} ms; no other"


def registered(network: Network) -> str:
    """Three members of Kediri, who agreed that their name is shared, take seats there."""
    network.people = [joined(network, number) for number in range(FIRST + MORE)]
    first = network.people[0]
    bare = first.command("POST", network.path, {})
    hold(bare.json()["code"] == "events.network_consent_needed", f"without consent: {bare.text}")
    for person in network.people:
        answer = {"purpose": "network", "granted": True, "text_version": "2026-1"}
        person.do("PUT", "/v1/me/consents", {"consents": [answer]})
    for person in network.people[:FIRST]:
        network.places.append(person.do("POST", network.path, {}, 201))
    wanted = ["confirmed"] * FIRST
    until(lambda: network.states() == wanted, lambda: f"they are {network.states()}")
    return f"without consent 409; with it {FIRST} confirmed, as their own region shows them"


def joined(network: Network, number: int) -> Person:
    """A member of Kediri."""
    cell, officer = network.cells[HOME], network.officers[HOME]
    person, mail = Person(cell.base_url), f"anggota{number}@kediri.example"
    area = told(officer.get("/v1/region"), 200)["areas"][0]["id"]
    body = {"name": f"Anggota {number}", "email": mail, "area": area}
    person.do("POST", "/v1/members", body, 201)
    person.sign_in("code", username=mail, code=code_for(cell.home.mail, mail))
    person.id = told(person.get("/v1/me"), 200)["id"]
    officer.do("POST", f"/v1/members/{person.id}/approve")
    return person


def cut(network: Network) -> str:
    """The wires are cut and a day goes by; both regions go on by themselves."""
    for wire in network.wires.values():
        wire.cut()
    for clock in network.clocks.values():
        clock.advance(hours=24)
    for person in network.people[FIRST:]:
        network.places.append(person.do("POST", network.path, {}, 201))
    network.officers[AWAY].do("PATCH", f"/v1/events/{network.event['id']}", {"title": "Katalog II"})
    found = network.states()
    hold(found == ["confirmed"] * FIRST + ["asked"] * MORE, f"they are {found}")
    there = network.officers[AWAY].all(network.path)
    hold(len(there) == FIRST, f"Semarang knows {len(there)}")
    return f"{MORE} more asked; Semarang changed the title and knows {FIRST} visitors"


def healed(network: Network) -> str:
    """The wires heal: everybody has his answer, once, and both calendars say the same."""
    for wire in network.wires.values():
        wire.heal()
    began = time.monotonic()
    until(lambda: "asked" not in network.states(), lambda: f"they are {network.states()}")
    took = time.monotonic() - began
    found = Counter(network.states())
    hold(found == {"confirmed": SEATS, "waiting": FIRST + MORE - SEATS}, f"they are {found}")
    there = network.officers[AWAY].all(network.path)
    names = sorted(one["name"] for one in there)
    hold(names == [f"Anggota {n}" for n in range(FIRST + MORE)], f"Semarang has {names}")
    told_here = until(lambda: same(network), "the calendars differ")
    kinds = [notices(network, person) for person in network.people]
    until(lambda: all(len(notices(network, p)) == 1 for p in network.people), f"told: {kinds}")
    return f"{dict(found)} after {took:.1f} s; each told once; both say {told_here}"


def same(network: Network) -> str:
    """What both calendars say of the event; empty while they differ."""
    path = f"/v1/events/{network.event['id']}"
    both = [told(one.get(path), 200) for one in network.officers.values()]
    names = ("version", "title", "seats_left", "confirmed", "waiting")
    said = [tuple(one.get(name) for name in names) for one in both]
    return f"“{said[0][1]}”, {said[0][2]} seats left" if said[0] == said[1] else ""


def notices(network: Network, person: Person) -> list[str]:
    """What he was told about the event."""
    mine = person.all("/v1/notifications")
    return [str(one["kind"]) for one in mine if one["about_id"] == network.event["id"]]


def listened(network: Network) -> str:
    """Everything that went over the wires: what is on the list, and nobody's address or id."""
    facts = [fact for wire in network.wires.values() for fact in wire.facts()]
    kinds = Counter(str(fact["type"]).removeprefix("jejaring.") for fact in facts)
    hold(kinds.keys() <= CROSSING.keys(), f"on the wire were {dict(kinds)}")
    taken = b"".join(bytes(wire.taken) for wire in network.wires.values())
    ids = [person.id for person in network.people]
    leaked = [
        one for one in (*ids, "@kediri.example") if one.encode() in taken or one in str(facts)
    ]
    hold(not leaked, f"on the wire were {leaked}")
    return f"{len(facts)} signed facts of {len(kinds)} kinds; no address and no member's id"


def until(question: Callable[[], Any], broken: str | Callable[[], str]) -> Any:
    """The first truthy answer; raises Broke when there is none in time."""
    end = time.monotonic() + SECONDS
    while not (answer := question()) and time.monotonic() < end:
        time.sleep(0.05)
    hold(answer, broken if isinstance(broken, str) else broken() if not answer else "")
    return answer


STEPS: tuple[tuple[str, Callable[[Network], str]], ...] = (
    ("Two regions start side by side", started),
    ("They are paired: both sides approve", paired),
    ("Semarang announces a workshop, and Kediri sees it", announced),
    ("Three members of Kediri register there", registered),
    ("The link is cut for a day; both go on, two more ask", cut),
    ("The link heals: all five have their answer, once", healed),
    ("On the wire was what may cross, and nothing else", listened),
)


def main() -> int:
    """Play all steps in two fresh cells; keep them where one did not hold."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    began, held = time.monotonic(), False
    network = Network(tempfile.mkdtemp(prefix="jejaring-network-"))
    print(f"One story between two fresh regions in {network.folder}\n", flush=True)
    try:
        held = tell(network, STEPS)
    finally:
        network.leave(keep=not held)
    took = time.monotonic() - began
    if held:
        print(f"\nAll {len(STEPS)} steps held, in {took:.0f} s; the cells are gone.")
        return 0
    print(f"\nA step did not hold. The cells stay, stopped, in {network.folder}: see their logs/.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
