"""The third story goes on: five visits, a fault and its remedy, and everything that is to prove."""

from collections import Counter
from io import BytesIO
from typing import Any
from uuid import uuid4

from PIL import Image

from cell.demo.people import HER_AREA
from cell.demo.person import Body, told
from cell.demo.scene import Scene, hold
from cell.demo.school import (
    GOAL,
    HEAD,
    IT,
    LIBRARIAN,
    SILENT,
    VISIT_DAYS,
    ask,
    assess,
    case_of,
    open_items,
    path_of,
)

BACKUP = "sign_off.backup_restored"
FAULT, REMEDY = "SESSION_DIR", "chmod 770 files/ dan pindahkan session.save_path"
MINUTES = 25


def visited(scene: Scene) -> str:
    """Five visits in three weeks; two are written down without a network."""
    for days in (1, 7):
        scene.clock.advance(days=days, hours=3 if days == 1 else 0)
        log(scene, hours_ago=2)
    scene.clock.advance(days=7, hours=20)
    twice = upload(scene)
    scene.clock.advance(days=6, hours=4)
    last = log(scene, hours_ago=2)
    scene.notes["photo"] = photographed(scene, last)
    kept = told(scene.who(HEAD).get(path_of(scene, "visits")), 200)["items"]
    clients = Counter(one["client_id"] for one in kept)
    hold(len(kept) == len(VISIT_DAYS) and set(clients.values()) == {1}, f"kept are {clients}")
    planned = case_of(scene, HEAD)["agreement"]["visits"]
    open_visits = [one for one in planned if one["visit_id"] is None]
    hold(not open_visits, f"{len(open_visits)} planned visits stand open")
    return (
        f"{len(kept)} visits, {twice} of them sent three times and there once; all that was planned"
    )


def log(scene: Scene, hours_ago: float) -> Body:
    """The librarian writes a visit down on the spot."""
    body = a_visit(scene, hours_ago)
    return scene.who(LIBRARIAN).do("POST", path_of(scene, "visits"), body, 201)


def a_visit(scene: Scene, hours_ago: float) -> Body:
    """An hour at the school, with the id that the phone gave it."""
    return {
        "client_id": uuid4().hex,
        "started_at": scene.clock.at(hours=-hours_ago),
        "ended_at": scene.clock.at(hours=1 - hours_ago),
        "people": ["Bu Endang"],
        "work": "Memasang SLiMS, mengisi koleksi, melatih petugas",
        "next_steps": "Mencetak label",
    }


def upload(scene: Scene) -> int:
    """Two visits from the outbox of a phone: the same outbox twice, then with other keys."""
    path, phone = path_of(scene, "visits"), scene.who(IT)
    written = [a_visit(scene, 22), a_visit(scene, 2)]
    outbox = [outgoing(path, body) for body in written]
    first, again = sent(phone, outbox), sent(phone, outbox)
    other = sent(phone, [outgoing(path, body) for body in written])
    hold([one["status"] for one in first] == [201, 201], f"the first time gave {first}")
    hold(again == first, f"the second time gave {again}")
    ids = [[one["body"]["id"] for one in results] for results in (first, other)]
    hold(ids[0] == ids[1], f"with other keys they became {ids}")
    return len(written)


def outgoing(path: str, body: Body) -> Body:
    """A command of an outbox."""
    return {"key": uuid4().hex, "method": "POST", "path": path, "body": body}


def sent(phone: Any, outbox: list[Body]) -> list[Body]:
    """The results of an outbox."""
    return list(told(phone.post("/v1/sync/commands", {"commands": outbox}), 200)["results"])


def photographed(scene: Scene, visit: Body) -> str:
    """The id of a photo of the visit, on which no child can be recognised."""
    kept = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(kept, "JPEG")
    where = path_of(scene, "visits", visit["id"], "photos")
    answer = scene.who(LIBRARIAN).client.post(
        where,
        params={"no_identifiable_child": "true"},
        content=kept.getvalue(),
        headers={"Content-Type": "image/jpeg"},
    )
    return str(told(answer, 201)["photos"][-1]["id"])


def solved(scene: Scene) -> str:
    """The librarian reports a fault; her IT partner solves it from afar, and says how."""
    fault = {"code": FAULT, "description": "Setelah masuk kembali ke halaman masuk"}
    reported = scene.who(LIBRARIAN).do("POST", path_of(scene, "issues"), fault, 201)
    hold(reported["remedies"] == [], f"remedies nobody gave: {reported['remedies']}")
    issue = path_of(scene, "issues", reported["issue"]["id"], "resolve")
    done = scene.who(IT).do("POST", issue, {"remedy": REMEDY, "minutes": MINUTES})
    minutes = sum(hop["minutes"] for hop in done["hops"])
    hold((done["state"], minutes) == ("solved", MINUTES), f"it is {done}")
    return f"{FAULT} is solved after {minutes} minutes of remote help; the remedy is kept"


def remembered(scene: Scene) -> str:
    """The next school with the same fault is shown what helped."""
    pilot, area = scene.notes["case"], scene.who("area")
    schools = area.all("/v1/institutions", area=HER_AREA, kind="school")
    school = next(one for one in schools if one["id"] != scene.notes["pilot"]["id"])
    wish = {"institution_id": school["id"], "goal": GOAL, "needs": ["slims"]}
    scene.notes["case"] = area.do("POST", "/v1/mentorships", wish, 201)["id"]
    try:
        assess(scene, lan=True)
        offer = ask(scene, path_of(scene), SILENT)
        scene.who(SILENT).do("POST", path_of(scene, "offers", offer["id"], "accept"))
        fault = {"code": FAULT, "description": "Tidak bisa masuk"}
        shown = scene.who(SILENT).do("POST", path_of(scene, "issues"), fault, 201)["remedies"]
    finally:
        scene.notes["case"] = pilot
    hold([one["remedy"] for one in shown] == [REMEDY], f"shown was {shown}")
    return f"{school['name']} is shown: {REMEDY}"


def proven(scene: Scene) -> str:
    """Item by item with evidence of its kind; stages close by themselves; one thing is left."""
    before = case_of(scene, LIBRARIAN)
    todo = [one for one in before["items"] if one["id"] in open_items(before)]
    items = [one for one in todo if one["id"] != BACKUP and one["evidence_kind"] != "none"]
    stages = {before["stage"], *(prove(scene, item)["stage"] for item in items)}
    scene.notes["stages"] = closed = len(stages) - 1
    case = case_of(scene, LIBRARIAN)
    hold(case["state"] == "ready_for_signoff", f"it is {case['state']} at {case['stage']}")
    hold(open_items(case) == [BACKUP, "follow_up.running"], f"open are {open_items(case)}")
    return f"{closed} stages closed, {case['progress']} %; no backup was restored yet"


def prove(scene: Scene, item: Body) -> Body:
    """The case, once an item has its evidence."""
    values = {
        "photo": scene.notes["photo"],
        "number": "3",
        "text": "Bu Endang",
        "date": scene.clock.now().date().isoformat(),
    }
    kind = item["evidence_kind"]
    evidence = {"kind": kind, "value": values[kind]}
    where = path_of(scene, "items", item["id"], "complete")
    return scene.who(LIBRARIAN).do("POST", where, {"evidence": evidence})
