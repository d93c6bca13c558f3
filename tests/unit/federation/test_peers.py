"""Peers: both sides approve, a block ends it, and only officers decide."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest

from contracts.codec import encode
from contracts.envelope import seal
from contracts.events.facts import EventChanged
from contracts.federation import commands, states
from services.federation.errors import (
    Forbidden,
    PeerInvalid,
    PeerKnown,
    PeerStateForbids,
    PeerUnknown,
    SignInFirst,
)
from services.federation.handlers import hiding, identity, incoming, peers, rounds, who
from services.federation.model.peer import Peer
from services.federation.model.rows import AbroadRow, Reach, SaidRow
from services.federation.repository.private import MongoAbroad
from services.federation.schemas import read_proposal
from services.federation.service.ways import MOST_PARTS, Ways
from tests.support.federation import (
    NOW,
    a_peer,
    a_region,
    an_event,
    crossing,
    two_regions,
)

KEY = states.Key(kid="k", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
PROPOSAL = commands.ProposePeer(region="semarang", name="Semarang", key=KEY)


def test_an_officer_proposes_and_approves():
    work = a_region("kediri-raya")

    proposed = peers.propose_peer(work.by("kartini"), PROPOSAL)
    approved = peers.approve_peer(work.by("sari"), commands.ApprovePeer(peer_id="semarang"))

    assert (proposed.state, proposed.proposed_by) == ("proposed", "kartini")
    assert (approved.state, approved.approved_by, approved.approved_at) == ("approved", "sari", NOW)
    assert work.reaches.get("semarang").behind


@pytest.mark.parametrize("member", ["ayu", "tono", "lama", "nobody"])
def test_nobody_else_decides(member):
    work = a_region("kediri-raya", "semarang", "proposed")

    for decide, command in (
        (peers.propose_peer, PROPOSAL),
        (peers.approve_peer, commands.ApprovePeer(peer_id="semarang")),
        (peers.block_peer, commands.BlockPeer(peer_id="semarang", reason="alasan")),
        (peers.unblock_peer, commands.UnblockPeer(peer_id="semarang")),
    ):
        with pytest.raises(Forbidden):
            decide(work.by(member), command)
    with pytest.raises(SignInFirst):
        peers.propose_peer(work.by(None), PROPOSAL)


def test_a_region_is_not_its_own_peer_and_is_proposed_once():
    work = a_region("kediri-raya", "semarang", "approved")

    with pytest.raises(PeerInvalid):
        peers.propose_peer(work.by("kartini"), replace(PROPOSAL, region="kediri-raya"))
    with pytest.raises(PeerKnown):
        peers.propose_peer(work.by("kartini"), PROPOSAL)
    with pytest.raises(PeerUnknown):
        peers.approve_peer(work.by("kartini"), commands.ApprovePeer(peer_id="surabaya"))


def test_after_a_block_another_key_may_be_entered():
    work = a_region("kediri-raya")
    work.peers.add(replace(a_peer("semarang", "blocked"), approved_by="sari", approved_at=NOW))

    again = peers.propose_peer(work.by("kartini"), replace(PROPOSAL, name="Semarang Raya"))

    assert (again.state, again.name, again.key, again.approved_by) == (
        "proposed",
        "Semarang Raya",
        KEY,
        None,
    )


def test_a_block_says_who_and_why_and_an_unblock_begins_anew():
    work = a_region("kediri-raya", "semarang")

    command = commands.BlockPeer(peer_id="semarang", reason="Kunci bocor")
    blocked = peers.block_peer(work.by("kartini"), command)
    back = peers.unblock_peer(work.by("sari"), commands.UnblockPeer(peer_id="semarang"))

    assert (blocked.state, blocked.blocked_by, blocked.block_reason) == (
        "blocked",
        "kartini",
        "Kunci bocor",
    )
    assert (back.state, back.block_reason, back.approved_by) == ("approved", None, "sari")


@pytest.mark.parametrize(
    ("state", "move"),
    [("active", "approve"), ("blocked", "block"), ("active", "unblock"), ("proposed", "unblock")],
)
def test_the_state_decides_what_may_happen(state, move):
    peer = Peer(a_peer("semarang", state))
    moves = {
        "approve": lambda: peer.approve(NOW, "kartini"),
        "block": lambda: peer.block(NOW, "kartini", "alasan"),
        "unblock": lambda: peer.unblock(NOW, "kartini"),
    }

    with pytest.raises(PeerStateForbids):
        moves[move]()


def test_when_it_was_heard_is_told_to_the_minute():
    peer = a_peer("semarang", last_heard_at=NOW)

    assert Peer(peer).note_heard(NOW, "2026-11-21T02:00:59.000Z") is None
    later = Peer(peer).note_heard(NOW, "2026-11-21T02:01:00.000Z")
    assert later.peer.last_heard_at == "2026-11-21T02:01:00.000Z"
    assert Peer(a_peer("semarang")).note_heard(NOW, NOW)
    assert Peer(a_peer("semarang", "approved")).note_heard(NOW, NOW) is None


def test_a_key_that_verifies_nothing_is_refused_at_once():
    good = read_proposal(replace(PROPOSAL, name="  Semarang   Raya "))
    assert good.name == "Semarang Raya"

    with pytest.raises(PeerInvalid):
        read_proposal(replace(PROPOSAL, key=replace(KEY, x="abc")))


def test_the_key_is_made_once():
    work = a_region("kediri-raya")
    work.signing_secrets.by_id.clear()

    identity.keep_identity(work)
    made = identity.key(work)

    assert identity.key(work) == made
    (fact,) = work.facts
    assert (fact.identity.id, fact.identity.name, fact.identity.key.x) == (
        "kediri-raya",
        "Kediri Raya",
        made.public,
    )


def greet(of, to, heard):
    """What one region hears of another's greeting."""
    out = rounds.greeting(of, to.region, heard)
    (envelope,) = out.bodies[to.region]
    return incoming.note(to, [crossing(envelope, of, to.region)])


