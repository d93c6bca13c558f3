"""Phones: old state and the changes since are the fresh state, whoever looks, whatever happened."""

import random
from collections.abc import Callable

import pytest

from tests.e2e.actions import ACTIONS, TODAY, Stages
from tests.e2e.cases import visit
from tests.e2e.gathering_actions import GATHERING_ACTIONS
from tests.e2e.mentoring_actions import GIVE_BACK, MENTORING_ACTIONS, under_way
from tests.e2e.test_stream import listening
from tests.e2e.watchers import Subject, Watchers
from tests.support.client import (
    KOTA,
    Community,
    Person,
    Phone,
    differing_from,
    problem,
    told,
)


@pytest.fixture(scope="module")
def watchers(community: Community) -> Watchers:
    """They hold what was there before, and follow."""
    return Watchers(community)


AT_ONCE = 12
EVERYTHING = [*ACTIONS, *GATHERING_ACTIONS, *MENTORING_ACTIONS]


@pytest.mark.parametrize("action", EVERYTHING, ids=lambda action: action.__name__)
def test_all_phones_agree_with_all_reads_after_somebody(
    watchers: Watchers, community: Community, action: Callable[[Community], Stages]
) -> None:
    for subjects in action(community):
        watchers.must_agree(subjects)
    watchers.must_be_whole()


def test_all_phones_agree_after_a_random_walk(watchers: Watchers, community: Community) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    walk, touched = random.Random(seed), list[Subject]()
    everything = list[Subject]()
    running = [walk.choice(EVERYTHING)(community) for _ in range(AT_ONCE)]
    while running:
        action = walk.choice(running)
        if (stage := next(action, None)) is None:
            running.remove(action)
            continue
        touched += stage
        everything += stage
        if walk.random() < 0.3:
            watchers.must_agree(touched)
            watchers.must_be_whole()
            touched.clear()
    watchers.must_agree(everything)
    watchers.must_be_whole()


@pytest.mark.parametrize("limit", [1, 3, 500])
def test_small_pages_give_the_same(community: Community, limit: int) -> None:
    person = community.member("35.05")
    community.listed("35.05")
    whole = Phone(person)
    community.settle(whole)
    if limit > 1:
        small = Phone(person, limit=limit)
        small.sync()
        assert differing_from(small.held, whole.held) == {}
        return
    small = Phone(person, limit=1)
    small.cursor = whole.cursor
    small.held = dict(whole.held)
    made = [community.institution(KOTA)["id"] for _ in range(5)]
    community.settle(small, whole)
    assert differing_from(small.held, whole.held) == {}
    assert {("institution", one) for one in made} <= small.held.keys()


def test_who_gains_an_area_gets_its_people_and_who_loses_it_a_purge_list(
    community: Community, coordinator: Person
) -> None:
    person, others = community.member("35.04"), [community.member("35.03") for _ in range(3)]
    phone = Phone(person)
    community.settle(phone)
    wanted = {("member", other.id) for other in others}
    assert not wanted & phone.held.keys()

    offer = {"member_id": person.id, "role": "area_coordinator", "area": "35.03"}
    offer |= {"deputy": True, "starts_on": TODAY}
    made = coordinator.do("POST", "/v1/appointments", offer, 201)["id"]
    person.do("POST", f"/v1/appointments/{made}/accept")
    community.settle(phone)
    assert wanted <= phone.held.keys()
    assert phone.held["member", others[0].id]["email"]

    coordinator.do("POST", f"/v1/appointments/{made}/end")
    community.caught_up()
    changes = phone.sync()
    gone = {(c["kind"], c["id"]) for c in changes if c["resource"] is None}
    assert wanted <= gone
    fresh = Phone(person)
    fresh.sync()
    assert differing_from(phone.held, fresh.held) == {}


