"""The second half: services are killed in the middle of a write storm, and nothing is lost."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from cell.demo.people import HER_AREA
from cell.demo.person import Body, Person
from cell.demo.phone import Phone
from cell.demo.scene import Scene, hold

WRITERS = 8
KILLS = 2
BETWEEN_SECONDS = 2.5
SETTLE_SECONDS = 15.0


@dataclass
class Log:
    """What was asked, promised and seen by the clients."""

    asked: set[str] = field(default_factory=set)
    promised: dict[str, Body] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    reads: Counter[int] = field(default_factory=Counter)
    slowest_read: float = 0.0
    calm: threading.Event = field(default_factory=threading.Event)


def storm(scene: Scene) -> str:
    """Eight writers register institutions while the services are killed twice; reading goes on."""
    scene.notes["log"] = log = Log()
    token = scene.people["coordinator"].client.headers["Authorization"]
    threads = [
        threading.Thread(target=write, args=(scene.cell.base_url, token, number, log))
        for number in range(WRITERS)
    ]
    threads.append(threading.Thread(target=read, args=(scene.cell.base_url, log)))
    for thread in threads:
        thread.start()
    try:
        killed = [kill(scene, log) for _ in range(KILLS)]
        time.sleep(BETWEEN_SECONDS)
    finally:
        log.calm.set()
        for thread in threads:
            thread.join()
    hold(not log.odd, f"unexpected answers: {log.odd[:3]}")
    hold(len(log.promised) == len(log.asked), f"{len(log.asked)} asked, {len(log.promised)} done")
    return f"{len(log.promised)} registrations promised; kill -9 after {killed} of them"


def kill(scene: Scene, log: Log) -> int:
    """Kill the services and wait for their successors; gives how much was promised by then."""
    time.sleep(BETWEEN_SECONDS)
    dead = scene.cell.kill("services")
    promised = len(log.promised)
    until = time.monotonic() + 20
    while scene.cell.pid("services") in (0, dead) and time.monotonic() < until:
        time.sleep(0.05)
    scene.cell.wait_ready("services")
    return promised


def write(base_url: str, token: str, number: int, log: Log) -> None:
    """Register one institution after the other, each with its key until it is decided."""
    with Person(base_url) as writer:
        writer.client.headers["Authorization"] = token
        count = 0
        while not log.calm.is_set():
            npsn = f"Y{number}{count:06}"
            register(writer, npsn, log)
            count += 1


def register(writer: Person, npsn: str, log: Log) -> None:
    """One institution; whatever is not a promise is odd."""
    body = {"name": f"TBM Badai {npsn}", "kind": "reading_garden", "area": HER_AREA, "npsn": npsn}
    log.asked.add(npsn)
    answer = writer.insist("POST", "/v1/institutions", body, key=f"storm-{npsn}")
    if answer.status_code == httpx.codes.CREATED:
        log.promised[npsn] = answer.json()
    else:
        log.odd.append(f"{npsn}: {answer.status_code} {answer.text[:200]}")


def read(base_url: str, log: Log) -> None:
    """Read the list all the time, and count the answers."""
    with Person(base_url) as reader:
        while not log.calm.wait(0.02):
            began = time.monotonic()
            answer = reader.get("/v1/institutions", area=HER_AREA, sort="-updated_at")
            log.slowest_read = max(log.slowest_read, time.monotonic() - began)
            log.reads[answer.status_code] += 1


def readable(scene: Scene) -> str:
    """Reading worked throughout."""
    log: Log = scene.notes["log"]
    hold(set(log.reads) == {200}, f"statuses of reads: {dict(log.reads)}")
    return f"{log.reads[200]} reads, all 200, the slowest {log.slowest_read * 1000:.0f} ms"


def kept(scene: Scene) -> str:
    """What was promised is in the list exactly once, as it was promised; nothing else is."""
    log: Log = scene.notes["log"]
    items = scene.people["coordinator"].all("/v1/institutions", kind="reading_garden")
    shown = {item["npsn"]: item for item in items}
    hold(len(shown) == len(items), f"{len(items) - len(shown)} are doubled")
    hold(shown.keys() == log.promised.keys(), f"lost: {log.promised.keys() - shown.keys()}")
    differing = [npsn for npsn, item in shown.items() if item != log.promised[npsn]]
    hold(not differing, f"other than promised: {differing[:3]}")
    return f"{len(items)} promised, {len(items)} there, 0 lost, 0 doubled, each as it was answered"


def agreed(scene: Scene) -> str:
    """Service, view and a phone that syncs from nothing hold the same institutions."""
    members, views = scene.databases()
    until = time.monotonic() + SETTLE_SECONDS
    while members["outbox"].count_documents({"leased_until": {"$exists": True}}) > 0:
        hold(time.monotonic() < until, "the outbox does not drain")
        time.sleep(0.1)
    decided = {one["_id"]: one["version"] for one in members["institution"].find()}
    viewed = {one["_id"]: one["version"] for one in views["institutions"].find()}
    hold(decided == viewed, f"{len(decided)} decided, {len(viewed)} in the view")
    phone = Phone(scene.people["ayu"])
    while len(institutions(phone)) < len(decided) and time.monotonic() < until:
        phone.sync()
    synced = {name: held["version"] for name, held in institutions(phone).items()}
    hold(synced == decided, f"{len(decided)} decided, {len(synced)} on a fresh phone")
    return f"{len(decided)} in the service, in the view and on a fresh phone, at equal versions"


def institutions(phone: Phone) -> dict[str, Body]:
    """The institutions that a phone holds, by id."""
    return {name: held for (kind, name), held in phone.held.items() if kind == "institution"}
