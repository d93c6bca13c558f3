"""What happened to a case, in order: everything that its views hold, as one reader may see it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gateway.shown import FOLLOW_UP, ISSUE, OFFER, VISIT, Kind
from gateway.viewer import Viewer
from gateway.views.change import Document

Entry = dict[str, Any]
Told = Mapping[str, Any]
PARTS: tuple[Kind, ...] = (OFFER, VISIT, ISSUE, FOLLOW_UP)
KINDS = (
    "state",
    "assessed",
    "agreement_accepted",
    "visit_overdue",
    "item_completed",
    "vote",
    "signed_off",
    "offer_made",
    "offer_accepted",
    "offer_declined",
    "offer_lapsed",
    "offer_withdrawn",
    "visit",
    "issue_reported",
    "issue_hop",
    "issue_solved",
    "follow_up_due",
    "follow_up_done",
    "follow_up_withdrawn",
)


def timeline(case: Told, parts: Mapping[str, Iterable[Document]], viewer: Viewer) -> list[Entry]:
    """All entries, the oldest first; parts are documents by kind."""
    found = list(of_case(case))
    for kind in PARTS:
        for document in parts[kind.name]:
            shown = kind.show(document, viewer)
            if shown is not None:
                found += OF[kind.name](shown.body)
    return sorted(found, key=lambda one: (one["at"], one["id"]))


def entry(at: str, kind: str, id: str, by: str | None = None, **details: Any) -> Entry:
    """One thing that happened; `id` is unique in its case."""
    return {"at": at, "kind": kind, "id": f"{id}.{kind}", "by": by, "details": details}


def of_case(case: Told) -> Iterator[Entry]:
    """States and stages, assessment, agreement, checklist, votes and sign-off."""
    for number, step in enumerate(steps(case)):
        said = {name: step[name] for name in ("state", "stage", "reason")}
        yield entry(step["at"], "state", f"{number:03d}", **said)
    ready = case["readiness"]
    if ready and ready["assessed_at"]:
        said = {name: ready[name] for name in ("score", "verdict", "conditions", "before")}
        yield entry(ready["assessed_at"], "assessed", case["id"], ready["assessed_by"], **said)
    yield from of_agreement(case["agreement"])
    for item in case["items"]:
        if item["done_at"]:
            said = {name: item[name] for name in ("title_id", "title_en", "stage", "evidence")}
            yield entry(
                item["done_at"],
                "item_completed",
                item["id"],
                item["done_by"],
                item=item["id"],
                **said,
            )
    for vote in case["votes"]:
        said = {name: vote[name] for name in ("party", "agrees", "comment")}
        yield entry(vote["at"], "vote", vote["party"], vote["by"], **said)
    if case["signed_off_at"]:
        yield entry(case["signed_off_at"], "signed_off", case["id"])


def steps(case: Told) -> list[Told]:
    """The states and stages with the present one, which began with the last change or earlier."""
    past = list(case.get("steps") or ())
    now = {"state": case["state"], "stage": case["stage"], "reason": case["state_reason"]}
    if past and (past[-1]["state"], past[-1]["stage"]) == (now["state"], now["stage"]):
        return past
    return [*past, {**now, "at": case["updated_at"]}]


def of_agreement(agreement: Told | None) -> Iterator[Entry]:
    """Who accepted which version, and planned visits that nobody made."""
    if agreement is None:
        return
    for party in ("head", "mentor"):
        if at := agreement[f"{party}_accepted_at"]:
            said = {"party": party, "version": agreement["version"]}
            yield entry(at, "agreement_accepted", party, **said)
    for planned in agreement["visits"]:
        if at := planned["overdue_told_at"]:
            yield entry(at, "visit_overdue", planned["id"], planned_at=planned["planned_at"])


def of_offer(offer: Told) -> Iterator[Entry]:
    """That it was made, and how it ended."""
    whom = {name: offer[name] for name in ("mentor_id", "partner_id")}
    made = {**whom, "expires_at": offer["expires_at"], "question": offer["question"]}
    yield entry(offer["created_at"], "offer_made", offer["id"], offer["offered_by"], **made)
    if offer["state"] != "offered":
        kind = f"offer_{offer['state']}"
        yield entry(offer["updated_at"], kind, offer["id"], **whom, reason=offer["reason"])


def of_visit(visit: Told) -> Iterator[Entry]:
    """What happened there, with the notes that the reader may read."""
    names = ("ended_at", "people", "work", "problems", "next_steps", "notes")
    said = {name: visit[name] for name in names}
    photos = [photo["id"] for photo in visit["photos"]]
    yield entry(
        visit["started_at"],
        "visit",
        visit["id"],
        visit["logged_by"],
        visit=visit["id"],
        photos=photos,
        **said,
    )


def of_issue(issue: Told) -> Iterator[Entry]:
    """Reported, every hop with its minutes of remote help, solved."""
    about = {"issue": issue["id"], "code": issue["code"]}
    for number, hop in enumerate(issue["hops"]):
        said = {name: hop[name] for name in ("level", "minutes", "note")}
        first = {"description": issue["description"]} if number == 0 else {}
        kind = "issue_hop" if number else "issue_reported"
        yield entry(
            hop["at"], kind, f"{issue['id']}.{number:03d}", hop["by"], **about, **said, **first
        )
    if issue["solved_at"]:
        said = {"remedy": issue["remedy"]}
        yield entry(
            issue["solved_at"], "issue_solved", issue["id"], issue["solved_by"], **about, **said
        )


def of_follow_up(follow_up: Told) -> Iterator[Entry]:
    """That it fell due, was answered or withdrawn; not what is still planned."""
    if follow_up["state"] == "planned":
        return
    said = {name: follow_up[name] for name in ("day", "due_on", "running", "note")}
    kind = f"follow_up_{follow_up['state']}"
    yield entry(follow_up["updated_at"], kind, follow_up["id"], follow_up["answered_by"], **said)


OF = {"offer": of_offer, "visit": of_visit, "issue": of_issue, "follow_up": of_follow_up}
