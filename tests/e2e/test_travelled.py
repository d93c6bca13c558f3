"""What takes days and months, through HTTP: the region's clock is set ahead (decision 110).

The cell is this module's own; its clock only goes forward, and no test minds what others left.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from pymongo import MongoClient

from cell.cell import Cell
from cell.clock import Clock
from tests.e2e.cases import Case, a_case, accompanied, agree, assess, match, mentor_of, prove
from tests.e2e.cases import photo_of as a_photo_of
from tests.e2e.cases import visit as a_visit
from tests.e2e.gatherings import planned, publish, register
from tests.e2e.mailbox import notice
from tests.support.client import KOTA, Body, Community, Person, problem, told
from tests.support.infrastructure import until

# Tokens outlive the travels, but in the test that is about them.
SETTINGS = {
    "RATE_LIMIT_PER_MINUTE": "1000000",
    "AUTH_LIMIT_PER_MINUTE": "1000000",
    "SIGN_UPS_PER_HOUR": "1000000",
    "ACCESS_TOKEN_SECONDS": str(3 * 365 * 24 * 3600),
    "QUIET_HOURS": "off",
}


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """A region whose clock may be set."""
    directory = tmp_path_factory.mktemp("travelled")
    settings = {**SETTINGS, **Clock(directory).settings}
    with Cell(directory, settings=settings) as cell:
        yield cell


@pytest.fixture(scope="module")
def clock(cell: Cell) -> Clock:
    """The region's clock."""
    return Clock(cell.home.directory)


@pytest.fixture(scope="module")
def community(cell: Cell) -> Iterator[Community]:
    """The people of this region."""
    community = Community(cell)
    yield community
    community.close()


@pytest.fixture(scope="module")
def watched(cell: Cell, clock: Clock) -> Iterator[Callable[..., None]]:
    """Sets the clock ahead and comes back when mentoring has done all that is due by then."""
    with MongoClient[Any](cell.plan.mongo_uri("mentoring")) as client:
        leases = client["jejaring_mentoring"]["leases"]

        def round_began() -> bool:
            return leases.find_one({"_id": "watch", "ahead": clock.seconds}) is not None

        def advance(**by: float) -> None:
            clock.advance(**by)
            until(round_began)
            clock.advance(seconds=1)  # the next round begins when this one has ended
            until(round_began)

        yield advance


def offers(case: Case) -> list[Body]:
    """The offers of a case, oldest first."""
    return list(told(case.coordinator.get(f"{case.path}/offers"), 200)["items"])


