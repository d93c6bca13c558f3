"""What crosses: only what is shared goes out, and only what is believed comes in."""

import json
from dataclasses import replace

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from chassis.crossing import TYPE
from chassis.errors import NotToBeHeard
from chassis.heard import Crossing
from chassis.signing import ALGORITHM, new_secret
from contracts.catalogue import FACTS
from contracts.codec import decode, encode
from contracts.envelope import Envelope, open_fact
from contracts.events import facts as events
from contracts.events import states
from contracts.federation import commands, facts
from contracts.federation.crossing import CROSSING
from contracts.federation.states import Erasure
from contracts.members import states as members
from contracts.members.facts import InnovationChanged
from contracts.publish.released import sample
from services.federation.errors import ItemUnknown
from services.federation.handlers import hiding, incoming, outgoing, rounds
from services.federation.model import sharing
from tests.support.federation import (
    NOW,
    an_event,
    changed,
    crossing,
    some_seats,
    told,
    two_regions,
)

PEER = "kediri-raya"


@pytest.fixture
def regions():
    return two_regions()


def said(work, *those):
    """What the peer is told: the facts as it reads them."""
    out = outgoing.note(work, list(those))
    return [open_fact(one, CROSSING) for one in out.bodies.get(PEER, [])]


def seats(event, version=1, **counts):
    return told(events.SeatsChanged(seats=some_seats(event, version, **counts)), event.region)


def sent(kediri, semarang, *those):
    """All that Semarang says arrives in Kediri."""
    out = outgoing.note(semarang, list(those))
    crossings = [crossing(one, semarang, PEER) for one in out.bodies.get(PEER, [])]
    return incoming.note(kediri, crossings)


# -- out --------------------------------------------------------------------------------------


def test_an_event_crosses_as_it_stands_and_without_anybody(regions):
    _, semarang = regions
    speaker = states.Speaker(
        id="s1",
        name="Siti",
        kind="practitioner",
        subject="Barcode",
        state="confirmed",
        answer_by="2026-12-01",
        member_id="siti",
        reminded=(7,),
    )
    invited = replace(speaker, id="s2", state="invited")
    event = an_event(
        venue=states.Place(name="Aula", institution_id="sman4", venue_id="v1", latitude=-7.0),
        speakers=(speaker, invited),
        host=states.Host(institution_id="sman4", state="confirmed", decided_by="kepala"),
        minutes="rahasia",
        materials=(
            states.Material(id="m", title="t", link="https://x", licence="CC0-1.0", added_by="u"),
        ),
    )

    (fact,) = said(semarang, changed(event))

    told_of = fact.event
    assert isinstance(fact, events.EventRestated)
    assert (told_of.home, told_of.title, told_of.version) == ("Semarang", event.title, 2)
    assert told_of.venue == states.Place(name="Aula", latitude=-7.0)
    assert told_of.speakers == (replace(speaker, member_id=None, reminded=()),)
    assert (told_of.created_by, told_of.host, told_of.minutes) == (None, None, None)
    assert told_of.materials == ()


@pytest.mark.parametrize(
    "more",
    [{"scope": "cell"}, {"published_at": None, "state": "draft"}, {"audience": "officers"}],
)
def test_what_is_not_shared_never_crosses(regions, more):
    _, semarang = regions
    event = an_event(**more)

    assert said(semarang, changed(event), seats(event)) == []
    assert said(semarang, changed(replace(event, version=3)), seats(event, 2)) == []


def test_seats_follow_their_event_whichever_is_heard_first(regions):
    _, semarang = regions
    event = an_event(scope="cell")
    assert said(semarang, seats(event), changed(event)) == []

    shared = replace(event, version=3, scope="public")

    assert [fact.name for fact in said(semarang, changed(shared))] == [
        "events.event_restated.v1",
        "events.seats_restated.v1",
    ]
    assert [fact.seats.confirmed for fact in said(semarang, seats(event, 2, confirmed=4))] == [4]


