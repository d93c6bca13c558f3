"""The first half of the story: a librarian joins, is approved, rates herself and is found."""

import time
from pathlib import Path
from typing import Any

from cell.demo.person import Body, Person, told
from cell.demo.phone import Phone
from cell.demo.post import code_for
from cell.demo.scene import Scene, hold

SAMPLE = Path(__file__).with_name("sample.csv")
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "schools_kediri_raya.csv"
REAL_ROWS = 300
PILOT = "20534386"  # NPSN of SMAN 4 Kota Kediri, the first school that was accompanied
HER_AREA, OTHER_AREA = "35.71", "35.06"
SITI, AYU = "0812 3400 5678", "ayu@perpustakaan.example"
RATINGS = {"LIB": 3, "ICT": 2, "COM": 3, "SOFT": 4, "SUP": 1}


def start(scene: Scene) -> str:
    """A fresh cell, ready."""
    scene.cell.start()
    areas = told(Person(scene.cell.base_url).get("/v1/region"), 200)["areas"]
    hold(areas, "the region has no areas")
    return f"{scene.cell.plan.region.name} with {len(areas)} areas at {scene.cell.base_url}"


def load(scene: Scene) -> str:
    """Twelve made-up schools, and real ones where the data lie beside the project."""
    coordinator = scene.officer("coordinator", scene.cell.credentials["coordinator"])
    parts = [SAMPLE.read_text()]
    if REAL.exists():
        lines = REAL.read_text().splitlines(keepends=True)
        wanted = [line for line in lines[REAL_ROWS + 1 :] if line.startswith(PILOT)]
        parts.append("".join([*lines[: REAL_ROWS + 1], *wanted]))
    reports = [imported(coordinator, text) for text in parts]
    created = sum(report["counts"]["created"] for report in reports)
    rows = sum(text.count("\n") - 1 for text in parts)
    held = len(coordinator.all("/v1/institutions"))
    hold(created == rows == held, f"{rows} rows, {created} created, {held} in the list")
    again = imported(coordinator, parts[0])["counts"]
    hold(again["unchanged"] == sum(again.values()), f"a second load gave {again}")
    return f"{created} institutions created from {rows} rows; loading again changed nothing"


def imported(who: Person, text: str) -> Body:
    """The report of an import."""
    headers = {"Content-Type": "text/csv"}
    answer = who.client.post("/v1/institutions/imports", content=text.encode(), headers=headers)
    return told(answer, 200)


def joins(scene: Scene) -> str:
    """A librarian signs up with her phone; the code comes by SMTP and signs her in."""
    siti = scene.enter("siti")
    school = told(siti.get("/v1/institutions", area=HER_AREA), 200)["items"][0]
    body = {"name": "Siti Aminah", "phone": SITI, "institution_id": school["id"]}
    member = siti.do("POST", "/v1/members", body, status=201)
    hold((member["state"], member["area"]) == ("pending", HER_AREA), f"she is {member}")
    code = code_for(scene.box, SITI)
    siti.sign_in("code", username=SITI, code=code)
    me = told(siti.get("/v1/me"), 200)
    hold(me["contact_proven"] and me["id"] == member["id"], f"/v1/me says {me}")
    return f"code {code} arrived as mail for {member['phone']}; she is pending in {HER_AREA}"


def approved(scene: Scene) -> str:
    """The coordinator of another area may not approve her, the one of hers may."""
    siti, logins = scene.people["siti"], scene.cell.credentials["area_coordinators"]
    path = f"/v1/members/{siti.id}/approve"
    stranger = scene.officer("stranger", logins[OTHER_AREA]).command("POST", path)
    hold(stranger.status_code in (403, 404), f"the stranger got {stranger.status_code}")
    state = scene.officer("area", logins[HER_AREA]).do("POST", path)["state"]
    hold(state == "active", f"approved, she is {state}")
    reason = stranger.json()["code"]
    return f"{OTHER_AREA}: {stranger.status_code} {reason}; {HER_AREA}: she is {state}"