def test_two_that_approved_greet_until_both_are_active():
    kediri, semarang = two_regions()
    for own, peer in ((kediri, "semarang"), (semarang, "kediri-raya")):
        own.peers.add(replace(own.peers.get(peer), state="approved"))

    first = greet(kediri, semarang, heard=False)
    assert (first.to_greet, first.let_in) == (["kediri-raya"], [])
    assert semarang.peers.get("kediri-raya").state == "approved"
    second = greet(semarang, kediri, heard=True)
    assert kediri.peers.get("semarang").state == "active"
    third = greet(kediri, semarang, heard=True)

    assert semarang.peers.get("kediri-raya").state == "active"
    assert (second.to_greet, third.to_greet) == (["semarang"], ["kediri-raya"])
    assert greet(semarang, kediri, heard=True).to_greet == [], "and there it ends"
    assert kediri.reaches.get("semarang").behind
    assert semarang.reaches.get("kediri-raya").behind


def test_greetings_are_due_often_until_it_answers_and_then_once_a_minute():
    work = a_region("kediri-raya", "semarang", "approved")
    ((peer, reach),) = rounds.peers(work)
    assert rounds.is_due(peer, reach, NOW)
    rounds.greeting(work, "semarang", False)
    greeted = work.reaches.get("semarang")

    assert not rounds.is_due(peer, greeted, "2026-11-21T02:00:01.000Z")
    assert rounds.is_due(peer, greeted, "2026-11-21T02:00:03.000Z")
    active = replace(peer, state="active")
    assert not rounds.is_due(active, greeted, "2026-11-21T02:00:59.000Z")
    assert rounds.is_due(active, greeted, "2026-11-21T02:01:00.000Z")
    assert not rounds.is_due(replace(peer, state="blocked"), reach, NOW)


def test_after_a_restore_all_is_told_and_asked_for_once_more():
    work = a_region("kediri-raya", "semarang", "active")
    ((peer, reach),) = rounds.peers(work)
    assert reach.behind
    assert not rounds.has_heard(peer, reach)

    rounds.greeting(work, "semarang", False)

    greeted = work.reaches.get("semarang")
    assert rounds.has_heard(peer, greeted)
    assert not rounds.has_heard(replace(peer, state="approved"), greeted)


@pytest.mark.parametrize("missed", [True, False])
def test_who_misses_something_while_all_is_told_is_told_all_again(missed):
    work = a_region("kediri-raya", "semarang", "active")
    work.reaches.add(Reach(id="semarang", way="open", counted=True))
    identity.keep_identity(work)
    border = SimpleNamespace(open=lambda peer: None, say=lambda *said: True)

    def sweep(step):
        if missed and step.func is rounds.part:
            rounds.fallen_behind(work, "semarang")
        return step(work)

    Ways(SimpleNamespace(sweep=sweep), border).meet(*rounds.peers(work)[0])

    assert work.reaches.get("semarang").behind is missed


