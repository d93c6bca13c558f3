"""Innovations at the border: what crosses names authors who agreed, and nobody's id."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from chassis.crossing import sealed
from chassis.errors import NotToBeHeard
from chassis.heard import Crossing
from chassis.signing import new_secret
from contracts.codec import encode
from contracts.envelope import Envelope, open_fact, seal
from contracts.federation import commands
from contracts.federation.crossing import CROSSING
from contracts.federation.states import Key, Peer
from contracts.members import facts, states
from services.federation.errors import ItemUnknown
from services.federation.handlers import hiding, incoming, outgoing
from services.federation.model import sharing
from services.federation.model.rows import Reach

NOW = "2026-11-21T02:00:00.000Z"
HOME = "Semarang"


def an_innovation(version: int = 1, **more: Any) -> states.Innovation:
    given = {
        "id": "i1",
        "version": version,
        "region": "semarang",
        "created_at": NOW,
        "updated_at": NOW,
        "title": "Plug-in label",
        "summary": "Mencetak label",
        "kind": "plugin",
        "origin": "group",
        "area": "33.74",
        "status": "shared",
        "scope": "public",
        "authors": (
            states.Author(name="Siti", member_id="member-siti"),
            states.Author(name="Heru"),
        ),
        "author_consent": True,
        "licence": "GPL-3.0-or-later",
        "slims_versions": ("9.6.1",),
        "link": "https://example.org/label",
        "created_by": "member-siti",
    }
    return states.Innovation(**{**given, **more})


def said(state: states.Innovation) -> tuple[Envelope, facts.InnovationFact]:
    fact = facts.InnovationChanged(innovation=state)
    return seal(fact, id=f"f{state.version}", region="semarang", time=NOW), fact


class Rows:
    """Rows of one kind, by id, as the border needs them."""

    def __init__(self, *rows: Any) -> None:
        self.rows = {row.id: row for row in rows}

    def get(self, id: str) -> Any:
        return self.rows.get(id)

    def all(self) -> list[Any]:
        return list(self.rows.values())

    def many(self, ids: Any) -> dict[str, Any]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    def keep(self, row: Any) -> None:
        self.rows[row.id] = row

    def keep_all(self, rows: Any) -> None:
        self.rows.update({row.id: row for row in rows})

    def to_hide(self, peer: str, limit: int) -> list[Any]:
        shown = (row for row in self.all() if row.peer == peer)
        return [row for row in shown if not row.hidden and not row.withdrawn][:limit]

    def hide(self, ids: Any, hidden: bool) -> None:
        self.keep_all([replace(self.rows[id], hidden=hidden) for id in ids])


class Items(Rows):
    """What is hidden."""

    def many(self, ids: Any) -> Any:
        return [self.rows[id] for id in ids if id in self.rows]

    def blocked(self, peer: str, limit: int) -> list[Any]:
        return [one for one in self.all() if one.hidden and one.hidden_by is None][:limit]


KEY = new_secret("k1", NOW, NOW)
BEGUN = {"version": 1, "region": "kediri-raya", "created_at": NOW, "updated_at": NOW}


def a_side(region: str, other: str) -> Any:
    """The border of a region with one active peer; both have the same key here."""
    key = Key(kid=KEY.id, x=KEY.public)
    peer = Peer(**{**BEGUN, "region": region}, id=other, name=other, key=key, state="active")
    side = SimpleNamespace(
        region=region,
        now=NOW,
        said=Rows(),
        abroad=Rows(),
        peers=Rows(peer),
        reaches=Rows(Reach(id=other)),
        hidden_items=Items(),
        policy=SimpleNamespace(name=region.capitalize()),
        signing_secrets=Rows(KEY),
    )
    side.record = lambda fact: side.hidden_items.keep(fact.state) or fact.state
    return side


@pytest.fixture
def work() -> Any:
    """Semarang's side."""
    return a_side("semarang", "kediri-raya")


@pytest.fixture
def there() -> Any:
    """Kediri's side."""
    return a_side("kediri-raya", "semarang")


def crossed(work: Any, *those: states.Innovation) -> list[states.Innovation]:
    """What the peer is told of these, as it reads it."""
    return [open_fact(one, CROSSING).state for one in told_by(work, *those)]  # type: ignore[misc]


def told_by(work: Any, *those: states.Innovation) -> list[Envelope]:
    out = outgoing.note(work, [said(state) for state in those])
    return out.bodies.get("kediri-raya", [])


def let_in(there: Any, envelopes: list[Envelope]) -> list[tuple[str, Envelope]]:
    """What is said there of these."""
    bodies = [sealed(one, KEY, there.region) for one in envelopes]
    crossings = [Crossing(peer="semarang", body=body) for body in bodies]
    return incoming.note(there, crossings).let_in