def rates(scene: Scene) -> str:
    """She rates herself in the five competency areas."""
    siti = scene.people["siti"]
    path = f"/v1/members/{siti.id}/competencies"
    ratings = [{"area": area, "level": level} for area, level in RATINGS.items()]
    siti.do("PUT", path, {"ratings": ratings})
    shown = {one["area"]: one["level"] for one in told(siti.get(path), 200)["ratings"]}
    hold(shown == RATINGS, f"shown are {shown}")
    return ", ".join(f"{area} {level}" for area, level in RATINGS.items())


def colleague(scene: Scene) -> str:
    """Another member joins; both phones sync for the first time, and neither sees the other."""
    ayu = scene.enter("ayu")
    ayu.do("POST", "/v1/members", {"name": "Ayu Lestari", "email": AYU, "area": OTHER_AREA}, 201)
    ayu.sign_in("code", username=AYU, code=code_for(scene.box, AYU))
    scene.people["stranger"].do("POST", f"/v1/members/{ayu.id}/approve")
    for name in ("siti", "ayu"):
        scene.phones[name] = Phone(scene.people[name])
        scene.phones[name].settle()
    hold(not sees(scene, "ayu", "siti"), "Ayu's phone knows Siti, who never consented")
    sizes = {name: len(phone.held) for name, phone in scene.phones.items()}
    return f"the phones hold {sizes['siti']} and {sizes['ayu']} resources"


def sees(scene: Scene, who: str, whom: str) -> Any:
    """What a phone holds of a member."""
    return scene.phones[who].held.get(("member", scene.people[whom].id))


def found(scene: Scene) -> str:
    """She is in the directory after she consented, not before."""
    before = listed(scene)
    consent(scene, granted=True)
    after = listed(scene)
    hold((len(before), len(after)) == (0, 1), f"{len(before)} before, {len(after)} after")
    hold(not {"phone", "email"} & after[0].keys(), f"her contact shows: {after[0]}")
    hold(after[0]["competencies"] == RATINGS, f"her levels are {after[0]['competencies']}")
    return "0 entries before the consent, 1 after; her levels show, her phone number does not"


def listed(scene: Scene) -> list[Body]:
    """What the directory has under her name."""
    return scene.people["ayu"].all("/v1/members", q="siti aminah", listed="true")


def consent(scene: Scene, *, granted: bool) -> None:
    """She gives or withdraws her consent to the directory."""
    answer = {"purpose": "directory", "granted": granted, "text_version": "2026-1"}
    scene.people["siti"].do("PUT", "/v1/me/consents", {"consents": [answer]})


def synced(scene: Scene) -> str:
    """Her phone gets its change, her colleague's phone gets her entry."""
    began = time.monotonic()
    own, others = changes_of(scene)
    took = (time.monotonic() - began) * 1000
    siti = scene.people["siti"].id
    hold([(c["kind"], c["id"]) for c in own] == [("member", siti)], f"her phone got {own}")
    hold(own[0]["resource"]["consents"][0]["granted"], f"her phone got {own}")
    hold([(c["kind"], c["id"]) for c in others] == [("member", siti)], f"Ayu's got {others}")
    hold(sees(scene, "ayu", "siti")["name"] == "Siti Aminah", f"Ayu's got {others}")
    return f"one change each, {took:.0f} ms later: her profile with the consent; her entry for Ayu"


def changes_of(scene: Scene) -> tuple[list[Body], list[Body]]:
    """What the two phones get next about members; notices come when they come."""
    siti, ayu = (scene.phones[name].await_change(kind="member") for name in ("siti", "ayu"))
    return siti, ayu


def withdrawn(scene: Scene) -> str:
    """When she withdraws it, a tombstone takes her off the colleague's phone."""
    consent(scene, granted=False)
    own, others = changes_of(scene)
    siti = scene.people["siti"].id
    gone = [c["resource"] for c in others if c["id"] == siti]
    hold(gone == [None] and len(others) == 1, f"Ayu's phone got {others}")
    hold(len(own) == 1 and own[0]["resource"], f"her own phone got {own}")
    hold(not listed(scene) and not sees(scene, "ayu", "siti"), "she can still be found")
    return "Ayu's phone got one tombstone; Siti's own phone kept her profile"
