"""Matching in a whole region: 400 mentors and 200 open cases among the region's real schools.

What the services own is put into their books as a restored backup would be, then said again, so
that replicas and views learn it on the usual way.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.figures import in_turn, medians, ms, percentile, rate
from bench.ground import Ground
from bench.load import one_by_one, reads, request
from bench.reads import bare
from bench.region import coordinator
from bench.table import Row, at_least, at_most
from cell.demo.person import Person, told
from chassis import asking
from chassis.call import Actor
from contracts.codec import encode
from contracts.members import commands as members
from contracts.members import states as people
from contracts.mentoring import commands, states

SCHOOLS = Path(__file__).parents[2] / "shared" / "data" / "schools_kediri_raya.csv"
HOUSES, MENTORS, CASES = 4351, 400, 200
SECONDS = 120.0
NOW, TODAY = "2026-11-21T02:00:00.000Z", "2026-11-21"
READY = states.Readiness(template_version=1, score=90, verdict="ready")
RESTATED: tuple[tuple[type[Any], str], ...] = (
    (members.Restate, "member"),
    (members.Restate, "appointment"),
    (members.Restate, "competencies"),
    (commands.Restate, "mentor"),
    (commands.Restate, "mentorship"),
)


def measure(ground: Ground) -> Iterator[Row]:
    """Suggestions beside the bare application's list of 20, then a batch for all cases."""
    settle(ground)
    paths = [f"/v1/mentorships/c{number}/mentor-suggestions" for number in range(CASES)]
    url, seconds = ground.url + paths[0], ground.pace.seconds
    with bare(ground) as plain:
        sides: dict[str, Callable[[], tuple[float, float]]] = {
            "ours": lambda: rate_and_p99(url, ground.token, seconds),
            "bare": lambda: rate_and_p99(plain, "", seconds),
        }
        for side in sides.values():
            side()
        found = in_turn(ground.pace.rounds, sides)
        base = one_by_one(plain, lambda _: request("GET", "/institutions"), seconds)
    rates = medians({name: [one[0] for one in values] for name, values in found.items()})
    slowest = medians({name: [one[1] for one in values] for name, values in found.items()})
    yield at_least(
        "suggestions for a case among 400 mentors vs bare list of 20, at 32",
        0.75,
        rates["ours"] / rates["bare"],
        ours=f"{rate(rates['ours'])}, p99 {ms(slowest['ours'])}",
        baseline=f"{rate(rates['bare'])}, p99 {ms(slowest['bare'])}",
    )
    yield from first_looks(ground, paths, base.p50)
    with coordinator(ground) as who:
        yield batch(who)


def first_looks(ground: Ground, paths: list[str], base: float) -> Iterator[Row]:
    """Each case for the first time: nothing that was ranked before helps."""
    spent = []
    with coordinator(ground) as who:
        for path in paths:
            began = time.perf_counter()
            if not told(who.client.get(path), 200)["items"]:
                raise RuntimeError(f"{path} suggests nobody")
            spent.append(time.perf_counter() - began)
    parts = f"p50 {ms(percentile(spent, 0.5))}"
    yield at_most(
        "suggestions for each of 200 cases the first time, p99",
        100,
        percentile(spent, 0.99) * 1000,
        unit="ms",
        ours=parts,
        baseline=f"bare list p50 {ms(base)}",
    )


def batch(who: Person) -> Row:
    """From the request to the answer; the best of three, as others may be busy with the machine."""
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        made = who.do("POST", "/v1/mentoring-assignments", {}, 201)
        spent.append(time.perf_counter() - began)
        if len(made["pairings"]) != CASES or not all(p["mentor_id"] for p in made["pairings"]):
            raise RuntimeError("somebody was left without a mentor")
    return at_most(
        "batch assignment of 200 cases to 400 mentors", 2, min(spent), unit="s", ours="through HTTP"
    )


def rate_and_p99(url: str, token: str, seconds: float) -> tuple[float, float]:
    """Answers per second at 32 connections, and the 99th percentile in seconds."""
    load = reads(url, token, seconds=seconds)
    return load.rate, load.p99


# -- a region with mentors and cases ----------------------------------------------------------


def settle(ground: Ground) -> None:
    """Schools, mentors at some of them and cases of others, until everybody has heard."""
    houses = schools(ground)
    chance = random.Random(4711)
    chosen = chance.sample(houses, MENTORS + CASES)
    near, asking_for = chosen[:MENTORS], chosen[MENTORS:]
    mentors = [(f"m{number}", house) for number, house in enumerate(near)]
    write(ground, "members", "member", [a_member(*one) for one in mentors])
    write(ground, "members", "appointment", [a_grant(*one) for one in mentors])
    write(ground, "members", "competencies", [able(one, chance) for one, _ in mentors])
    write(ground, "mentoring", "mentor", [a_mentor(*one, chance) for one in mentors])
    cases = [a_case(f"c{number}", house, chance) for number, house in enumerate(asking_for)]
    write(ground, "mentoring", "mentorship", cases)
    region = ground.cell.plan.region.id
    for command, kind in RESTATED:
        wish = command(kind=kind)
        asking.call(ground.amqp_uri, region, wish, actor=Actor(), deadline_seconds=60.0)
    await_everybody(ground)


