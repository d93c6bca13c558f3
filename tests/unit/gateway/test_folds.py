"""Folding: what facts make of views; late and repeated facts change nothing."""

import itertools

from contracts.members import states
from gateway.views import REBUILT, VIEWS, fold, fold_state, kind_of
from gateway.views.change import Change, plain, tokens, words
from gateway.views.institutions import found_by
from tests.support.memory import MemoryStore
from tests.support.stated import (
    BASE,
    a_member,
    an_area,
    an_institution,
    competencies_of,
    consenting,
    fact_of,
    later,
)


def folded(*those):
    store = MemoryStore()
    for state in those:
        for change in fold(fact_of(state)):
            document = store.views[change.view].setdefault(change.id, {"_id": change.id, "seq": {}})
            if document["seq"].get(change.part, 0) < change.sequence:
                document.update(change.fields)
                document["seq"][change.part] = change.sequence
    return store.views


def test_any_order_and_any_repetition_of_facts_gives_the_same_views():
    first = consenting("ayu")
    second = later(first, consents=(), name="Ayu Lestari")
    rated = competencies_of("ayu", 3)
    expected = folded(first, second, rated)

    for order in itertools.permutations((first, second, rated, second)):
        assert folded(*order) == expected


def test_restating_only_the_newest_gives_what_the_living_view_holds():
    first = an_institution()
    newest = later(first, name="SMA Negeri 2 Kediri")

    assert folded(first, newest) == folded(newest)


def test_the_directory_holds_who_consented_and_nothing_to_reach_him_by():
    entry = folded(consenting("ayu", phone="+62812", motives=("network",)))["directory"]["ayu"]

    assert entry["listed"] is True
    assert entry["entry"]["name"] == "Ayu"
    assert "+62812" not in repr(entry)
    assert "@" not in repr(entry)


def test_withdrawn_consent_empties_the_directory_entry():
    given = consenting("ayu")
    entry = folded(given, later(given, consents=()))["directory"]["ayu"]

    assert entry["listed"] is False
    assert entry["entry"] is None
    assert entry["words"] == []
    assert "Ayu" not in repr(entry)


def test_a_consenting_but_suspended_member_is_not_listed():
    assert folded(consenting("ayu", state="suspended"))["directory"]["ayu"]["listed"] is False


def test_levels_are_the_highest_rated_or_endorsed_and_found_by_at_least():
    endorsed = states.Endorsement(
        id="e", area="ICT", level=2, source="mentor", given_on="2026-01-01", given_by="koko"
    )
    view = folded(competencies_of("ayu", 1, endorsements=(endorsed,)))["members"]["ayu"]

    assert view["levels"] == {"ICT": 2}
    assert view["skills"] == ["ICT0", "ICT1", "ICT2"]


def test_a_school_is_found_by_short_and_long_form():
    assert {"sma", "negeri", "sman", "1"} <= set(found_by(an_institution(name="SMAN 1 Kediri")))
    assert "sman" in found_by(an_institution(name="SMA Negeri 1 Kediri"))
    assert "man" in found_by(an_institution(name="MA Negeri 2"))
    assert "20541908" in found_by(an_institution(npsn="20541908"))


def test_words_are_plain_and_digits_stand_alone():
    assert plain("  Pondok  Pesantrén ") == "pondok pesantren"
    assert tokens("SMPN1 Kediri") == ["smpn", "1", "kediri"]
    assert words(("B a", None)) == ["a", "b"]


def test_a_change_is_one_guarded_upsert_by_id_alone():
    change = Change(view="areas", id="35.71", part="area", sequence=3, fields={"name": "$x"})
    update = change.as_update()

    assert update._filter == {"_id": {"$eq": "35.71"}}
    assert update._upsert is True
    (newer, after, same) = update._doc[0]["$replaceWith"]["$cond"]
    assert newer == {"$lt": [{"$ifNull": ["$seq.area", 0]}, 3]}
    assert after["$mergeObjects"][1] == {"$literal": {"name": "$x"}}
    assert same == "$$ROOT"


def test_every_view_says_which_kinds_it_folds_and_sessions_are_not_rebuilt():
    assert "sessions" in VIEWS
    assert "sessions" not in REBUILT
    assert kind_of("members") == "member"
    assert [c.view for c in fold_state("area", an_area())] == ["areas"]


def test_frameworks_keys_and_sessions_fold():
    framework = states.Framework(**BASE, id="1", title_id="a", title_en="b", source="s", areas=())
    session = states.Session(**BASE, id="s1", member_id="ayu", ended=True, reason="left")
    views = folded(framework, session, a_member())

    assert views["frameworks"]["1"]["version"] == 1
    assert views["sessions"]["s1"]["expires_at"].isoformat() == "2026-11-21T04:00:00+00:00"
