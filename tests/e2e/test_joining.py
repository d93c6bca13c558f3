"""People join, prove their contact, are approved, suspended, reinstated, and leave."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest

from tests.support.client import KOTA, PASSWORD, Community, Person, Phone, problem, told
from tests.support.infrastructure import until


def test_a_librarian_signs_up_by_phone_and_is_approved_after_her_code_came_by_smtp(
    community: Community, kota: Person
) -> None:
    siti = community.newcomer(KOTA, name="Siti Aminah", phone=(number := community.phone()))
    me = told(siti.get("/v1/me"), 200)
    assert me["phone"] == f"+62{number[1:]}"
    assert (me["state"], me["contact_proven"], me["roles"]) == ("pending", True, [])

    kota.do("POST", f"/v1/members/{siti.id}/approve")

    me = told(siti.get("/v1/me"), 200)
    assert (me["state"], me["roles"]) == ("active", [{"role": "member"}])


def test_signing_up_answers_201_with_the_place_and_the_resource(
    community: Community, visitor: Person
) -> None:
    body = {"name": "Ayu", "email": community.email(), "area": KOTA}
    answer = visitor.command("POST", "/v1/members", body)
    made = told(answer, 201)
    assert answer.headers["Location"] == f"/v1/members/{made['id']}"
    assert (made["version"], made["state"], made["region"]) == (1, "pending", "kediri-raya")


@pytest.mark.parametrize("spelling", ["+62 {}", "62{}", "0{}", "(0{})", "+62-{}"])
def test_a_phone_number_is_taken_in_every_spelling(
    community: Community, visitor: Person, spelling: str
) -> None:
    number = community.phone()
    community.newcomer(phone=number)
    twin = {"name": "Kembar", "phone": spelling.format(number[1:]), "area": KOTA}
    told_why = problem(visitor.command("POST", "/v1/members", twin), 409, "members.contact_taken")
    assert told_why["errors"][0]["pointer"] == "/phone"


def test_an_address_is_taken_whatever_its_case(community: Community, visitor: Person) -> None:
    address = community.email()
    community.newcomer(email=address)
    twin = {"name": "Kembar", "email": address.upper(), "area": KOTA}
    problem(visitor.command("POST", "/v1/members", twin), 409, "members.contact_taken")


def test_a_code_signs_in_once(community: Community, visitor: Person) -> None:
    address = community.email()
    visitor.do("POST", "/v1/members", {"name": "Ayu", "email": address, "area": KOTA}, 201)
    grant = {"grant_type": "code", "username": address, "code": community.code(address)}
    assert visitor.post("/v1/auth/token", grant).status_code == 200
    problem(visitor.post("/v1/auth/token", grant), 401, "auth.credentials")


def test_a_wrong_code_is_refused_and_the_right_one_still_works(
    community: Community, visitor: Person
) -> None:
    address = community.email()
    visitor.do("POST", "/v1/members", {"name": "Ayu", "email": address, "area": KOTA}, 201)
    code = community.code(address)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    grant = {"grant_type": "code", "username": address}
    problem(visitor.post("/v1/auth/token", {**grant, "code": wrong}), 401, "auth.credentials")
    assert visitor.post("/v1/auth/token", {**grant, "code": code}).status_code == 200


def test_five_wrong_codes_are_enough(community: Community, visitor: Person) -> None:
    address = community.email()
    visitor.do("POST", "/v1/members", {"name": "Ayu", "email": address, "area": KOTA}, 201)
    code = community.code(address)
    grant = {"grant_type": "code", "username": address}
    for number in range(1, 6):
        wrong = {**grant, "code": f"{(int(code) + number) % 1_000_000:06}"}
        problem(visitor.post("/v1/auth/token", wrong), 401, "auth.credentials")
    answer = visitor.post("/v1/auth/token", {**grant, "code": code})
    problem(answer, 429, "auth.too_many_attempts")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_class_of_forty_joins_at_the_same_moment(community: Community) -> None:
    def join(number: int) -> int:
        """Once; a machine that is busy says when to come again."""
        body = {"name": f"Murid {number}", "email": addresses[number], "area": KOTA}
        ask = partial(community.visitor().command, "POST", "/v1/members", body, key=uuid4().hex)
        while (answer := ask()).status_code == 503:
            time.sleep(int(answer.headers["Retry-After"]))
        return int(answer.status_code)

    addresses = [community.email() for _ in range(40)]
    with ThreadPoolExecutor(40) as pupils:
        assert set(pupils.map(join, range(40))) == {201}


def test_asking_for_a_code_tells_nobody_whether_the_account_exists(
    community: Community, visitor: Person
) -> None:
    member, stranger = community.email(), community.email()
    community.newcomer(email=member)
    answers = [visitor.post("/v1/auth/codes", {"username": who}) for who in (member, stranger)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert community.code(member, besides=1)
    assert community.letters(stranger) == 0


def test_a_wrong_password_answers_the_same_for_members_and_strangers(
    community: Community, visitor: Person
) -> None:
    member = community.email()
    community.newcomer(email=member)
    grant = {"grant_type": "password", "password": PASSWORD}
    said = [
        problem(visitor.post("/v1/auth/token", {**grant, "username": who}), 401)
        for who in (member, community.email())
    ]
    assert [one["code"] for one in said] == ["auth.credentials", "auth.credentials"]
    assert said[0]["detail"] == said[1]["detail"]


def test_a_password_set_by_a_member_signs_him_in_and_ends_his_other_sessions(
    community: Community,
) -> None:
    address = community.email()
    person = community.newcomer(email=address)
    other = community.visitor()
    other.post("/v1/auth/codes", {"username": address})
    other.sign_in("code", username=address, code=community.code(address, besides=1))

    person.do("PATCH", "/v1/me", {"password": PASSWORD})

    assert community.visitor().sign_in(username=address, password=PASSWORD).id == person.id
    assert person.get("/v1/me").status_code == 200
    problem(other.get("/v1/me"), 401, "auth.invalid_token")


def test_a_pending_member_reads_public_things_and_edits_himself_and_no_more(
    community: Community,
) -> None:
    community.listed()
    pending = community.newcomer()
    assert pending.get("/v1/institutions").status_code == 200
    assert pending.do("PATCH", "/v1/me", {"job_area": "it"})["job_area"] == "it"
    assert [one["id"] for one in pending.all("/v1/members")] == [pending.id]


def test_approving_twice_says_what_the_state_allows(community: Community, kota: Person) -> None:
    person = community.member()
    again = kota.command("POST", f"/v1/members/{person.id}/approve")
    said = problem(again, 409, "members.member_state")
    assert set(said["allowed"]) == {"suspend", "change", "prove", "leave"}


def test_a_suspended_member_is_out_until_he_is_reinstated(
    community: Community, kota: Person
) -> None:
    address = community.email()
    person = community.member(email=address)
    person.do("PATCH", "/v1/me", {"password": PASSWORD})
    grant = {"grant_type": "password", "username": address, "password": PASSWORD}

    kota.do("POST", f"/v1/members/{person.id}/suspend", {"reason": "Diminta sendiri"})
    problem(person.get("/v1/me"), 401, "auth.invalid_token")
    problem(person.post("/v1/auth/token", grant), 401, "auth.credentials")

    kota.do("POST", f"/v1/members/{person.id}/reinstate")
    assert person.sign_in(username=address, password=PASSWORD).id == person.id


def test_nothing_personal_is_left_of_who_leaves(community: Community, kota: Person) -> None:
    address = community.email()
    person = community.listed(email=address, name="Budi Perginya", expectation="belajar")
    person.do("DELETE", "/v1/me")
    problem(person.get("/v1/me"), 401, "auth.invalid_token")

    kept = told(kota.get(f"/v1/members/{person.id}"), 200)
    assert kept["state"] == "left"
    assert [kept[name] for name in ("email", "phone", "expectation")] == [None, None, None]
    assert not any(consent["granted"] for consent in kept["consents"])
    assert kota.all("/v1/members", q="budi perginya") == []
    assert community.newcomer(email=address).id != person.id


def test_what_is_held_about_oneself_can_be_taken_along(community: Community) -> None:
    person = community.listed(name="Dewi Arsip")
    notices = until(lambda: person.all("/v1/notifications"))
    answer = person.get("/v1/me/export")
    held = told(answer, 200)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert held["member"] == told(person.get(f"/v1/members/{person.id}"), 200)
    assert held["directory"]["name"] == "Dewi Arsip"
    assert notices[0] in held["notifications"]


def test_an_imported_person_is_pending_once_he_used_his_first_code(
    community: Community, kota: Person
) -> None:
    address = community.email()
    cells = (address[:20], "Rini Impor", "0", "Standard", address, *[""] * 13)
    line = ",".join(f'"{cell}"' for cell in cells) + "\n"
    report = told(
        kota.client.post(
            f"/v1/members/imports?area={KOTA}",
            content=line.encode(),
            headers={"Content-Type": "text/csv"},
        ),
        200,
    )
    assert report["counts"]["created"] == 1
    rini = community.visitor()
    rini.post("/v1/auth/codes", {"username": address})
    rini.sign_in("code", username=address, code=community.code(address))
    assert told(rini.get("/v1/me"), 200)["state"] == "pending"


def test_who_was_never_approved_is_in_nobody_elses_phone(community: Community) -> None:
    pending, phone = community.newcomer(), Phone(community.member())
    community.settle(phone)
    assert ("member", pending.id) not in phone.held
