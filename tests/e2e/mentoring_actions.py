"""What people do with cases, in stages like `actions`; cases end, so that mentors stay free."""

from collections.abc import Callable
from uuid import uuid4

from tests.e2e.actions import Stages
from tests.e2e.cases import (
    Case,
    a_case,
    agree,
    assess,
    field_team,
    match,
    mentor_of,
    photo_of,
    prove,
    sign_off,
)
from tests.e2e.cases import visit as write_down
from tests.e2e.watchers import Subject
from tests.support.client import Body, Community, told
from tests.support.infrastructure import until

STOP = {"reason": "Sekolah digabung"}
GIVE_BACK = {"reason": "Pindah tugas"}
NOTES = [
    {"text": "Untuk semua", "visibility": "case"},
    {"text": "Untuk pendamping", "visibility": "mentors"},
    {"text": "Untuk koordinator", "visibility": "coordinators"},
]


def a_wish(community: Community) -> Case:
    """A new case of those who watch."""
    return a_case(community, field_team(community), goal=f"Tujuan {uuid4().hex[:12]}")


def about(case: Case, *parts: Subject) -> list[Subject]:
    """The case, and what belongs to it."""
    return [("mentorship", case.body["id"]), *parts]


def part(kind: str, case: Case, body: Body) -> Subject:
    """Something that belongs to a case."""
    return (kind, body["id"], case.body["id"])


def under_way(community: Community) -> Case:
    """A case whose work began."""
    case = a_wish(community)
    assess(case)
    match(case)
    agree(case)
    return case


def asks_is_matched_and_given_back(community: Community) -> Stages:
    case = a_wish(community)
    yield about(case)
    assess(case)
    yield about(case)
    where = f"{case.path}/offers"
    body = {"mentor_id": case.mentor.id}
    declined = case.coordinator.do("POST", where, body, 201)
    yield about(case, part("offer", case, declined))
    case.mentor.do("POST", f"{where}/{declined['id']}/decline")
    taken = case.coordinator.do("POST", where, body, 201)
    case.mentor.do("POST", f"{where}/{taken['id']}/accept")
    offers = [part("offer", case, one) for one in (declined, taken)]
    mentor: Subject = ("mentor", case.mentor.id)
    yield [*about(case, *offers), mentor]
    case.do(case.mentor, "unmatch", GIVE_BACK)
    yield [*about(case, *offers), mentor]
    case.do(case.coordinator, "stop", STOP)
    yield about(case)


def writes_down_what_happened_and_leaves(community: Community) -> Stages:
    case = under_way(community)
    made = write_down(case, notes=NOTES)
    fault = {"code": "SESSION_DIR", "description": "Kembali ke halaman masuk"}
    issue = case.head.do("POST", f"{case.path}/issues", fault, 201)["issue"]
    seen = about(case, part("visit", case, made), part("issue", case, issue))
    yield seen
    where = f"{case.path}/issues/{issue['id']}"
    case.mentor.do("POST", f"{where}/escalate", {"minutes": 20, "note": "Lewat telepon"})
    yield seen
    case.coordinator.do("POST", f"{where}/resolve", {"remedy": "chmod 770", "minutes": 5})
    photo_of(case, made)
    yield seen
    case.do(case.mentor, "unmatch", GIVE_BACK)
    yield seen
    case.do(case.coordinator, "stop", STOP)
    yield seen


def rests_and_goes_on(community: Community) -> Stages:
    case = under_way(community)
    for step, body in (("hold", {"reason": "Ujian akhir"}), ("resume", {}), ("stop", STOP)):
        case.do(case.coordinator, step, body)
        yield about(case)


def signs_off_and_is_looked_after(community: Community) -> Stages:
    case = under_way(community)
    prove(case, photo_of(case, write_down(case)))
    sign_off(case)
    where = f"{case.path}/follow-ups"
    planned = until(lambda: told(case.head.get(where), 200)["items"])
    seen = about(case, *(part("follow_up", case, one) for one in planned))
    yield seen
    case.head.do("POST", where, {"day": 30, "running": False, "note": "Server rusak"})
    yield seen
    case.do(case.mentor, "unmatch", GIVE_BACK)
    case.do(case.coordinator, "stop", STOP)
    yield seen


def changes_what_a_mentor_can(community: Community) -> Stages:
    mentor = mentor_of(community)  # the one of the cases must stay free for them
    for available in (False, True):
        mentor.do("PUT", "/v1/me/mentor-availability", {"available": available})
        yield [("mentor", mentor.id), ("template", "1")]


def assigns_many_cases(community: Community) -> Stages:
    officer = community.officer("coordinator")
    proposed = officer.do("POST", "/v1/mentoring-assignments", {}, 201)
    yield [("assignment", proposed["id"])]


MENTORING_ACTIONS: list[Callable[[Community], Stages]] = [
    asks_is_matched_and_given_back,
    writes_down_what_happened_and_leaves,
    rests_and_goes_on,
    signs_off_and_is_looked_after,
    changes_what_a_mentor_can,
    assigns_many_cases,
]