def test_what_was_shared_and_is_no_more_crosses_as_withdrawn(regions):
    _, semarang = regions
    event = an_event()
    said(semarang, changed(event))

    (gone,) = said(semarang, changed(replace(event, version=3, scope="cell")))

    assert isinstance(gone, facts.EventWithdrawn)
    assert (gone.withdrawal.id, gone.withdrawal.version) == ("e1", 3)
    (back,) = said(semarang, changed(replace(event, version=4)))
    assert back.event.version == 4


def test_seats_of_an_event_that_is_shared_no_more_are_told_to_nobody(regions):
    _, semarang = regions
    event = an_event()
    said(semarang, changed(event), seats(event))

    said(semarang, changed(replace(event, version=3, scope="cell")))

    out, _ = rounds.part(semarang, PEER, "")
    assert [one.name for one in out.bodies[PEER]] == ["federation.event_withdrawn.v1"]


def test_late_ones_are_not_said_and_repetitions_are_the_same_bytes(regions):
    _, semarang = regions
    newer, older = changed(an_event(version=3)), changed(an_event(version=2))
    first = outgoing.note(semarang, [older, newer])
    again = outgoing.note(semarang, [newer])

    assert outgoing.note(semarang, [older]).bodies == {}
    (one,), (other,) = first.bodies[PEER], again.bodies[PEER]
    assert crossing(one, semarang, PEER) == crossing(other, semarang, PEER)


def test_nothing_is_said_to_who_is_not_active(regions):
    _, semarang = regions
    semarang.peers.add(replace(semarang.peers.get(PEER), state="blocked"))

    assert said(semarang, changed(an_event())) == []

    semarang.peers.add(replace(semarang.peers.get(PEER), state="active"))
    out, after = rounds.part(semarang, PEER, "")
    assert [one.name for one in out.bodies[PEER]] == ["events.event_restated.v1"]
    assert after is None


def test_everything_is_said_again_in_parts(regions, monkeypatch):
    monkeypatch.setattr(rounds, "BATCH", 2)
    _, semarang = regions
    said(semarang, *(changed(an_event(f"e{n}")) for n in range(3)))

    _, after = rounds.part(semarang, PEER, "")
    out, end = rounds.part(semarang, PEER, after)

    assert (after, end) == ("event/e1", None)
    assert [one.subject for one in out.bodies[PEER]] == ["event/e2"]


def a_wish(**more):
    """A wish of a member of Kediri for an event in Semarang."""
    fact = decode(events.AwayRegistrationAsked, sample("events.away_registration_asked.v1")["data"])
    return events.AwayRegistrationAsked(away_registration=replace(fact.away_registration, **more))


def test_a_wish_goes_to_the_events_region_alone_and_says_not_who_he_is_here(regions):
    kediri, semarang = regions
    kediri.peers.add(replace(kediri.peers.get("semarang"), id="surabaya"))

    out = outgoing.note(kediri, [told(a_wish(), PEER)])

    assert list(out.bodies) == ["semarang"]
    (envelope,) = out.bodies["semarang"]
    away = open_fact(envelope, CROSSING).away_registration
    assert (away.name, away.member_id, away.ticket) == ("Siti Aminah", None, None)
    arrived = incoming.note(semarang, [crossing(envelope, kediri, "semarang")])
    assert [(scope, one.name) for scope, one in arrived.let_in] == [
        ("network", "events.away_registration_asked.v1")
    ]


def test_an_erasure_is_asked_once_and_confirmed_by_the_receipt(regions):
    kediri, semarang = regions
    raw = sample("events.away_registration_erased.v1")["data"]
    erased = told(decode(events.AwayRegistrationErased, raw), PEER)
    outgoing.note(kediri, [erased])
    outgoing.note(kediri, [erased])
    assert kediri.names() == ["ErasureAsked"]
    away = erased[1].away_registration
    receipt = states.VisitorRegistration(
        **{name: getattr(away, name) for name in ("id", "created_at", "updated_at", "event_id")},
        version=3,
        region="semarang",
        home_region=PEER,
        away_version=away.version,
        state="cancelled",
        erased=True,
    )
    fact = events.VisitorRegistrationErased(visitor_registration=receipt)
    for _ in range(2):
        sent(kediri, semarang, told(fact, "semarang"))

    assert kediri.names() == ["ErasureAsked", "ErasureConfirmed"]
    state = kediri.erasures.get(away.id)
    assert (state.state, state.peer, state.receipt) == ("confirmed", "semarang", 3)


