"""Coordinators act in their areas only; the rule lives in the service, not only at the edge."""

from datetime import date, timedelta

from tests.support.client import KABUPATEN, KOTA, Community, Person, problem, told

SCHOOL = {"name": "SD Uji Wilayah", "kind": "school", "level": "SD"}


def test_an_area_coordinator_registers_institutions_in_her_area_only(
    kota: Person, coordinator: Person
) -> None:
    kota.do("POST", "/v1/institutions", {**SCHOOL, "area": KOTA}, 201)
    elsewhere = {**SCHOOL, "area": KABUPATEN}
    problem(kota.command("POST", "/v1/institutions", elsewhere), 403, "members.not_yours")
    coordinator.do("POST", "/v1/institutions", elsewhere, 201)


def test_an_institution_is_changed_and_moved_by_who_coordinates_both_areas(
    community: Community, kota: Person, kabupaten: Person, coordinator: Person
) -> None:
    path = f"/v1/institutions/{community.institution(KOTA)['id']}"
    problem(kabupaten.command("PATCH", path, {"name": "Milik kami"}), 403, "members.not_yours")
    problem(kabupaten.command("PATCH", path, {"area": KABUPATEN}), 403, "members.not_yours")
    problem(kota.command("PATCH", path, {"area": KABUPATEN}), 403, "members.not_yours")
    assert coordinator.do("PATCH", path, {"area": KABUPATEN})["area"] == KABUPATEN


def test_plain_members_and_strangers_register_nothing(
    community: Community, visitor: Person
) -> None:
    body = {**SCHOOL, "area": KOTA}
    problem(visitor.command("POST", "/v1/institutions", body), 401, "auth.required")
    for person in (community.newcomer(), community.member()):
        problem(person.command("POST", "/v1/institutions", body), 403, "members.not_yours")


def test_a_member_is_approved_suspended_and_changed_in_his_own_area_only(
    community: Community, kabupaten: Person, kota: Person
) -> None:
    path = f"/v1/members/{community.newcomer(KOTA).id}"
    for action, body in (("approve", None), ("suspend", {"reason": "?"}), ("reinstate", None)):
        refused = kabupaten.command("POST", f"{path}/{action}", body)
        problem(refused, 403, "members.not_yours")
    problem(kabupaten.command("PATCH", path, {"name": "Bukan saya"}), 403, "members.not_yours")
    assert kota.do("POST", f"{path}/approve")["state"] == "active"


def test_a_coordinator_lists_the_members_of_her_area_and_no_others(
    community: Community, kota: Person, kabupaten: Person, coordinator: Person
) -> None:
    here, there = community.newcomer(KOTA), community.newcomer(KABUPATEN)
    seen = {
        who: {m["id"] for m in person.all("/v1/members")}
        for who, person in (("kota", kota), ("kabupaten", kabupaten), ("region", coordinator))
    }
    assert here.id in seen["kota"] and there.id not in seen["kota"]
    assert there.id in seen["kabupaten"] and here.id not in seen["kabupaten"]
    assert {here.id, there.id} <= seen["region"]


def test_a_member_of_another_area_is_not_there_to_be_read(
    community: Community, kota: Person, kabupaten: Person
) -> None:
    person = community.newcomer(KOTA)
    problem(kabupaten.get(f"/v1/members/{person.id}"), 404, "request.not_found")
    problem(kabupaten.get(f"/v1/members/{person.id}/competencies"), 404, "request.not_found")
    assert told(kota.get(f"/v1/members/{person.id}"), 200)["email"]


def test_the_operator_sees_no_personal_data(community: Community, operator: Person) -> None:
    person = community.listed(KOTA)
    problem(operator.get(f"/v1/members/{person.id}"), 404, "request.not_found")
    assert {one["id"] for one in operator.all("/v1/members")} <= {operator.id}


def test_the_directory_shows_who_consented_and_never_a_contact(community: Community) -> None:
    reader = community.member(KABUPATEN)
    listed, hidden = community.listed(KOTA, name="Citra Terbuka"), community.member(KOTA)
    found = reader.all("/v1/members", listed="true")
    entry = next(one for one in found if one["id"] == listed.id)
    assert hidden.id not in {one["id"] for one in found}
    assert not {"phone", "email"} & entry.keys()
    assert not {"phone", "email"} & told(reader.get(f"/v1/members/{listed.id}"), 200).keys()
    problem(reader.get(f"/v1/members/{hidden.id}"), 404, "request.not_found")