def test_who_cannot_be_told_everything_stays_behind():
    work = a_region("kediri-raya", "semarang", "active")
    work.reaches.add(Reach(id="semarang", way="open", counted=True))
    identity.keep_identity(work)
    ours = encode(seal(EventChanged(event=an_event()), id="e1", region="kediri-raya", time=NOW))
    work.said.add(SaidRow(id="event/e1", sequence=2, told=True, envelope=ours))
    border = SimpleNamespace(open=lambda peer: None, say=lambda *said: False)

    Ways(SimpleNamespace(sweep=lambda step: step(work)), border).meet(*rounds.peers(work)[0])

    reach = work.reaches.get("semarang")
    assert (reach.behind, reach.fell) == (True, 2), "at the greeting, and when it was told"


def theirs(id):
    """What is kept of an event of Semarang."""
    row = {"peer": "semarang", "kind": "event", "sequence": 1, "scope": "public", "envelope": {}}
    return AbroadRow(id=f"event/{id}", subject=id, title="T", starts_at=NOW, **row)


def test_a_way_is_closed_and_all_is_hidden_also_when_another_key_is_entered_at_once():
    work = a_region("kediri-raya", "semarang", "proposed")
    rounds.noted(work, "semarang", {"way": "open"})
    closed = []
    desk = SimpleNamespace(sweep=lambda step: step(work))
    border = SimpleNamespace(close=closed.append)
    work.abroad.add(theirs("e1"))

    for _ in range(2):
        Ways(desk, border).meet(*rounds.peers(work)[0])

    assert (closed, work.reaches.get("semarang").way) == (["semarang"], "closed")
    assert work.names() == ["ItemHidden"]


def test_much_of_a_blocked_peer_is_hidden_part_by_part(monkeypatch):
    monkeypatch.setattr(hiding, "BATCH", 2)
    work = a_region("kediri-raya", "semarang", "blocked")
    steps = []
    desk = SimpleNamespace(sweep=lambda step: steps.append(step) or step(work))
    for number in range(5):
        work.abroad.add(theirs(f"e{number}"))

    Ways(desk, SimpleNamespace()).meet(*rounds.peers(work)[0])

    assert work.names() == ["ItemHidden"] * 5
    assert len(steps) == 3


def test_what_is_too_much_for_one_round_is_left_to_the_next(monkeypatch):
    monkeypatch.setattr(hiding, "BATCH", 1)
    work = a_region("kediri-raya", "semarang", "blocked")
    desk = SimpleNamespace(sweep=lambda step: step(work))
    for number in range(MOST_PARTS + 2):
        work.abroad.add(theirs(f"e{number}"))
    meet = partial(Ways(desk, SimpleNamespace()).meet, *rounds.peers(work)[0])

    meet()
    assert len(work.facts) == MOST_PARTS
    meet()
    assert len(work.facts) == MOST_PARTS + 2


def test_when_there_is_nothing_to_keep_or_to_hide_nothing_is_written():
    written = []
    books = SimpleNamespace(write=written.append, update_many=lambda *one: written.append(one))
    rows = MongoAbroad(books)

    rows.keep_all([])
    rows.hide([], True)
    assert written == []

    rows.keep_all([theirs("e1")])
    rows.hide(["event/e1"], True)
    assert len(written) == 2


def test_what_was_heard_lately_is_noted_on_the_peer():
    work = a_region("kediri-raya", "semarang")
    rounds.note_heard(work)
    assert work.facts == []

    rounds.noted(work, "semarang", {"heard_at": NOW})
    rounds.note_heard(work)

    assert work.names() == ["PeerHeard"]
    assert work.peers.get("semarang").last_heard_at == NOW


def test_officers_the_operator_and_the_cell_itself_may_have_all_said_again():
    work = a_region("kediri-raya")

    for member in ("kartini", "sari", "tono", None):
        who.may_restate(work.by(member), commands.Restate(kind="peer"))
    with pytest.raises(Forbidden):
        who.may_restate(work.by("ayu"), commands.Restate(kind="peer"))