def test_a_receipt_for_what_nobody_asked_changes_nothing(regions):
    kediri, semarang = regions
    raw = sample("events.visitor_registration_erased.v1")["data"]
    fact = decode(events.VisitorRegistrationErased, raw)
    state = replace(fact.visitor_registration, region="semarang", home_region=PEER)

    sent(kediri, semarang, told(replace(fact, visitor_registration=state), "semarang"))

    assert kediri.names() == []


# -- in ---------------------------------------------------------------------------------------


def test_what_is_believed_is_kept_and_said_here(regions):
    kediri, semarang = regions
    event = an_event(scope="public")

    arrived = sent(kediri, semarang, changed(event), seats(event))

    assert [(scope, one.name, one.region) for scope, one in arrived.let_in] == [
        ("public", "events.event_restated.v1", "semarang"),
        ("network", "events.seats_restated.v1", "semarang"),
    ]
    row = kediri.abroad.get("event/e1")
    assert (row.peer, row.title, row.sequence, row.hidden) == ("semarang", event.title, 2, False)
    assert kediri.reaches.get("semarang").heard_at == NOW


def test_what_comes_late_is_dropped_and_what_comes_twice_is_said_twice(regions):
    kediri, semarang = regions
    newer, older = (changed(an_event(version=version)) for version in (3, 2))
    old = outgoing.note(semarang, [older]).bodies[PEER]
    new = outgoing.note(semarang, [newer]).bodies[PEER]
    for envelopes, count in ((new, 1), (old, 0), (new, 1)):
        crossings = [crossing(one, semarang, PEER) for one in envelopes]
        assert len(incoming.note(kediri, crossings).let_in) == count


def as_said(semarang, event=None):
    """The envelope of a shared event."""
    (envelope,) = outgoing.note(semarang, [changed(event or an_event())]).bodies[PEER]
    return envelope


def refused(kediri, *crossings):
    with pytest.raises(NotToBeHeard) as found:
        incoming.note(kediri, crossings)
    return str(found.value)


def test_who_is_no_open_peer_is_not_heard(regions):
    kediri, semarang = regions
    good = crossing(as_said(semarang), semarang, PEER)

    assert refused(kediri, replace(good, peer="surabaya")) == "surabaya is no peer"
    for state in ("blocked", "proposed"):
        kediri.peers.add(replace(kediri.peers.get("semarang"), state=state))
        assert refused(kediri, good) == f"semarang is {state}"
    kediri.peers.add(replace(kediri.peers.get("semarang"), state="approved"))
    assert refused(kediri, good) == "semarang has not greeted yet"


def test_forged_changed_and_unreadable_facts_are_not_heard(regions):
    kediri, semarang = regions
    envelope = as_said(semarang)
    stranger = new_secret(semarang.key().id, NOW, NOW)

    for body in (b"halo", "séh".encode(), b"{}", b"a.b.c"):
        assert refused(kediri, Crossing(peer="semarang", body=body)).startswith("from semarang: ")
    assert "from semarang" in refused(kediri, crossing(envelope, semarang, PEER, key=stranger))
    assert "another region" in refused(kediri, crossing(envelope, semarang, "surabaya"))
    future = replace(envelope, type="jejaring.events.event_painted.v1")
    assert "nobody here knows" in refused(kediri, crossing(future, semarang, PEER))


def test_a_peer_that_signs_half_a_character_is_not_heard(regions):
    kediri, semarang = regions
    key = semarang.key()
    envelope = replace(as_said(semarang), type="jejaring.\ud800")
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.id}
    private = OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": key.public, "d": key.private})
    said = json.dumps({**encode(envelope), "aud": PEER})
    body = jws.serialize_compact(header, said, private, [ALGORITHM]).encode()

    reason = refused(kediri, Crossing(peer="semarang", body=body))

    assert reason.startswith("from semarang: invalid_payload")


