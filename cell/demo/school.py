"""The third story: a school wants its library automated; from the request to an agreement."""

import time
from collections.abc import Callable
from typing import Any

from cell.demo.gathering import WISHES, address_of, together
from cell.demo.people import HER_AREA, OTHER_AREA, PILOT
from cell.demo.person import Body, Broke, told
from cell.demo.post import code_for
from cell.demo.scene import Scene, hold

HEAD, LIBRARIAN, IT, SILENT, FAR = "endang", "wulan", "dimas", "hendra", "agus"
ENGLISH = (IT,)
STAND_IN = "SMA NEGERI CONTOH KEDIRI"
PASSWORD = "membaca-itu-jendela-dunia"
GOAL = "Sirkulasi dengan SLiMS"
LIBRARY_NEEDS, IT_NEEDS = ["slims", "metadata", "cataloguing"], ["database", "server"]
# background, skills, area, degrees north of the school (0.01 is about a kilometre)
MENTORS: dict[str, tuple[str, list[str], str, float]] = {
    LIBRARIAN: ("librarian", LIBRARY_NEEDS, HER_AREA, 0.01),
    IT: ("it", ["network", *IT_NEEDS], HER_AREA, 0.01),
    SILENT: ("both", [*LIBRARY_NEEDS, *IT_NEEDS, "network"], HER_AREA, 0.02),
    FAR: ("librarian", LIBRARY_NEEDS, OTHER_AREA, 0.2),
}
VISIT_DAYS = (1, 8, 15, 16, 22)
PATIENCE_SECONDS = 20.0
NOTHING_SECONDS = 0.5  # long enough for a round that does too much to show


def joined(scene: Scene) -> str:
    """Somebody of the school joins, and four who offer to accompany; each says what he can."""
    schools = scene.people["area"].all("/v1/institutions", area=HER_AREA)
    named = {one["npsn"]: one for one in schools} | {one["name"]: one for one in schools}
    scene.notes["pilot"] = school = named.get(PILOT) or named[STAND_IN]
    scene.people["area"].do("PUT", "/v1/notification-preferences", WISHES)  # at night, too
    scene.officer("neighbour", scene.cell.credentials["area_coordinators"][OTHER_AREA])
    places: dict[str, Body] = {HEAD: {"area": HER_AREA, "institution_id": school["id"]}}
    places |= {name: {"area": area} for name, (_, _, area, _) in MENTORS.items()}
    together(lambda name: join(scene, name, places[name]), places)
    together(lambda name: appoint(scene, name, school), MENTORS)
    pool = [one["id"] for one in scene.people["area"].all("/v1/mentors")]
    hold(len(pool) == len(MENTORS), f"{len(pool)} mentors are known")
    return f"{school['name']} has a voice; {len(pool)} mentors, one of them from another kabupaten"


def join(scene: Scene, name: str, more: Body) -> None:
    """One signs up, proves the address, says his language, and is approved."""
    person, address = scene.enter(name), address_of(name)
    body = {"name": name.title(), "email": address, **more}
    person.do("POST", "/v1/members", body, status=201)
    person.sign_in("code", username=address, code=code_for(scene.box, address))
    language = "en" if name in ENGLISH else "id"
    person.do("PUT", "/v1/notification-preferences", {**WISHES, "language": language})
    person.do("PATCH", "/v1/me", {"password": PASSWORD})
    scene.logins[name] = {"username": address, "password": PASSWORD}
    coordinator = "area" if more["area"] == HER_AREA else "neighbour"
    scene.people[coordinator].do("POST", f"/v1/members/{person.id}/approve")


def appoint(scene: Scene, name: str, school: Body) -> None:
    """His coordinator grants the role; he accepts, and says what he can and where he is."""
    background, skills, area, north = MENTORS[name]
    person, coordinator = scene.people[name], "area" if area == HER_AREA else "neighbour"
    today = scene.clock.now().date().isoformat()
    grant = {"member_id": person.id, "role": "mentor", "area": area, "starts_on": today}
    made = scene.people[coordinator].do("POST", "/v1/appointments", grant, 201)
    person.do("POST", f"/v1/appointments/{made['id']}/accept")
    place = {"latitude": school["latitude"] + north, "longitude": school["longitude"]}
    person.do("PUT", "/v1/me/mentor-profile", {"background": background, "skills": skills, **place})