def test_a_mentor_who_leaves_a_case_gets_a_purge_list_of_it(community: Community) -> None:
    case = under_way(community)
    fault = {"code": "SESSION_DIR", "description": "Kembali ke halaman masuk"}
    issue = case.mentor.do("POST", f"{case.path}/issues", fault, 201)["issue"]
    made = visit(case)
    wanted = {
        ("mentorship", case.body["id"]),
        ("visit", made["id"]),
        ("issue", issue["id"]),
    }
    phone = Phone(case.mentor)
    community.settle(phone)
    assert wanted <= phone.held.keys()

    with listening(community, case.mentor) as ear:
        case.do(case.mentor, "unmatch", GIVE_BACK)
        for kind, id in wanted:
            assert ear.heard(kind, id)[-1]["resource"] is None, kind
    community.settle(phone)
    assert not wanted & phone.held.keys()
    fresh = Phone(case.mentor)
    fresh.sync()
    assert differing_from(phone.held, fresh.held) == {}
    assert {"offer", "mentor"} <= {kind for kind, _ in fresh.held}, "his own stays"


def test_who_stops_being_active_keeps_only_what_is_public(
    community: Community, kota: Person
) -> None:
    listed, person = community.listed(KOTA), community.member(KOTA)
    phone = Phone(person)
    community.settle(phone)
    assert ("member", listed.id) in phone.held
    kota.do("POST", f"/v1/members/{person.id}/suspend", {"reason": "Uji"})
    problem(person.get("/v1/sync", cursor=phone.cursor), 401)
    phone.owner = community.visitor()
    community.settle(phone)
    fresh = Phone(phone.owner)
    fresh.sync()
    assert differing_from(phone.held, fresh.held) == {}


def test_a_borrowed_cursor_shows_nothing_of_its_owner(
    community: Community, coordinator: Person
) -> None:
    community.newcomer(KOTA)
    borrowed = told(coordinator.get("/v1/sync", limit=1), 200)["cursor"]
    visitor = Phone(community.visitor())
    visitor.cursor = borrowed
    visitor.sync()
    fresh = Phone(community.visitor())
    fresh.sync()
    assert visitor.held.items() <= fresh.held.items()
    assert {"member", "registration", "notice"}.isdisjoint(kind for kind, _ in visitor.held)


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzEsMl0", "../..", "a" * 1000])
def test_a_made_up_cursor_is_refused(visitor: Person, cursor: str) -> None:
    problem(visitor.get("/v1/sync", cursor=cursor), 400, "request.cursor")


def test_a_cursor_that_was_tampered_with_is_refused(visitor: Person) -> None:
    cursor = told(visitor.get("/v1/sync"), 200)["cursor"]
    for place in (0, len(cursor) // 2, -1):
        letters = list(cursor)
        letters[place] = "A" if letters[place] != "A" else "B"
        answer = visitor.get("/v1/sync", cursor="".join(letters))
        if answer.status_code == 200:
            assert answer.json()["reset"]
        else:
            problem(answer, 400)


def test_a_cursor_of_another_life_starts_over(
    community: Community, databases: dict[str, object]
) -> None:
    phone = Phone(community.member(KOTA))
    phone.sync()
    databases["gateway"]["meta"].update_one(  # type: ignore[index]
        {"_id": "log"}, {"$set": {"epoch": "another-life"}}
    )
    page = told(phone.owner.get("/v1/sync", cursor=phone.cursor), 200)
    assert (page["reset"], page["changes"]) == (True, [])
    phone.held["institution", "gone"] = {}
    community.settle(phone)
    fresh = Phone(phone.owner)
    fresh.sync()
    assert phone.resets == 1
    assert differing_from(phone.held, fresh.held) == {}


def test_what_a_command_answered_is_in_the_next_sync(community: Community, kota: Person) -> None:
    phone = Phone(kota)
    community.settle(phone)
    for _ in range(20):
        school = community.institution(KOTA)
        phone.sync()
        assert phone.held["institution", school["id"]]["version"] == 1
        path = f"/v1/institutions/{school['id']}"
        changed = kota.do("PATCH", path, {"name": "Berubah"})
        phone.sync()
        assert phone.held["institution", school["id"]]["version"] == changed["version"] == 2