def test_a_peer_speaks_for_itself_only(regions):
    kediri, semarang = regions
    envelope = as_said(semarang)
    elsewhere = replace(envelope, source="/regions/surabaya/events")
    assert "speaks for surabaya" in refused(kediri, crossing(elsewhere, semarang, PEER))
    data = {"event": {**envelope.data["event"], "region": "surabaya"}}
    inside = replace(envelope, data=data)
    assert "speaks for" in refused(kediri, crossing(inside, semarang, PEER))


@pytest.mark.parametrize("more", [{"created_by": "rudi"}, {"scope": "cell"}, {"home": None}])
def test_what_must_stay_there_is_not_heard(regions, more):
    kediri, semarang = regions
    envelope = as_said(semarang)
    event = {**envelope.data["event"], **more}
    event = {name: value for name, value in event.items() if (name, value) != ("home", None)}
    more_than_public = replace(envelope, data={"event": event})

    assert "must stay there" in refused(kediri, crossing(more_than_public, semarang, PEER))


def test_what_is_for_another_region_is_not_heard(regions):
    kediri, semarang = regions
    wish = a_wish(event_region="surabaya", member_id=None, region="semarang")

    (envelope, _) = told(wish, "semarang")

    assert "for another region" in refused(kediri, crossing(envelope, semarang, PEER))


def test_nobody_speaks_of_what_belongs_to_another_region(regions):
    kediri, semarang = regions
    outgoing.note(kediri, [changed(an_event("ours", region=PEER, scope="cell"))])
    claimed = as_said(semarang, an_event("ours", version=9))
    assert "belongs to another" in refused(kediri, crossing(claimed, semarang, PEER))

    sent(kediri, semarang, changed(an_event("theirs")))
    row = kediri.abroad.get("event/theirs")
    kediri.abroad.add(replace(row, peer="surabaya"))
    theirs = as_said(semarang, an_event("theirs", version=9))
    assert "belongs to another" in refused(kediri, crossing(theirs, semarang, PEER))


def an_innovation(id="e1"):
    given = {"id": id, "version": 1, "region": "semarang", "created_at": NOW, "updated_at": NOW}
    told_of = {"title": "Label", "summary": "Cetak", "kind": "plugin", "origin": "individual"}
    state = members.Innovation(
        **given, **told_of, area="33.74", status="shared", scope="network", author_consent=True
    )
    return told(InnovationChanged(innovation=state), "semarang")


def test_nothing_is_an_event_and_an_innovation(regions):
    kediri, semarang = regions
    sent(kediri, semarang, changed(an_event()))
    (twin,) = outgoing.note(semarang, [an_innovation()]).bodies[PEER]
    assert "is event/e1" in refused(kediri, crossing(twin, semarang, PEER))

    sent(kediri, semarang, an_innovation("i1"))
    claimed = as_said(semarang, an_event("i1"))
    assert "is innovation/i1" in refused(kediri, crossing(claimed, semarang, PEER))


def test_seats_of_another_regions_event_are_not_heard(regions):
    kediri, semarang = regions
    sent(kediri, semarang, changed(an_event()))
    kediri.abroad.add(replace(kediri.abroad.get("event/e1"), peer="surabaya"))

    out = outgoing.note(semarang, [seats(an_event())])

    assert "belongs to another" in refused(kediri, crossing(out.bodies[PEER][0], semarang, PEER))


