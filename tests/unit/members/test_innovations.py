"""Innovations: entered by members, told beyond the cell only with everybody's consent."""

from dataclasses import replace

import pytest

from chassis.errors import Stale
from contracts.members import commands, states
from contracts.members.states import Author
from services.members.errors import (
    AreaInvalid,
    AuthorConsentNeeded,
    AuthorInvalid,
    InnovationStateForbids,
    InnovationUnknown,
    Invalid,
    NotYours,
)
from services.members.handlers.innovations import (
    change_innovation,
    register_innovation,
    withdraw_innovation,
)
from services.members.handlers.members import leave, set_consents
from tests.support.members import NOW, a_member, a_region

AYU = Author(name="Ayu", member_id="ayu")
LABELS = commands.RegisterInnovation(
    title="Plug-in label",
    summary="Mencetak label punggung buku",
    kind="plugin",
    origin="individual",
    authors=(AYU,),
)
OPEN = {"scope": "public", "status": "shared", "author_consent": True}


def network(granted=True):
    return states.Consent(purpose="network", granted=granted, text_version="1", decided_at=NOW)


def a_network(*ids):
    """The region, in which these members consent to being named elsewhere."""
    return a_region().holds(*(a_member(id, consents=(network(),)) for id in ids))


def entered(work, by="ayu", **fields):
    return register_innovation(work.by(by), replace(LABELS, **fields))


def changed(work, id, by="ayu", **fields):
    return change_innovation(work.by(by), commands.ChangeInnovation(innovation_id=id, **fields))


def answer(granted):
    given = commands.ConsentAnswer(purpose="network", granted=granted, text_version="2")
    return commands.SetConsents(consents=(given,))


# -- entering ---------------------------------------------------------------------------------


def test_what_a_member_made_is_entered_in_his_own_area_and_stays_in_the_cell():
    work = a_region().by("ayu")

    made = register_innovation(work, replace(LABELS, slims_versions=("9.6.1", "9", "9.6.1")))

    assert (made.area, made.scope, made.status, made.created_by) == (
        "35.71",
        "cell",
        "personal",
        "ayu",
    )
    assert made.slims_versions == ("9.6.1", "9")
    assert work.said() == ["InnovationRegistered"]


def test_the_names_of_authors_are_tidied():
    assert entered(a_region(), authors=(Author(name=" Bu  Ayu "),)).authors[0].name == "Bu Ayu"


def test_who_is_not_active_enters_nothing():
    work = a_region().holds(a_member("ayu", state="pending"))

    with pytest.raises(NotYours):
        entered(work)


def test_somebody_without_an_area_names_one():
    with pytest.raises(AreaInvalid):
        entered(a_region(), by="kartini")
    assert entered(a_region(), by="kartini", area="35.06").area == "35.06"


def test_another_area_is_for_its_coordinators():
    with pytest.raises(NotYours):
        entered(a_region(), area="35.06")
    assert entered(a_region(), by="dewi", area="35.06").area == "35.06"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"authors": ()}, "/authors"),
        ({"authors": (AYU, Author(name="Rudi"))}, "/authors"),
        ({"authors": (AYU, AYU), "origin": "group"}, "/authors"),
        ({**OPEN, "status": "personal"}, "/status"),
    ],
)
def test_its_parts_must_fit(fields, pointer):
    with pytest.raises(Invalid) as told:
        entered(a_network("ayu"), **fields)
    assert told.value.pointer == pointer


@pytest.mark.parametrize("member_id", ["nobody", "gone"])
def test_an_author_named_by_his_id_is_a_member(member_id):
    work = a_region().holds(a_member("gone", state="left"))

    with pytest.raises(AuthorInvalid) as told:
        entered(work, authors=(Author(name="X", member_id=member_id),))
    assert told.value.pointer == "/authors/0/member_id"


# -- consent ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", ["partners", "network", "public"])
def test_nothing_is_told_beyond_the_cell_unless_all_authors_agreed(scope):
    with pytest.raises(AuthorConsentNeeded) as told:
        entered(a_network("ayu"), **{**OPEN, "scope": scope, "author_consent": False})
    assert told.value.pointer == "/author_consent"
    assert entered(a_network("ayu"), **{**OPEN, "scope": scope}).scope == scope


def test_a_member_agrees_in_the_ledger_whatever_others_say_for_him():
    both = {"origin": "group", "authors": (AYU, Author(name="Rudi", member_id="rudi"))}

    with pytest.raises(AuthorConsentNeeded) as told:
        entered(a_network("ayu"), **OPEN, **both)
    assert told.value.pointer == "/authors/1"
    assert entered(a_network("ayu", "rudi"), **OPEN, **both).scope == "public"


def test_an_author_who_is_no_member_agrees_by_word():
    outside = {"authors": (Author(name="Pak Heru"),)}

    assert entered(a_region(), **OPEN, **outside).author_consent is True


