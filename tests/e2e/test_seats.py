"""Seats and the line for them: nobody is lost, nobody gets two, whoever asks at once."""

from collections import Counter

import pytest

from tests.e2e.gatherings import (
    announced,
    at,
    change,
    give_back,
    members,
    path,
    register,
    registration,
    together,
)
from tests.support.client import Body, Community, Person, problem, told

SEATS = 20
LAPTOP = {"id": "laptop", "text": "Bawa laptop?", "kind": "boolean", "required": True}
SIZE = {"id": "ukuran", "text": "Ukuran kaus", "kind": "choice", "choices": ["S", "M"]}
AGE = {"id": "tahun", "text": "Lama bekerja", "kind": "number"}


def states(kota: Person, event: Body) -> Counter[str]:
    """How many registrations are in which state."""
    return Counter(one["state"] for one in kota.all(path(event, "registrations")))


@pytest.fixture
def fifty(community: Community) -> list[Person]:
    """More than there are seats."""
    return members(community, 50)


def test_of_fifty_at_once_twenty_get_a_seat_and_thirty_a_place_in_line(
    fifty: list[Person], kota: Person, visitor: Person
) -> None:
    event = announced(kota, capacity=SEATS)

    def insist(person: Person) -> Body:
        where = path(event, "registrations")
        return told(person.insist("POST", where, {}, f"seat-{person.id}"), 201)

    given = together(insist, fifty, at_once=len(fifty))
    assert Counter(one["state"] for one in given) == {"confirmed": 20, "waiting": 30}
    assert sorted(one["position"] for one in given if one["position"]) == list(range(1, 31))
    tickets = {one["ticket"] for one in given if one["state"] == "confirmed"}
    assert len(tickets) == SEATS and None not in tickets
    page = told(visitor.get(path(event)), 200)
    numbers = ("seats_left", "confirmed", "waiting", "offered", "attended")
    assert [page[name] for name in numbers] == [0, 20, 30, 0, 0]

    leaving = [pair for pair in zip(fifty, given, strict=True) if pair[1]["state"] == "confirmed"]
    line = {one["position"]: pair for pair in zip(fifty, given, strict=True) for one in pair[1:]}
    together(lambda pair: give_back(*pair), leaving[:5], at_once=5)
    now = {position: registration(*line[position]) for position in (1, 2, 3, 4, 5, 6, 30)}
    assert [now[n]["state"] for n in range(1, 6)] == ["confirmed"] * 5, "the first in line"
    assert all(now[n]["ticket"] for n in range(1, 6))
    assert (now[6]["position"], now[30]["position"]) == (1, 25)
    assert states(kota, event) == {"confirmed": 20, "waiting": 25, "cancelled": 5}


def test_more_seats_promote_and_fewer_than_are_taken_are_refused(
    crowd: list[Person], kota: Person
) -> None:
    event = announced(kota, capacity=2)
    for person in crowd[:4]:
        register(person, event)
    below = kota.command("PATCH", path(event), {"capacity": 1})
    refused = problem(below, 409, "events.capacity_below")
    assert refused["errors"][0]["pointer"] == "/capacity"
    assert kota.do("PATCH", path(event), {"capacity": 3})["seats_left"] == 0
    assert states(kota, event) == {"confirmed": 3, "waiting": 1}
    assert kota.do("PATCH", path(event), {"capacity": None})["seats_left"] is None
    assert states(kota, event) == {"confirmed": 4}


def test_a_seat_that_comes_free_in_the_last_day_is_offered_and_accepted(
    crowd: list[Person], kota: Person
) -> None:
    event = announced(kota, capacity=1, starts_at=at(hours=5), ends_at=at(hours=7))
    ayu, budi = crowd[:2]
    first, second = register(ayu, event), register(budi, event)
    give_back(ayu, first)
    offered = registration(budi, second)
    assert offered["state"] == "offered" and offered["offer_expires_at"] < event["starts_at"]
    assert offered["ticket"] is None and states(kota, event)["offered"] == 1
    late = crowd[2].command("POST", path(event, "registrations"), {})
    assert told(late, 201)["state"] == "waiting", "the offered seat is held"
    assert change(budi, second, accept_offer=True)["state"] == "confirmed"
    again = path(event, "registrations", second["id"])
    problem(
        budi.command("PATCH", again, {"accept_offer": True}),
        409,
        "events.registration_state_forbids",
    )