def test_a_receipt_says_that_it_is_erased(regions):
    kediri, semarang = regions
    gone = decode(
        events.VisitorRegistrationErased, sample("events.visitor_registration_erased.v1")["data"]
    ).visitor_registration
    base = {"id": gone.id, "version": 1, "region": PEER, "created_at": NOW, "updated_at": NOW}
    kediri.erasures.add(
        Erasure(**base, peer="semarang", event_id=gone.event_id, state="asked", asked_at=NOW)
    )

    def receipt(version, erased):
        more = {"region": "semarang", "home_region": PEER, "version": version, "erased": erased}
        fact = events.VisitorRegistrationErased(visitor_registration=replace(gone, **more))
        incoming.note(kediri, [crossing(told(fact, "semarang")[0], semarang, PEER)])
        return kediri.erasures.get(gone.id).state

    assert (receipt(1, False), receipt(2, True)) == ("asked", "confirmed")


def test_of_people_mentoring_and_notices_nothing_is_on_the_list():
    private = ("members.", "mentoring.", "notifications.")
    crossing_ones = {name for name in CROSSING if name.startswith(private)}

    assert crossing_ones <= {"members.innovation_restated.v1"}
    assert set(CROSSING) <= set(FACTS)


def test_a_fact_that_is_neither_shared_nor_addressed_is_for_all():
    greeting = decode(facts.PeerGreeted, sample("federation.peer_greeted.v1")["data"])

    assert sharing.addressee(greeting) is None
    assert sharing.is_public(greeting)


# -- hiding -----------------------------------------------------------------------------------


def test_an_officer_hides_one_event_and_shows_it_again(regions):
    kediri, semarang = regions
    sent(kediri, semarang, changed(an_event()))
    hide = commands.HideItem(item_id="e1", reason="Tidak pantas")

    hidden = hiding.hide_item(kediri.by("kartini"), hide)
    again = hiding.hide_item(kediri.by("sari"), hide)
    assert (hidden.hidden, hidden.hidden_by, hidden.peer) == (True, "kartini", "semarang")
    assert again == hidden
    sent(kediri, semarang, changed(an_event(version=3)))
    assert kediri.abroad.get("event/e1").hidden, "also when it changes"

    shown = hiding.show_item(kediri.by("kartini"), commands.ShowItem(item_id="e1"))
    assert (shown.hidden, shown.version, kediri.abroad.get("event/e1").hidden) == (False, 2, False)
    assert hiding.show_item(kediri.by("kartini"), commands.ShowItem(item_id="e1")) == shown
    assert hiding.hide_item(kediri.by("kartini"), hide).version == 3


def test_only_what_another_region_shares_is_hidden_or_shown(regions):
    kediri, semarang = regions
    event = an_event()
    sent(kediri, semarang, changed(event))
    sent(kediri, semarang, changed(replace(event, version=3, scope="cell")))

    for item in ("e1", "e2"):
        hide = commands.HideItem(item_id=item, reason="alasan")
        with pytest.raises(ItemUnknown):
            hiding.hide_item(kediri.by("kartini"), hide)
        with pytest.raises(ItemUnknown):
            hiding.show_item(kediri.by("kartini"), commands.ShowItem(item_id=item))


def test_all_of_a_blocked_region_is_hidden_and_shown_again_but_what_an_officer_hid(regions):
    kediri, semarang = regions
    sent(kediri, semarang, *(changed(an_event(f"e{n}")) for n in range(3)))
    hide = commands.HideItem(item_id="e0", reason="Tidak pantas")
    hiding.hide_item(kediri.by("kartini"), hide)

    assert (hiding.hide_blocked(kediri, "semarang"), hiding.hide_blocked(kediri, "semarang")) == (
        2,
        0,
    )
    assert all(row.hidden for row in kediri.abroad.all())
    assert hiding.show_unblocked(kediri, "semarang") == 2
    assert [row.hidden for row in kediri.abroad.all()] == [True, False, False]
    assert hiding.hide_blocked(kediri, "semarang") == 2


def test_what_is_known_of_a_kind_can_be_said_again(regions):
    kediri, semarang = regions
    sent(kediri, semarang, changed(an_event()), seats(an_event()))

    ((id, scope, envelope),) = rounds.of_kind(kediri, "event", "")

    assert (id, scope) == ("event/e1", "network")
    assert isinstance(envelope, Envelope)
    assert rounds.of_kind(kediri, "event", id) == []
