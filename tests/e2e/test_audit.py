"""Who did what by virtue of an office, as officers and the operator find it, over HTTP."""

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from tests.support.client import KOTA, problem, told
from tests.support.infrastructure import until

AUDIT = "/v1/operations/audit"


def acts_about(person, subject, least=1):
    """What the log holds about a subject, oldest first, once it holds enough."""

    def found():
        items = told(person.get(AUDIT, subject=subject, sort="at"), 200)["items"]
        return items if len(items) >= least else None

    return until(found)


def test_an_approval_is_in_the_log_with_what_it_changed(community, coordinator, kota):
    siti = community.member(KOTA, name="Siti Jejak")

    (act,) = acts_about(coordinator, f"member/{siti.id}")

    assert (act["actor"], act["roles"]) == (kota.id, ["area_coordinator"])
    assert act["act"] == "members.approve_member"
    assert (act["before"]["state"], act["after"]["state"]) == ("pending", "active")
    assert act["fact"] == "members.member_approved.v1"


def test_the_operator_sees_no_personal_data_and_members_see_nothing(community, operator):
    siti = community.member(KOTA, name="Siti Rahasia")
    (act,) = acts_about(operator, f"member/{siti.id}")

    assert (act["before"], act["after"]) == (None, None)
    assert "Siti" not in operator.get(AUDIT, subject=f"member/{siti.id}").text
    problem(siti.get(AUDIT), 403)
    problem(community.visitor().get(AUDIT), 401)


def test_what_members_do_for_themselves_is_nobodys_act(community, coordinator):
    siti = community.member(KOTA)
    siti.do("PATCH", "/v1/me", {"job_area": "circulation"})
    told(community.officer(KOTA).get("/v1/members"), 200)

    acts = acts_about(coordinator, f"member/{siti.id}")

    assert [one["act"] for one in acts] == ["members.approve_member"]


def test_who_is_erased_is_blank_and_that_it_happened_stays(community, coordinator):
    siti = community.member(KOTA, name="Siti Pergi")
    subject = f"member/{siti.id}"
    assert acts_about(coordinator, subject)[0]["before"]

    siti.do("DELETE", "/v1/me")

    def blank():
        (act,) = acts_about(coordinator, subject)
        return act if act["before"] is None else None

    act = until(blank)
    assert (act["act"], act["fields"]) == ("members.approve_member", ["state"])
    assert "Siti Pergi" not in coordinator.get(AUDIT, subject=subject).text


def test_files_that_were_taken_out_and_orders_of_the_operator_are_noted(coordinator, operator):
    told(coordinator.get("/v1/me/export"), 200)
    answer = operator.client.post("/v1/operations/views/templates/rebuild", timeout=90)
    told(answer, 202)

    newest = told(coordinator.get(AUDIT, actor=coordinator.id), 200)["items"][0]
    assert (newest["act"], newest["subject"]) == ("gateway.take_out", "/v1/me/export")
    ordered = told(coordinator.get(AUDIT, actor=operator.id), 200)["items"][0]
    assert (ordered["act"], ordered["subject"]) == ("projector.rebuild_view", "view/templates")


@pytest.mark.parametrize("user", ["gateway", "services"])
def test_not_even_a_process_of_the_cell_can_change_or_remove_an_act(community, cell, user):
    community.member(KOTA)
    with MongoClient(cell.plan.database.uri(user)) as client:
        acts = client["jejaring_audit"]["acts"]
        row = until(acts.find_one)
        for attempt in (
            lambda: acts.update_one({"_id": row["_id"]}, {"$set": {"actor": "somebody"}}),
            lambda: acts.delete_one({"_id": row["_id"]}),
            lambda: acts.drop(),
            lambda: acts.rename("elsewhere"),
        ):
            with pytest.raises(OperationFailure, match="not authorized"):
                attempt()
        assert acts.find_one({"_id": row["_id"]}) == row
