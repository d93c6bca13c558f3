"""A command takes effect once per key, and nobody overwrites what he has not seen."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.support.client import KOTA, Body, Community, Person, problem, told

AT_ONCE = 50


@pytest.fixture
def school(community: Community) -> Body:
    """What is going to be registered; its number makes it unique."""
    number = community.npsn()
    return {"name": f"SD {number}", "kind": "school", "area": KOTA, "npsn": number}


def test_a_repeated_command_gets_the_same_answer_and_says_so(kota: Person, school: Body) -> None:
    key = uuid4().hex
    first = kota.command("POST", "/v1/institutions", school, key=key)
    again = kota.command("POST", "/v1/institutions", school, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["Location"] == again.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(kota.all("/v1/institutions", npsn=school["npsn"])) == 1


def test_the_order_of_fields_makes_no_other_command(kota: Person, school: Body) -> None:
    key = uuid4().hex
    kota.command("POST", "/v1/institutions", school, key=key)
    turned = dict(reversed(school.items()))
    assert kota.command("POST", "/v1/institutions", turned, key=key).status_code == 201


def test_a_key_with_another_body_is_refused(kota: Person, school: Body) -> None:
    key = uuid4().hex
    kota.command("POST", "/v1/institutions", school, key=key)
    other = kota.command("POST", "/v1/institutions", {**school, "name": "X"}, key=key)
    problem(other, 422, "idempotency.mismatch")


def test_a_key_for_another_resource_is_refused(community: Community, kota: Person) -> None:
    key, paths = uuid4().hex, [f"/v1/institutions/{community.institution()['id']}" for _ in "ab"]
    assert kota.command("PATCH", paths[0], {"name": "X"}, key=key).status_code == 200
    other = kota.command("PATCH", paths[1], {"name": "X"}, key=key)
    problem(other, 422, "idempotency.mismatch")
    assert told(kota.get(paths[1]), 200)["version"] == 1


def test_a_key_is_ones_own(community: Community, kota: Person, coordinator: Person) -> None:
    key, names = uuid4().hex, ("Milik kota", "Milik region")
    made = [
        told(
            person.command(
                "POST", "/v1/institutions", {"name": name, "kind": "other", "area": KOTA}, key=key
            ),
            201,
        )
        for person, name in zip((kota, coordinator), names, strict=True)
    ]
    assert [one["name"] for one in made] == list(names)


@pytest.mark.parametrize("key", ["x" * 256, "x" * 10_000, "kunci\tbuntu", "ключ"])
def test_an_unusable_key_is_refused(kota: Person, school: Body, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}
    answer = kota.client.post("/v1/institutions", json=school, headers=headers)
    assert answer.status_code in (400, 431)
    assert kota.all("/v1/institutions", npsn=school["npsn"]) == []


def test_fifty_at_once_with_one_key_have_one_effect(kota: Person, school: Body) -> None:
    key = uuid4().hex

    def send(_: int) -> Body:
        answer = kota.insist("POST", "/v1/institutions", school, key)
        return {"status": answer.status_code, "body": answer.json()}

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(send, range(AT_ONCE)))
    assert {answer["status"] for answer in answers} == {201}
    assert len({answer["body"]["id"] for answer in answers}) == 1
    assert len(kota.all("/v1/institutions", npsn=school["npsn"])) == 1


def test_fifty_at_once_without_keys_share_one_number(kota: Person, school: Body) -> None:
    def send(_: int) -> int:
        return kota.command("POST", "/v1/institutions", school).status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = sorted(threads.map(send, range(AT_ONCE)))
    assert statuses == [201] + [409] * (AT_ONCE - 1)


def test_a_refused_command_can_be_mended_under_a_new_key(kota: Person, school: Body) -> None:
    key = uuid4().hex
    wrong = {**school, "kind": "castle"}
    problem(kota.command("POST", "/v1/institutions", wrong, key=key), 422, "request.invalid")
    kota.do("POST", "/v1/institutions", school, 201)


def test_a_change_needs_to_know_what_it_changes(community: Community, kota: Person) -> None:
    path = f"/v1/institutions/{community.institution()['id']}"
    etag = kota.get(path).headers["ETag"]
    changed = kota.command("PATCH", path, {"name": "Pertama"}, **{"If-Match": etag})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    late = kota.command("PATCH", path, {"name": "Kedua"}, **{"If-Match": etag})
    problem(late, 412, "request.stale")
    assert told(kota.get(path), 200)["name"] == "Pertama"
    anyhow = kota.command("PATCH", path, {"name": "Kedua"}, **{"If-Match": "*"})
    assert (anyhow.status_code, anyhow.headers["ETag"]) == (200, '"3"')


@pytest.mark.parametrize("told_version", ["2", 'W/"2"', '"-1"', '"a"', '""', "''"])
def test_an_if_match_that_is_no_version_is_malformed(
    community: Community, kota: Person, told_version: str
) -> None:
    path = f"/v1/institutions/{community.institution()['id']}"
    answer = kota.command("PATCH", path, {"name": "X"}, **{"If-Match": told_version})
    problem(answer, 400, "request.malformed")


def test_version_zero_is_what_nobody_has_stored_yet(community: Community, kota: Person) -> None:
    path = f"/v1/institutions/{community.institution()['id']}"
    answer = kota.command("PATCH", path, {"name": "X"}, **{"If-Match": '"0"'})
    problem(answer, 412, "request.stale")


def test_of_fifty_who_saw_the_same_version_one_wins(community: Community, kota: Person) -> None:
    path = f"/v1/institutions/{community.institution()['id']}"

    def send(number: int) -> int:
        body, seen = {"name": f"Nama {number}"}, {"If-Match": '"1"'}
        while (answer := kota.command("PATCH", path, body, **seen)).status_code == 503:
            continue
        return answer.status_code

    with ThreadPoolExecutor(AT_ONCE) as threads:
        statuses = sorted(threads.map(send, range(AT_ONCE)))
    assert statuses == [200] + [412] * (AT_ONCE - 1)
    assert told(kota.get(path), 200)["version"] == 2


def test_who_knows_it_already_gets_304(community: Community, visitor: Person) -> None:
    path = f"/v1/institutions/{community.institution()['id']}"
    etag = visitor.get(path).headers["ETag"]
    for known in (etag, f"W/{etag}", f'"9", {etag}', "*"):
        answer = visitor.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["ETag"] == etag
    assert visitor.get(path, headers={"If-None-Match": '"9"'}).status_code == 200


def test_what_a_command_answered_the_next_read_shows(
    community: Community, kota: Person, visitor: Person
) -> None:
    made = community.institution()
    path = f"/v1/institutions/{made['id']}"
    for number in range(100):
        changed = kota.do("PATCH", path, {"name": f"Nama ke-{number}"})
        reader = (kota, visitor)[number % 2]
        assert told(reader.get(path), 200) == changed
        (item,) = told(reader.get("/v1/institutions", area=KOTA, q=f"nama ke-{number}"), 200)[
            "items"
        ]
        assert item == changed


def test_a_command_without_a_key_is_carried_out_each_time(kota: Person) -> None:
    body = {"name": "Tanpa kunci", "kind": "reading_garden", "area": KOTA}
    made = [told(kota.post("/v1/institutions", body), 201)["id"] for _ in range(2)]
    assert made[0] != made[1]