def test_who_is_added_later_must_agree_too():
    work = a_network("ayu")
    made = entered(work, **OPEN, origin="group")

    with pytest.raises(AuthorConsentNeeded):
        changed(work, made.id, authors=(AYU, Author(name="Rudi", member_id="rudi")))


def test_who_takes_his_consent_back_is_named_at_home_only():
    work = a_network("ayu", "rudi")
    his = entered(work, **OPEN)
    other = entered(work, by="rudi", **OPEN, authors=(Author(name="R", member_id="rudi"),))

    again = work.by("ayu", session="s1")
    set_consents(again, answer(granted=False))

    assert again.said() == ["MemberConsentsChanged", "InnovationChanged"]
    after = work.innovations.get(his.id)
    assert (after.scope, after.author_consent, after.version) == ("cell", False, 2)
    assert work.innovations.get(other.id).scope == "public"


def test_other_answers_change_nothing_about_it():
    work = a_network("ayu")
    made = entered(work, **OPEN)

    set_consents(work.by("ayu", session="s1"), answer(granted=True))

    assert work.innovations.get(made.id).version == 1


def test_what_was_never_told_elsewhere_stays_as_it_is_without_consent():
    work = a_network("ayu")
    made = entered(work)

    set_consents(work.by("ayu", session="s1"), answer(granted=False))

    assert work.innovations.get(made.id).version == 1


def test_the_name_of_who_leaves_is_gone_and_nothing_points_to_him():
    work = a_network("ayu", "rudi")
    made = entered(work, **OPEN, origin="group", authors=(AYU, Author(name="Heru")))
    entered(work, by="rudi", authors=(Author(name="R", member_id="rudi"),))
    withdraw_innovation(work.by("ayu"), commands.WithdrawInnovation(innovation_id=made.id))

    asked = work.by("ayu", session="s1")
    leave(asked, commands.Leave())

    after = work.innovations.get(made.id)
    assert after.authors == (Author(name="—"), Author(name="Heru"))
    assert (after.created_by, after.version) == (None, 3)
    assert asked.said().count("InnovationChanged") == 1


def test_what_somebody_entered_for_others_stays_theirs_when_he_leaves():
    work = a_region()
    made = entered(work, authors=(Author(name="Heru"),))

    leave(work.by("ayu", session="s1"), commands.Leave())

    after = work.innovations.get(made.id)
    assert (after.authors, after.created_by) == ((Author(name="Heru"),), None)


def test_what_others_entered_and_made_is_not_touched_by_who_leaves():
    work = a_region()
    made = entered(work, authors=(AYU,), by="rudi")
    other = entered(work, authors=(Author(name="Heru"),), by="rudi")

    leave(work.by("ayu", session="s1"), commands.Leave())

    assert work.innovations.get(made.id).authors == (Author(name="—"),)
    assert work.innovations.get(other.id).version == 1


# -- changing and withdrawing -----------------------------------------------------------------


def test_who_entered_it_his_coordinator_and_officers_keep_it():
    work = a_region()
    made = entered(work)

    for number, by in enumerate(("ayu", "rudi", "sari"), 2):
        assert changed(work, made.id, by=by, title=f"Judul {number}").version == number
    with pytest.raises(NotYours):
        changed(work, made.id, by="dewi", title="Bukan saya")


def test_the_same_again_says_nothing():
    work = a_region()
    made = entered(work)

    assert changed(work, made.id, title=made.title).version == 1


def test_a_change_of_what_one_has_not_seen_is_stale():
    work = a_region()
    made = entered(work)

    with pytest.raises(Stale):
        change_innovation(
            work.by("ayu", if_match=7),
            commands.ChangeInnovation(innovation_id=made.id, title="Lain"),
        )


def test_it_moves_where_its_keeper_may_enter_things():
    work = a_region()
    made = entered(work)

    with pytest.raises(NotYours):
        changed(work, made.id, area="35.06")
    with pytest.raises(AreaInvalid):
        changed(work, made.id, by="sari", area="99.99")
    assert changed(work, made.id, by="sari", area="35.06").area == "35.06"


def test_what_was_withdrawn_is_not_changed_any_more():
    work = a_region()
    made = entered(work)
    withdraw = commands.WithdrawInnovation(innovation_id=made.id)

    assert withdraw_innovation(work.by("rudi"), withdraw).withdrawn is True
    with pytest.raises(InnovationStateForbids):
        withdraw_innovation(work.by("ayu"), withdraw)
    with pytest.raises(InnovationStateForbids):
        changed(work, made.id, title="Lagi")


def test_what_was_never_entered_is_not_found():
    with pytest.raises(InnovationUnknown):
        changed(a_region(), "x", title="?")
