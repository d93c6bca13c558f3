"""Hiding: what officers do not want to show of a peer, and all of a peer that was blocked."""

from chassis.aggregate import begun, moved
from contracts.federation import commands, facts, states
from contracts.types import UNSET
from services.federation.errors import ItemUnknown
from services.federation.handlers import who
from services.federation.model.ports import Work
from services.federation.model.rows import AbroadRow

BATCH = 200
BLOCKED = "blocked"


def hide_item(work: Work, command: commands.HideItem) -> states.HiddenItem:
    """Show an event or innovation of another region no more; raises ItemUnknown."""
    by, row = who.officer(work), _item(work, command.item_id)
    state = _hidden(work, row, work.hidden_items.get(command.item_id), command.reason, by)
    work.abroad.hide([row.id], True)
    return state


def show_item(work: Work, command: commands.ShowItem) -> states.HiddenItem:
    """Show it again; raises ItemUnknown when it was never hidden."""
    who.officer(work)
    before = work.hidden_items.get(command.item_id)
    if before is None:
        raise ItemUnknown(f"{command.item_id} was never hidden")
    return _shown(work, work.to_change(before)) if before.hidden else before


def hide_blocked(work: Work, peer: str) -> int:
    """Some of what is still shown of a blocked peer; gives how many were left to hide."""
    rows = work.abroad.to_hide(peer, BATCH)
    known = {one.id: one for one in work.hidden_items.many(row.subject for row in rows)}
    for row in rows:
        _hidden(work, row, known.get(row.subject), BLOCKED, None)
    work.abroad.hide([row.id for row in rows], True)
    return len(rows)


def show_unblocked(work: Work, peer: str) -> int:
    """Some of what was hidden with its region only; gives how many."""
    items = work.hidden_items.blocked(peer, BATCH)
    for item in items:
        _shown(work, item)
    return len(items)


def _item(work: Work, id: str) -> AbroadRow:
    row = work.abroad.get(f"event/{id}") or work.abroad.get(f"innovation/{id}")
    if row is None or row.withdrawn:
        raise ItemUnknown(f"{id} is of no other region")
    return row


def _hidden(
    work: Work, row: AbroadRow, before: states.HiddenItem | None, reason: str, by: str | None
) -> states.HiddenItem:
    if before is None:
        state = states.HiddenItem(
            **begun(row.subject, work.region, work.now),
            peer=row.peer,
            title=row.title,
            starts_at=row.starts_at,
            hidden=True,
            reason=reason,
            hidden_by=by,
            kind=UNSET if row.kind == "event" else row.kind,
        )
    elif before.hidden and before.hidden_by is not None:
        return before
    else:
        said = {"title": row.title, "starts_at": row.starts_at, "hidden_by": by}
        state = moved(before, work.now, hidden=True, reason=reason, **said)
    return work.record(facts.ItemHidden(hidden_item=state))  # type: ignore[no-any-return]


def _shown(work: Work, before: states.HiddenItem) -> states.HiddenItem:
    state = moved(before, work.now, hidden=False, reason=None, hidden_by=None)
    kind = before.kind if isinstance(before.kind, str) else "event"
    work.abroad.hide([f"{kind}/{before.id}"], False)
    return work.record(facts.ItemShown(hidden_item=state))  # type: ignore[no-any-return]
