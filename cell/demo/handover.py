"""The third story ends: sign-off by three, does it still run, and what everybody was told."""

import time
from collections import Counter
from collections.abc import Iterable

from cell.demo.door import differing, evidenced, letters
from cell.demo.gathering import address_of
from cell.demo.person import Body, told
from cell.demo.post import letters_to
from cell.demo.scene import Scene, hold
from cell.demo.school import (
    ENGLISH,
    FAR,
    HEAD,
    IT,
    LIBRARIAN,
    PATIENCE_SECONDS,
    SILENT,
    case_of,
    eventually,
    path_of,
)
from cell.demo.visits import BACKUP, prove

QUIET_SECONDS = 1.5
PARTIES = (("head", HEAD), ("mentor", LIBRARIAN), ("coordinator", "area"))
TEAM = (HEAD, LIBRARIAN, IT, SILENT, FAR)


def refused(scene: Scene) -> str:
    """A yes needs the facts that prove a running library; a backup was never restored."""
    yes = {"as": "head", "agrees": True}
    answer = scene.who(HEAD).command("POST", path_of(scene, "sign-off"), yes).json()
    hold(answer["code"] == "mentoring.acceptance_missing", f"signing off gave {answer}")
    hold(answer["allowed"] == [BACKUP], f"missing are {answer['allowed']}")
    return f"{answer['code']}: {BACKUP}"


def signed_off(scene: Scene) -> str:
    """The backup is restored; head, mentor and coordinator agree, each another person."""
    item = next(one for one in case_of(scene, LIBRARIAN)["items"] if one["id"] == BACKUP)
    prove(scene, item)
    said = [vote(scene, *one)["state"] for one in PARTIES]
    wanted = ["ready_for_signoff", "ready_for_signoff", "signed_off"]
    hold(said == wanted, f"after each word it was {said}")
    days = [(one["day"], one["state"]) for one in follow_ups(scene)]
    hold(days == [(30, "planned"), (90, "planned"), (180, "planned")], f"planned are {days}")
    proofs = [len(evidenced(scene.who(name))) for name in (LIBRARIAN, IT)]
    hold(all(proofs), f"pieces of evidence: {proofs}")
    return "signed off by all three; follow-ups at 30, 90 and 180 days; evidence in both profiles"


def vote(scene: Scene, party: str, name: str) -> Body:
    """The case after somebody's yes."""
    return scene.who(name).do("POST", path_of(scene, "sign-off"), {"as": party, "agrees": True})


def follow_ups(scene: Scene) -> list[Body]:
    """The follow-ups of the case, by their day."""
    items = told(scene.who(HEAD).get(path_of(scene, "follow-ups")), 200)["items"]
    return sorted(items, key=lambda one: int(one["day"]))


def state_at(scene: Scene, day: int) -> str:
    """How it stands with the look of a day."""
    return next(str(one["state"]) for one in follow_ups(scene) if one["day"] == day)


def still_runs(scene: Scene) -> str:
    """After 30 days everybody is asked, and the head says that it runs."""
    early = answer(scene, 30, running=True)
    hold(early["code"] == "mentoring.follow_up_early", f"today it gave {early}")
    scene.clock.advance(days=30, hours=1)
    eventually(lambda: state_at(scene, 30) == "due", "nobody was asked after 30 days")
    done = answer(scene, 30, running=True)
    hold((done["state"], done["running"]) == ("done", True), f"the answer gave {done}")
    case = case_of(scene, HEAD)
    hold(case["state"] == "follow_up", f"the case is {case['state']}")
    return "asked on the day, not before: it runs"


def stopped(scene: Scene) -> str:
    """After 90 days it does not run any more: the case is open again, with the same mentors."""
    scene.clock.advance(days=60)
    eventually(lambda: state_at(scene, 90) == "due", "nobody was asked after 90 days")
    answer(scene, 90, running=False)
    case = case_of(scene, HEAD)
    shown = (case["state"], case["stage"], case["reopened"], case["votes"])
    hold(shown == ("in_progress", "live_lending", 1, []), f"the case is {shown}")
    hold(case["mentor_id"] == scene.people[LIBRARIAN].id, "it waits for another mentor")
    states = [one["state"] for one in follow_ups(scene)]
    hold(states == ["done", "done", "withdrawn"], f"the follow-ups are {states}")
    return f"reopened at {case['stage']}, {case['progress']} %; lending is to be proven anew"


