"""What an office does is told beside the facts: who, in which roles, and what became of what."""

from dataclasses import replace

import orjson
import pytest

from chassis import acts
from chassis.acts import Acts
from chassis.call import Actor, Call
from contracts.codec import encode
from contracts.members import facts
from contracts.members.commands import ApproveMember
from tests.support.stated import a_member, an_appointment, an_institution

NOW = "2026-11-21T02:00:00.000Z"


class Collection:
    """Documents as they were, and how often somebody looked."""

    def __init__(self, *states):
        self.documents = {one.id: {"_id": one.id, **encode(one)} for one in states}
        self.reads = 0

    def find(self, filter):
        self.reads += 1
        return iter([self.documents[id] for id in filter["_id"]["$in"]])


def acts_of(actor="koko", roles=("area_coordinator",)):
    call = Call(
        command=ApproveMember(member_id="ayu"),
        actor=Actor(member_id=actor),
        deadline=0,
        request_id="r1",
    )
    made = Acts(call)
    made.roles = roles
    return made


def deeds(made):
    return [deed for fact in made.told(NOW, "kediri-raya") for deed in fact.act.deeds]


def approved(before):
    return facts.MemberApproved(member=replace(before, state="active", version=before.version + 1))


def test_an_act_says_who_did_what_in_which_roles_and_what_became_of_which_field():
    before, made = a_member(state="pending"), acts_of()

    made.note_all("member", Collection(before), [approved(before)])
    (told,) = made.told(NOW, "kediri-raya")

    assert (told.act.actor, told.act.roles) == ("koko", ("area_coordinator",))
    assert (told.act.verb, told.act.request_id) == ("members.approve_member", "r1")
    (deed,) = told.act.deeds
    assert (deed.fact, deed.subject, deed.sequence) == (
        "members.member_approved.v1",
        "member/ayu",
        2,
    )
    assert (deed.fields, deed.before, deed.after) == (
        ("state",),
        {"state": "pending"},
        {"state": "active"},
    )


def test_what_is_new_was_nothing_before():
    made, collection = acts_of(), Collection()

    made.note_all("member", collection, [facts.InstitutionRegistered(institution=an_institution())])

    (deed,) = deeds(made)
    assert deed.before == {}
    assert deed.after["name"] == "SMAN 1 Kediri"
    assert not {"id", "version", "region", "created_at", "updated_at"} & set(deed.fields)
    assert collection.reads == 0


@pytest.mark.parametrize(
    ("actor", "roles"), [("koko", ()), (None, ("operator",)), ("ayu", ("area_coordinator",))]
)
def test_who_holds_no_office_or_acts_for_himself_leaves_no_trace(actor, roles):
    before, made = a_member(state="pending"), acts_of(actor, roles)

    made.note_all("member", Collection(before), [approved(before)])

    assert list(made.told(NOW, "kediri-raya")) == []


def test_an_own_thing_is_known_by_whose_it_is():
    before = an_appointment("koko", "mentor", version=1)
    made = acts_of()

    made.note_all(
        "member",
        Collection(before),
        [facts.AppointmentEnded(appointment=replace(before, version=2))],
    )

    assert deeds(made) == []


def test_many_changes_cost_one_read_and_are_packed_into_messages_of_bearable_size(monkeypatch):
    monkeypatch.setattr(acts, "LARGEST_ACT_BYTES", 2000)
    before = [a_member(f"m{n}", state="pending") for n in range(40)]
    made, collection = acts_of(), Collection(*before)

    made.note_all("member", collection, [approved(one) for one in before])
    told = list(made.told(NOW, "kediri-raya"))

    assert collection.reads == 1
    assert len(told) > 1
    assert max(len(orjson.dumps(encode(fact))) for fact in told) < 3000
    assert [d.subject for fact in told for d in fact.act.deeds] == [
        f"member/{m.id}" for m in before
    ]


def test_values_that_are_too_long_are_left_out_and_the_field_is_named():
    before = an_institution(address="x" * acts.LARGEST_DEED_BYTES)
    after = replace(before, address="y", version=2)
    made = acts_of()

    made.note_all("member", Collection(before), [facts.InstitutionChanged(institution=after)])

    (deed,) = deeds(made)
    assert (deed.fields, deed.before, deed.after) == (("address",), {}, {})


def test_what_the_handler_read_is_not_read_again():
    before, collection = a_member(state="pending"), Collection()
    made = acts_of()

    assert made.seen("member", {"_id": "ayu", **encode(before)})["name"] == "Ayu"
    assert made.seen("member", None) is None
    made.note_all("member", collection, [approved(before)])

    assert deeds(made)[0].before == {"state": "pending"}
    assert collection.reads == 0


def test_two_changes_in_one_act_follow_one_another():
    first = a_member(state="pending")
    second = approved(first)
    third = facts.MemberChanged(member=replace(second.member, name="Ayu Lestari", version=3))
    made = acts_of()

    made.note_all("member", Collection(first), [second, third])

    assert [(deed.before, deed.after) for deed in deeds(made)] == [
        ({"state": "pending"}, {"state": "active"}),
        ({"name": "Ayu"}, {"name": "Ayu Lestari"}),
    ]