def test_repeating_with_the_same_key_takes_one_seat(crowd: list[Person], kota: Person) -> None:
    event, ayu = announced(kota, capacity=10), crowd[0]
    answers = together(
        lambda _: ayu.command("POST", path(event, "registrations"), {}, key="sekali"), range(8)
    )
    bodies = [told(answer, 201) for answer in answers if answer.status_code == 201]
    assert len(bodies) >= 1 and all(body == bodies[0] for body in bodies)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert states(kota, event) == {"confirmed": 1}
    twice = ayu.command("POST", path(event, "registrations"), {})
    problem(twice, 409, "events.already_registered")
    give_back(ayu, bodies[0])
    assert register(ayu, event)["id"] != bodies[0]["id"], "who cancelled may come again"


def test_others_are_registered_by_who_manages_the_event(
    community: Community, crowd: list[Person], kota: Person, kabupaten: Person
) -> None:
    event, (ayu, budi) = announced(kota, capacity=5), crowd[:2]
    made = register(kota, event, member_id=ayu.id)
    assert (made["member_id"], made["registered_by"], made["name"]) == (
        ayu.id,
        kota.id,
        "Warga Baru",
    )
    assert made["ticket"] is None, "the ticket is hers alone"
    assert registration(ayu, made)["ticket"]
    where = path(event, "registrations")
    for person in (budi, kabupaten):
        problem(person.command("POST", where, {"member_id": crowd[2].id}), 403)
        problem(person.command("POST", where, {"guest": {"name": "Tamu"}}), 403)
    both = {"member_id": budi.id, "guest": {"name": "Tamu"}}
    problem(kota.command("POST", where, both), 422, "events.registration_invalid")
    pending = community.newcomer()
    unknown = kota.command("POST", where, {"member_id": pending.id})
    problem(unknown, 422, "events.member_invalid")
    guest = register(kota, event, guest={"name": "Bu Tamu", "phone": "0812 9999 0000"})
    assert (guest["member_id"], guest["guest"]["name"]) == (None, "Bu Tamu")
    assert guest["ticket"], "whoever brings a guest hands him the ticket"


def test_a_registration_is_ones_own_and_the_managers(
    crowd: list[Person], kota: Person, visitor: Person
) -> None:
    event, (ayu, budi) = announced(kota), crowd[:2]
    mine = register(ayu, event)
    one = path(event, "registrations", mine["id"])
    problem(budi.get(one), 404)
    problem(visitor.get(one), 401)
    problem(budi.command("DELETE", one), 403)
    problem(budi.command("PATCH", one, {"reconfirm": True}), 403)
    other = announced(kota)
    problem(ayu.command("DELETE", path(other, "registrations", mine["id"])), 404)
    assert give_back(kota, mine)["state"] == "cancelled"


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        (None, "/answers/laptop"),
        ({"laptop": "ya"}, "/answers/laptop"),
        ({"laptop": True, "ukuran": "XL"}, "/answers/ukuran"),
        ({"laptop": True, "tahun": "tujuh"}, "/answers/tahun"),
        ({"laptop": True, "lain": 1}, "/answers/lain"),
        ({"laptop": {"$ne": True}}, "/answers/laptop"),
        ({"laptop": [True]}, "/answers/laptop"),
        ({"$where": "1"}, "/answers/$where"),
    ],
)
def test_answers_that_fit_no_question_are_refused_where_they_stand(
    crowd: list[Person], asking: Body, answers: Body | None, pointer: str
) -> None:
    where = path(asking, "registrations")
    refused = problem(crowd[0].command("POST", where, {"answers": answers}), 422)
    assert pointer in [error["pointer"] for error in refused["errors"]]


@pytest.fixture(scope="module")
def asking(community: Community) -> Body:
    """An event that asks three things."""
    return announced(community.officer("35.71"), questions=[LAPTOP, SIZE, AGE])


def test_questions_stay_as_they_are_once_somebody_has_answered(
    crowd: list[Person], kota: Person
) -> None:
    event, ayu = announced(kota, questions=[LAPTOP, SIZE, AGE]), crowd[0]
    kota.do("PATCH", path(event), {"questions": [LAPTOP, SIZE]})
    answers = {"laptop": True, "ukuran": "M"}
    mine = register(ayu, event, answers=answers)
    assert (mine["answers"], mine["questions_version"]) == (answers, 1)
    changed = {"questions": [LAPTOP]}
    problem(kota.command("PATCH", path(event), changed), 409, "events.questions_frozen")
    anew = kota.do("PATCH", path(event), {**changed, "new_questions_version": True})
    assert anew["questions_version"] == 2
    assert registration(ayu, mine)["answers"] == answers
    assert change(ayu, mine, answers={"laptop": False})["questions_version"] == 2