def schools(ground: Ground) -> list[Mapping[str, Any]]:
    """The real ones where they lie beside the project, else made-up ones; those with a place."""
    if SCHOOLS.exists():
        with Person(ground.url, timeout=SECONDS) as person:
            person.client.headers["Authorization"] = f"Bearer {ground.token}"
            told(
                person.client.post(
                    "/v1/institutions/imports",
                    content=SCHOOLS.read_bytes(),
                    headers={"Content-Type": "text/csv"},
                ),
                200,
            )
    else:
        ground.grow_to(HOUSES)
    found = ground.mongo["jejaring_members"]["institution"].find({"latitude": {"$type": "double"}})
    return list(found.sort("_id", 1))


def write(ground: Ground, service: str, kind: str, things: Iterable[Any]) -> None:
    """Into the books of the service that owns them."""
    rows = [{"_id": one.id, **encode(one)} for one in things]
    ground.mongo[f"jejaring_{service}"][kind].insert_many(rows)


def await_everybody(ground: Ground) -> None:
    """Until the replicas of mentoring and the gateway's views hold all of them."""
    views, known = ground.mongo["jejaring_views"], ground.mongo["jejaring_mentoring"]
    wanted = {"_id": {"$regex": "^m[0-9]+$"}}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        counts = [
            known[f"known_{kind}"].count_documents(wanted) for kind in ("member", "competencies")
        ]
        counts += [views[view].count_documents(wanted) for view in ("competencies", "mentors")]
        granted = {"member_id": wanted["_id"]}
        counts += [known["known_appointment"].count_documents(granted)]
        counts += [views["appointments"].count_documents(granted)]
        if min(counts) >= MENTORS and views["cases"].count_documents({}) >= CASES:
            return
        time.sleep(0.1)
    raise RuntimeError("not everybody has heard of the mentors")


def begun(id: str) -> dict[str, Any]:
    """What every aggregate begins with."""
    return {"id": id, "version": 1, "region": "bench", "created_at": NOW, "updated_at": NOW}


def a_member(id: str, house: Mapping[str, Any]) -> people.Member:
    """Somebody who lives near a school."""
    return people.Member(**begun(id), name=f"Pendamping {id}", state="active", area=house["area"])


def a_grant(id: str, house: Mapping[str, Any]) -> people.Appointment:
    """A mentor's appointment."""
    held = {"member_id": id, "role": "mentor", "area": house["area"], "state": "accepted"}
    return people.Appointment(**begun(f"{id}-mentor"), **held, starts_on="2025-01-01")


def able(id: str, chance: random.Random) -> people.Competencies:
    """Two areas rated by himself, one of them confirmed."""
    areas = chance.sample(("LIB", "ICT", "COM"), 2)
    rated = [
        people.Rating(area=area, level=chance.randrange(5), source="self", rated_on=TODAY)
        for area in areas
    ]
    said = {"id": "e1", "area": areas[0], "level": chance.randrange(5), "source": "mentor"}
    confirmed = people.Endorsement(**said, given_on=TODAY, given_by="koordinator")
    return people.Competencies(
        **begun(id),
        member_id=id,
        framework_version=1,
        ratings=tuple(rated),
        endorsements=(confirmed,),
    )


def a_mentor(id: str, house: Mapping[str, Any], chance: random.Random) -> states.Mentor:
    """Knows three things, takes up to three cases."""
    return states.Mentor(
        **begun(id),
        area=house["area"],
        background=chance.choice(states.BACKGROUNDS),
        skills=tuple(chance.sample(states.NEEDS, 3)),
        capacity=chance.randrange(1, 4),
        latitude=house["latitude"],
        longitude=house["longitude"],
    )


def a_case(id: str, house: Mapping[str, Any], chance: random.Random) -> states.Mentorship:
    """Assessed, with some needs."""
    return states.Mentorship(
        **begun(id),
        institution_id=house["_id"],
        institution_name=house["name"],
        area=house["area"],
        goal="Otomasi sirkulasi",
        state="assessed",
        stage="readiness",
        needs=tuple(chance.sample(states.NEEDS, 4)),
        latitude=house["latitude"],
        longitude=house["longitude"],
        readiness=READY,
    )