def test_what_is_shared_crosses_with_names_and_without_ids(work: Any) -> None:
    (told,) = crossed(work, an_innovation())

    assert told.home == HOME
    assert told.authors == (states.Author(name="Siti"), states.Author(name="Heru"))
    assert (told.title, told.licence, told.slims_versions) == (
        "Plug-in label",
        "GPL-3.0-or-later",
        ("9.6.1",),
    )
    assert "member-siti" not in str(encode(told))


@pytest.mark.parametrize(
    "more", [{"scope": "cell"}, {"withdrawn": True}, {"author_consent": False}]
)
def test_what_is_not_shared_never_crosses(work: Any, more: dict[str, Any]) -> None:
    assert crossed(work, an_innovation(**more)) == []
    assert crossed(work, an_innovation(2, **more)) == []


@pytest.mark.parametrize("more", [{"scope": "cell", "author_consent": False}, {"withdrawn": True}])
def test_what_was_shared_and_is_no_more_crosses_empty(work: Any, more: dict[str, Any]) -> None:
    crossed(work, an_innovation())

    (gone,) = crossed(work, an_innovation(2, **more))

    assert (gone.withdrawn, gone.version, gone.title, gone.summary) == (True, 2, "—", "")
    assert (gone.authors, gone.link, gone.scope) == ((), None, "network")
    assert crossed(work, an_innovation(3)) == [sharing.public_innovation(an_innovation(3), HOME)]


def test_the_name_of_who_left_is_taken_away_there_too(work: Any) -> None:
    crossed(work, an_innovation())
    nobody = (states.Author(name="—"), states.Author(name="Heru"))

    (told,) = crossed(work, an_innovation(2, authors=nobody, created_by=None))

    assert told.authors == nobody


def test_late_and_repeated_facts_tell_the_newest(work: Any) -> None:
    (newest,) = crossed(work, an_innovation(3), an_innovation(2))

    assert newest.version == 3
    assert crossed(work, an_innovation(2)) == []
    assert crossed(work, an_innovation(3)) == [newest]


def restated(state: states.Innovation) -> facts.InnovationRestated:
    return facts.InnovationRestated(innovation=state)


def test_only_what_may_cross_is_believed() -> None:
    told = sharing.public_innovation(an_innovation(), HOME)
    gone = sharing.public_innovation(an_innovation(withdrawn=True), HOME)

    assert sharing.is_public(restated(told))
    assert sharing.is_public(restated(gone))
    assert not sharing.is_public(restated(an_innovation()))
    assert not sharing.is_public(restated(replace(told, created_by="member-siti")))
    assert not sharing.is_public(restated(replace(told, authors=an_innovation().authors)))
    assert not sharing.is_public(restated(replace(told, scope="cell")))
    assert not sharing.is_public(restated(replace(gone, summary="still here")))
    assert "members.innovation_changed.v1" not in CROSSING


def test_a_peer_believes_it_and_says_it_with_its_scope(work: Any, there: Any) -> None:
    ((scope, envelope),) = let_in(there, told_by(work, an_innovation()))

    assert (scope, envelope.name) == ("public", "members.innovation_restated.v1")
    row = there.abroad.get("innovation/i1")
    assert (row.kind, row.title, row.withdrawn) == ("innovation", "Plug-in label", False)
    ((scope, _),) = let_in(there, told_by(work, an_innovation(2, scope="cell")))
    assert (scope, there.abroad.get("innovation/i1").withdrawn) == ("network", True)


@pytest.mark.parametrize(
    "state",
    [an_innovation(home=HOME), an_innovation(region="kediri-raya", authors=(), home=HOME)],
)
def test_a_peer_parks_ids_of_members_and_what_is_not_the_peers_own(
    there: Any, state: states.Innovation
) -> None:
    fact = restated(state)
    envelope = seal(fact, id="f1", region="semarang", time=NOW)

    with pytest.raises(NotToBeHeard):
        let_in(there, [envelope])
    assert there.abroad.rows == {}


def test_what_is_there_is_hidden_with_its_region_and_shown_again(work: Any, there: Any) -> None:
    let_in(there, told_by(work, an_innovation()))

    assert hiding.hide_blocked(there, "semarang") == 1
    item = there.hidden_items.get("i1")
    assert (item.kind, item.hidden, item.starts_at) == ("innovation", True, NOW)
    assert there.abroad.get("innovation/i1").hidden is True
    assert hiding.show_unblocked(there, "semarang") == 1
    assert there.hidden_items.get("i1").hidden is False
    assert there.abroad.get("innovation/i1").hidden is False


def test_an_officer_hides_one(work: Any, there: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding.who, "officer", lambda _: "kartini")
    hide = commands.HideItem(item_id="i1", reason="Bukan untuk kita")
    with pytest.raises(ItemUnknown):
        hiding.hide_item(there, hide)
    let_in(there, told_by(work, an_innovation()))

    item = hiding.hide_item(there, hide)

    assert (item.hidden_by, item.title, item.kind) == ("kartini", "Plug-in label", "innovation")
    let_in(there, told_by(work, an_innovation(2, withdrawn=True)))
    with pytest.raises(ItemUnknown):
        hiding.hide_item(there, hide)