def hours(start: str, end: str) -> float:
    """From one instant to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600


def states(those: list[Body]) -> list[str]:
    return [one["state"] for one in those]


def after(case: Case, count: int) -> list[Body]:
    """The offers, once there are so many of them that nobody waits for any more."""
    return list(until(lambda: (found := offers(case)) and len(found) >= count and found))


def offer(case: Case) -> Body:
    return case.coordinator.do("POST", f"{case.path}/offers", {"mentor_id": case.mentor.id}, 201)


def running(community: Community, clock: Clock, days: float = 3) -> Case:
    """A case under way, with a visit so many days away."""
    case = a_case(community, tells=clock.at)
    assess(case)
    match(case)
    agree(case, days)
    return case


def kinds(person: Person, about: str) -> Counter[str]:
    """What somebody was told about something."""
    mine = person.all("/v1/notifications")
    return Counter(one["kind"] for one in mine if one["about_id"] == about)


def test_a_cell_whose_clock_may_be_set_says_so(community: Community) -> None:
    answer = community.visitor().get("/readyz")

    assert (answer.status_code, answer.json()["real_clock"]) == (200, False)


def test_an_offer_lapses_after_72_hours_and_the_next_best_is_asked(
    community: Community, clock: Clock, watched: Callable[..., None]
) -> None:
    case = a_case(community, tells=clock.at)
    mentor_of(community)
    assess(case)
    first = offer(case)
    watched(hours=71, minutes=55)
    clock.advance(minutes=6)
    lapsed, second = after(case, 2)
    assert (lapsed["id"], lapsed["state"], second["state"]) == (first["id"], "lapsed", "offered")
    assert second["mentor_id"] != case.mentor.id
    assert 72 <= hours(lapsed["created_at"], lapsed["updated_at"]) < 73
    assert hours(second["created_at"], second["expires_at"]) == 72
    assert notice(case.mentor, "offer_lapsed", case.body["id"])
    assert notice(case.coordinator, "offer_unanswered", case.body["id"])
    late = case.mentor.command("POST", f"{case.path}/offers/{first['id']}/accept")
    problem(late, 409, "mentoring.offer_state_forbids")


def test_after_three_lapses_the_areas_coordinator_has_to_find_somebody(
    community: Community, clock: Clock
) -> None:
    case = a_case(community, tells=clock.at)
    for _ in range(3):
        mentor_of(community)
    assess(case)
    offer(case)
    for count in (2, 3):
        clock.advance(hours=73)
        after(case, count)
    assert kinds(case.coordinator, case.body["id"])["mentor_needed"] == 0

    clock.advance(hours=73)
    assert notice(case.coordinator, "mentor_needed", case.body["id"])
    until(lambda: states(offers(case)) == ["lapsed"] * 3)
    until(lambda: told(case.head.get(case.path), 200)["lapses"] == 3)


def test_a_mentor_who_is_away_until_a_day_comes_back_by_himself(
    community: Community, clock: Clock
) -> None:
    mentor, back_on = mentor_of(community), clock.at(days=14)[:10]
    away = {"available": False, "available_from": back_on}
    mentor.do("PUT", "/v1/me/mentor-availability", away)
    clock.advance(days=15)

    def is_back() -> bool:
        mine = [one for one in mentor.all("/v1/mentors") if one["id"] == mentor.id]
        return bool(mine) and mine[0]["available"]

    assert until(is_back)


def test_a_visit_that_nobody_made_is_told_once(
    community: Community, clock: Clock, watched: Callable[..., None]
) -> None:
    case = running(community, clock, days=1)
    about = case.body["id"]
    watched(days=1, hours=23)
    clock.advance(hours=2)
    assert notice(case.mentor, "visit_overdue", about)
    (missed,) = told(case.head.get(case.path), 200)["agreement"]["visits"]
    assert 24 <= hours(missed["planned_at"], missed["overdue_told_at"]) < 26
    assert notice(case.coordinator, "visit_overdue", about)
    watched(days=2)
    other = running(community, clock, days=1)
    watched(days=3)
    assert notice(other.mentor, "visit_overdue", other.body["id"]), "what came later was told"
    assert kinds(case.mentor, about)["visit_overdue"] == 1


def test_a_fault_that_nobody_solves_climbs_to_area_region_and_network(
    community: Community, clock: Clock, watched: Callable[..., None]
) -> None:
    case, somebody = running(community, clock), mentor_of(community)
    about, fault = case.body["id"], {"code": "MYSQL8", "description": "Gagal masuk"}
    made = case.head.do("POST", f"{case.path}/issues", fault, 201)["issue"]

    def at_level(level: str) -> bool:
        (found,) = told(case.head.get(f"{case.path}/issues"), 200)["items"]
        return bool(found["level"] == level)

    for days, level in ((3, "area"), (4, "region"), (7, "network")):
        watched(days=days, hours=-1)
        clock.advance(hours=2)
        until(lambda level=level: at_level(level))

    assert notice(case.coordinator, "issue_climbed", about)
    assert notice(community.officer("coordinator"), "issue_climbed", about)
    assert notice(somebody, "issue_climbed", about)
    solved = somebody.do(
        "POST", f"{case.path}/issues/{made['id']}/resolve", {"remedy": "utf8mb4", "minutes": 20}
    )
    levels = [hop["level"] for hop in solved["hops"]]
    assert levels == ["mentor", "area", "region", "network", "network"]
    for (stayed, left), days in zip(pairwise(solved["hops"]), (3, 4, 7), strict=False):
        assert 24 * days <= hours(stayed["at"], left["at"]) < 24 * days + 3


def test_a_loan_of_last_week_does_not_prove_that_it_runs(
    community: Community, clock: Clock
) -> None:
    case = running(community, clock)
    photo = a_photo_of(case, a_visit(case))
    prove(case, photo)
    clock.advance(days=8)

    yes = {"as": "head", "agrees": True}
    refused = problem(
        case.head.command("POST", f"{case.path}/sign-off", yes), 409, "mentoring.acceptance_missing"
    )
    stale = ["live_lending.loan", "live_lending.return"]
    assert refused["allowed"] == stale
    for item in stale:
        evidence = {"evidence": {"kind": "date", "value": clock.at()[:10]}}
        case.do(case.mentor, f"items/{item}/complete", evidence)
    assert case.do(case.head, "sign-off", yes)["votes"]


def test_after_30_90_and_180_days_they_are_asked_and_it_ends_well(
    community: Community, clock: Clock
) -> None:
    case = accompanied(community, clock.at)
    path, about = f"{case.path}/follow-ups", case.body["id"]

    def is_due(day: int) -> bool:
        found = {one["day"]: one for one in told(case.head.get(path), 200)["items"]}
        return bool(found[day]["state"] == "due")

    for number, (day, wait) in enumerate(((30, 30), (90, 60), (180, 90)), start=1):
        early = case.head.command("POST", path, {"day": day, "running": True})
        problem(early, 409, "mentoring.follow_up_early")
        clock.advance(days=wait, hours=1)
        until(lambda day=day: is_due(day))
        for who in (case.head, case.mentor, case.coordinator):
            until(lambda who=who, n=number: kinds(who, about)["follow_up_due"] == n)
        case.head.do("POST", path, {"day": day, "running": True})

    done = told(case.head.get(case.path), 200)
    assert (done["state"], done["progress"]) == ("closed", 100)
    assert notice(case.mentor, "mentorship_closed", about)


def test_a_wish_that_waits_is_told_after_7_days_and_goes_higher_after_14(
    community: Community, clock: Clock, coordinator: Person, kota: Person
) -> None:
    wish = {"topic": f"Menunggu sejak {clock.at()}", "area": KOTA}
    made = community.member().do("POST", "/v1/event-requests", wish, 201)["id"]
    clock.advance(days=7, hours=1)
    assert notice(kota, "request_waits", made)
    assert kinds(coordinator, made)["request_escalated"] == 0

    clock.advance(days=7)
    assert notice(coordinator, "request_escalated", made)


def test_who_registered_is_reminded_a_week_a_day_and_two_hours_before(
    community: Community, clock: Clock, kota: Person
) -> None:
    times = {"starts_at": clock.at(days=10), "ends_at": clock.at(days=10, hours=3)}
    event, ayu = publish(kota, planned(kota, **times)), community.member()
    register(ayu, event)
    assert notice(ayu, "registration_confirmed", event["id"]), "the place was heard of"
    clock.advance(days=2, hours=23)
    assert kinds(ayu, event["id"])["event_reminder_7d"] == 0

    for kind, by in (
        ("event_reminder_7d", {"hours": 1.1}),
        ("event_reminder_1d", {"days": 6}),
        ("event_reminder_2h", {"hours": 22}),
    ):
        clock.advance(**by)
        assert notice(ayu, kind, event["id"])


def test_a_refresh_token_that_was_not_used_for_30_days_is_worth_nothing(
    community: Community, clock: Clock
) -> None:
    ayu, budi = community.member(), community.member()

    def refreshed(person: Person) -> int:
        grant = {"grant_type": "refresh_token", "refresh_token": person.refresh_token}
        return community.visitor().post("/v1/auth/token", grant).status_code

    clock.advance(days=29)
    assert refreshed(ayu) == 200
    clock.advance(days=2)
    assert refreshed(budi) == 401