def answer(scene: Scene, day: int, *, running: bool) -> Body:
    """What the head's answer gave."""
    note = "Lancar" if running else "Petugas pindah, komputer rusak"
    body = {"day": day, "running": running, "note": note}
    said: Body = scene.who(HEAD).command("POST", path_of(scene, "follow-ups"), body).json()
    return said


# -- what everybody was told ------------------------------------------------------------------


def told_all(scene: Scene) -> str:
    """Each change reached whom it concerns by mail, in his language, once."""
    wanted = {name: wanted_of(scene, name) for name in TEAM}
    mails = sum(sum(kinds.values()) for kinds in wanted.values())
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and letters(scene, wanted)[1] < mails:
        time.sleep(0.3)
    time.sleep(QUIET_SECONDS)
    boxes, _ = letters(scene, wanted)
    for name, kinds in wanted.items():
        notices = scene.who(name).all("/v1/notifications")
        hold_told(name, notices, kinds, boxes[name])
        hold_language(scene, name)
    more = coordinator_told(scene)
    return f"{mails + more} messages in {len(wanted) + 1} mailboxes: none missing, none twice"


def hold_told(name: str, notices: list[Body], kinds: Counter[str], mail: Counter[str]) -> None:
    """The inbox holds these kinds, and the mailbox the same titles."""
    got = Counter(one["kind"] for one in notices)
    hold(got == kinds, f"{name} was told {differing(got, kinds)}")
    titles = Counter(one["title"] for one in notices)
    hold(mail == titles, f"{name}'s mail differs: {differing(mail, titles)}")


def hold_language(scene: Scene, name: str) -> None:
    """Every letter is in the language that its reader chose, after he said so."""
    letters_of = [one for one in letters_to(scene.box, address_of(name)) if one["List-Unsubscribe"]]
    wanted = "en" if name in ENGLISH else "id"
    languages = Counter(one["Content-Language"] for one in letters_of)
    hold(languages.keys() == {wanted}, f"{name} was written to in {dict(languages)}")


def coordinator_told(scene: Scene) -> int:
    """The area's coordinator has everything of the case, in inbox and mail; how many."""
    kinds = Counter(
        {
            "mentorship_requested": 1,
            "mentorship_assessed": 2,
            "offer_unanswered": 1,
            "mentorship_matched": 1,
            "mentorship_began": 1,
            "mentorship_ready": 1,
            "sign_off_voted": 2,
            "mentorship_signed_off": 1,
            "follow_up_due": 2,
            "follow_up_answered": 1,
            "mentorship_reopened": 1,
        }
    )
    mine = scene.who("area").all("/v1/notifications")
    notices = [one for one in mine if one["about_id"] == scene.notes["case"]]
    titles = {one["title"] for one in notices}
    hold_told("the coordinator", notices, kinds, subjects(scene, titles))
    return len(notices)


def subjects(scene: Scene, titles: Iterable[str]) -> Counter[str]:
    """How often letters with these subjects came for the area's coordinator."""
    address = scene.logins["area"]["username"]
    found = (str(one["Subject"]) for one in letters_to(scene.box, address))
    return Counter(subject for subject in found if subject in titles)


def wanted_of(scene: Scene, name: str) -> Counter[str]:
    """What one should have been told, by what happened in the story."""
    if name == FAR:
        return Counter(["member_approved", "appointment_offered"])
    if name == SILENT:
        asked = ["offer_made", "offer_lapsed", "offer_made", "mentorship_matched"]
        return Counter(["member_approved", "appointment_offered", *asked])
    both = {
        "member_approved": 1,
        "mentorship_matched": 1,
        "agreement_drafted": 1,
        "agreement_accepted": 1,
        "mentorship_began": 1,
        "stage_completed": scene.notes["stages"] - 1,
        "mentorship_ready": 1,
        "sign_off_voted": 2,
        "mentorship_signed_off": 1,
        "follow_up_due": 2,
        "mentorship_reopened": 1,
    }
    if name == HEAD:
        house = {"mentorship_assessed": 2, "visit_logged": 5, "issue_solved": 1, "host_welcome": 1}
        return Counter(both | house)
    fault = "issue_solved" if name == LIBRARIAN else "issue_reported"
    return Counter(
        both | {"appointment_offered": 1, "offer_made": 1, "follow_up_answered": 1, fault: 1}
    )