def requested(scene: Scene) -> str:
    """The school asks, once per goal."""
    head, school = scene.people[HEAD], scene.notes["pilot"]
    wish = {
        "institution_id": school["id"],
        "goal": GOAL,
        "problem": "Peminjaman masih dicatat di buku",
        "present_system": "Buku tulis",
        "contact": {"name": "Bu Endang", "phone": "0812 3400 1122"},
        "head_approval": True,
        "needs": [*LIBRARY_NEEDS, *IT_NEEDS],
    }
    case = head.do("POST", "/v1/mentorships", wish, 201)
    scene.notes["case"] = case["id"]
    again = head.command("POST", "/v1/mentorships", wish)
    hold(again.json()["code"] == "mentoring.mentorship_taken", f"asking again gave {again.text}")
    return f"“{GOAL}” is {case['state']}; a second request for it is refused"


def not_ready(scene: Scene) -> str:
    """Without a LAN the school is not ready, and nobody can be asked to come."""
    case = assess(scene, lan=False)
    ready = case["readiness"]
    hold(ready["verdict"] == "not_ready", f"the verdict is {ready['verdict']}")
    hold(ready["conditions"] == ["lan"], f"the conditions are {ready['conditions']}")
    hold(open_items(case, "condition.") == ["condition.lan"], "the condition is no item to prove")
    offer = {"mentor_id": scene.people[SILENT].id}
    early = scene.people["area"].command("POST", path_of(scene, "offers"), offer)
    hold(early.json()["code"] == "mentoring.not_ready", f"an offer gave {early.text}")
    scene.notes["score"] = ready["score"]
    return f"score {ready['score']}, not ready: no LAN; an offer is refused"


def ready(scene: Scene) -> str:
    """The LAN is there: assessed anew, the change is shown and the condition is met."""
    case = assess(scene, lan=True)
    found = case["readiness"]
    hold(found["verdict"] == "ready", f"the verdict is {found['verdict']}")
    hold(found["before"] == scene.notes["score"], f"before it was {found['before']}")
    hold(found["score"] > found["before"], f"the score is {found['score']}")
    hold(not open_items(case, "condition."), "the condition is still open")
    return f"score {found['before']} → {found['score']}, {found['verdict']}; the condition is met"


def assess(scene: Scene, *, lan: bool) -> Body:
    """The form of today, filled in by the area's coordinator; only the LAN is in question."""
    area = scene.who("area")
    form = told(area.get("/v1/mentoring-templates/readiness"), 200)["items"][0]
    answers: Body = {
        question["id"]: 100 if question["kind"] == "number" else True
        for question in form["questions"]
    }
    body = {"template_version": int(form["id"]), "answers": {**answers, "lan": lan}}
    return area.do("PUT", path_of(scene, "assessment"), body)


def offered(scene: Scene) -> str:
    """Ranked with reasons: one who can all, then a librarian and IT pair; the first is asked."""
    area = scene.people["area"]
    items = told(area.get(path_of(scene, "mentor-suggestions")), 200)["items"]
    teams = [team_of(one) for one in items]
    hold(teams[0] == ids_of(scene, SILENT), f"first are {teams[0]}")
    hold(teams[1] == ids_of(scene, LIBRARIAN, IT), f"second are {teams[1]}")
    codes = {reason["code"] for reason in items[1]["reasons"]}
    hold("pair" in codes and not items[1]["open_needs"], f"the pair comes with {codes}")
    scene.notes["offer"] = offer = ask(scene, path_of(scene), SILENT)
    said = ", ".join(reason["text"] for reason in items[0]["reasons"])
    return f"{len(items)} suggestions, first: {said}; asked until {offer['expires_at'][:16]}Z"


def ask(scene: Scene, case: str, name: str) -> Body:
    """The coordinator offers a case to a mentor."""
    offer = {"mentor_id": scene.people[name].id}
    return scene.people["area"].do("POST", f"{case}/offers", offer, 201)


def team_of(suggestion: Body) -> list[str]:
    """The ids of a suggested mentor, or of a pair."""
    return [one for one in (suggestion["mentor_id"], suggestion["partner_id"]) if one]