def test_areas_are_the_region_officers_to_change(
    kota: Person, coordinator: Person, visitor: Person
) -> None:
    body = {"id": "uji-wilayah", "name": "Uji", "codes": ["35.99"]}
    problem(kota.command("POST", "/v1/areas", body), 403, "members.not_yours")
    assert coordinator.do("POST", "/v1/areas", body, 201)["id"] == "uji-wilayah"
    overlapping = {"id": "uji-lain", "name": "Uji", "codes": ["35.99", "35.98"]}
    problem(coordinator.command("POST", "/v1/areas", overlapping), 409, "members.area_overlaps")
    resolved = told(visitor.get("/v1/areas/resolve", code="35.99.01"), 200)
    assert resolved["id"] == "uji-wilayah"
    coordinator.do("PATCH", "/v1/areas/uji-wilayah", {"active": False})
    school = {**SCHOOL, "area": "uji-wilayah"}
    problem(coordinator.command("POST", "/v1/institutions", school), 422, "members.area_invalid")


def test_an_area_coordinator_appoints_in_her_area_only_and_no_officers(
    community: Community, kota: Person
) -> None:
    today = date.today().isoformat()  # noqa: DTZ011  the region's day may differ; both are fine
    offer = {"member_id": community.member(KOTA).id, "starts_on": today}
    mentor = {**offer, "role": "mentor"}
    kota.do("POST", "/v1/appointments", {**mentor, "area": KOTA}, 201)
    for refused in (
        {**mentor, "area": KABUPATEN},
        {**offer, "role": "secretary"},
        {**offer, "role": "operator"},
        {**offer, "role": "area_coordinator", "area": KOTA},
    ):
        problem(kota.command("POST", "/v1/appointments", refused), 403, "members.not_yours")


def test_a_role_is_in_force_once_accepted_and_the_area_is_never_without_somebody(
    community: Community, coordinator: Person, visitor: Person
) -> None:
    area, begins = "35.72", (date.today() - timedelta(days=1)).isoformat()  # noqa: DTZ011
    first = community.officer(area)
    person = community.member(area)
    offer = {"member_id": person.id, "role": "area_coordinator", "area": area, "starts_on": begins}
    made = coordinator.do("POST", "/v1/appointments", offer, 201)
    problem(
        person.command("POST", "/v1/institutions", {**SCHOOL, "area": area}), 403
    )  # offered is not in force
    person.do("POST", f"/v1/appointments/{made['id']}/accept")
    person.do("POST", "/v1/institutions", {**SCHOOL, "area": area}, 201)

    for holder in (first, person):
        for one in holder.all("/v1/appointments", member_id=holder.id, state="accepted"):
            holder.do("POST", f"/v1/appointments/{one['id']}/end")

    vacant = told(visitor.get(f"/v1/areas/{area}"), 200)
    assert vacant["coordinators"] == []
    assert vacant["acting_coordinator"] == coordinator.id
    problem(person.command("POST", "/v1/institutions", {**SCHOOL, "area": area}), 403)


def test_levels_are_endorsed_by_others_who_may(community: Community, kota: Person) -> None:
    person, stranger = community.listed(KOTA), community.member(KABUPATEN)
    path = f"/v1/members/{person.id}/competencies"
    person.do("PUT", path, {"ratings": [{"area": "ICT", "level": 1}]})
    level = {"area": "ICT", "level": 3}
    problem(person.command("POST", f"{path}/endorsements", level), 403, "members.own_endorsement")
    problem(stranger.command("POST", f"{path}/endorsements", level), 403, "members.not_yours")
    endorsed = kota.do("POST", f"{path}/endorsements", level, 201)
    assert [one["source"] for one in endorsed["endorsements"]] == ["coordinator"]
    found = stranger.all("/v1/members", listed="true", competency="ICT", level=3)
    assert person.id in {one["id"] for one in found}