def ids_of(scene: Scene, *names: str) -> list[str]:
    """The ids of people of the story."""
    return [scene.people[name].id for name in names]


def lapsed(scene: Scene) -> str:
    """72 hours pass (the region's clock is set ahead): the next best are asked, by themselves."""
    scene.clock.advance(hours=71, minutes=50)
    time.sleep(NOTHING_SECONDS)
    hold(len(offers(scene)) == 1, "it lapsed too early")
    scene.clock.advance(minutes=11)
    found = eventually(lambda: offers(scene)[1:] and offers(scene), "the offer does not lapse")
    states = [one["state"] for one in found]
    hold(states == ["lapsed", "offered"], f"the offers are {states}")
    ended, until = found[0]["updated_at"], found[0]["expires_at"]
    hold(ended >= until, f"it lapsed at {ended}, not at {until}")
    asked = team_of(found[1])
    hold(asked == ids_of(scene, LIBRARIAN, IT), f"asked were {asked}")
    late = scene.who(SILENT).command("POST", path_of(scene, "offers", found[0]["id"], "accept"))
    hold(late.json()["code"] == "mentoring.offer_state_forbids", f"too late gave {late.text}")
    scene.notes["offer"] = found[1]
    return "after 71 h 50 min it stood, after 72 h it lapsed; a librarian and IT pair was asked"


def offers(scene: Scene) -> list[Body]:
    """The offers of the case, oldest first."""
    return list(told(scene.who("area").get(path_of(scene, "offers")), 200)["items"])


def matched(scene: Scene) -> str:
    """The pair takes the case; both are of the school's own kota."""
    scene.who(LIBRARIAN).do("POST", path_of(scene, "offers", scene.notes["offer"]["id"], "accept"))
    case = case_of(scene, LIBRARIAN)
    hold(case["state"] == "matched", f"it is {case['state']}")
    hold(team_of(case) == ids_of(scene, LIBRARIAN, IT), f"accompanied by {team_of(case)}")
    areas = {told(scene.who(name).get("/v1/me"), 200)["area"] for name in (LIBRARIAN, IT)}
    hold(areas == {scene.notes["pilot"]["area"]}, f"they are of {areas}")
    return f"{LIBRARIAN.title()} (librarian) and {IT.title()} (IT) of {HER_AREA} accompany it"


def agreed(scene: Scene) -> str:
    """Goals, duties and five visits; it begins when head and mentor have both accepted."""
    plan = {
        "goals": ["Peminjaman dan pengembalian lewat SLiMS"],
        "duties": ["Sekolah menyediakan komputer dan jaringan"],
        "visits": [{"planned_at": scene.clock.at(days=day)} for day in VISIT_DAYS],
        "consent": True,
    }
    mentor, head = scene.who(LIBRARIAN), scene.who(HEAD)
    mentor.do("PUT", path_of(scene, "agreement"), plan)
    one = mentor.do("POST", path_of(scene, "agreement", "accept"), {"as": "mentor"})
    hold(one["state"] == "matched", f"after one word it is {one['state']}")
    both = head.do("POST", path_of(scene, "agreement", "accept"), {"as": "head"})
    hold(both["state"] == "in_progress", f"after both words it is {both['state']}")
    return f"version {both['agreement']['version']}, accepted by mentor and head; the work begins"


# -- what all steps of this story use ---------------------------------------------------------


def path_of(scene: Scene, *parts: str) -> str:
    """Where the case is, or something of it."""
    return "/".join((f"/v1/mentorships/{scene.notes['case']}", *parts))


def case_of(scene: Scene, name: str) -> Body:
    """The case as somebody sees it now."""
    return told(scene.who(name).get(path_of(scene)), 200)


def open_items(case: Body, start: str = "") -> list[str]:
    """The items that are not proven."""
    items = [one for one in case["items"] if one["id"].startswith(start)]
    return [one["id"] for one in items if one["done_at"] is None]


def eventually(look: Callable[[], Any], otherwise: str) -> Any:
    """What looking gives, once it gives something; raises Broke."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > until:
            raise Broke(otherwise)
        time.sleep(0.1)
    return found
