"""What coordinators, heads and mentors do with a case, for the tests that follow one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.e2e.gatherings import at
from tests.support.client import KOTA, Body, Community, Person, told
from tests.support.pictures import a_picture

NEEDS = ["network", "slims", "metadata"]


@dataclass
class Case:
    """A case with its people; `body` is what the last command answered, `at` tells the time."""

    community: Community
    coordinator: Person
    head: Person
    mentor: Person
    school: Body
    body: Body = field(default_factory=dict)
    at: Callable[..., str] = at

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/v1/mentorships/{self.body['id']}"

    def do(self, who: Person, step: str, body: Body | None = None, method: str = "POST") -> Body:
        """A step that answers with the case."""
        self.body = who.do(method, f"{self.path}/{step}", body or {})
        return self.body


@cache
def field_team(community: Community) -> tuple[Person, Person, Body]:
    """A mentor with room for many cases, a head and her school, the same ones every time."""
    school = community.institution(KOTA)
    head = community.member(KOTA, institution_id=school["id"])
    return mentor_of(community, capacity=20), head, school


def a_case(
    community: Community,
    of: tuple[Person, Person, Body] | None = None,
    tells: Callable[..., str] = at,
    **more: Any,
) -> Case:
    """An institution's request, its head, and a mentor of the area with a profile."""
    if of is None:
        school = community.institution(KOTA)
        head = community.member(KOTA, institution_id=school["id"])
        of = (mentor_of(community), head, school)
    mentor, head, school = of
    case = Case(community, community.officer(KOTA), head, mentor, school, at=tells)
    wish = {
        "institution_id": school["id"],
        "goal": "Sirkulasi otomatis",
        "problem": "Belum ada jaringan",
        "contact": {"name": "Bu Rina", "phone": "081234567890"},
        "head_approval": True,
        "needs": NEEDS,
        **more,
    }
    case.body = head.do("POST", "/v1/mentorships", wish, 201)
    return case


def mentor_of(community: Community, background: str = "both", **more: Any) -> Person:
    """A mentor with the area's grant, who said what he can."""
    coordinator, mentor = community.officer(KOTA), community.member(KOTA)
    offer = {"member_id": mentor.id, "role": "mentor", "area": KOTA, "starts_on": "2026-01-01"}
    made = coordinator.do("POST", "/v1/appointments", offer, 201)["id"]
    mentor.do("POST", f"/v1/appointments/{made}/accept")
    profile = {"background": background, "skills": NEEDS, "capacity": 5, **more}
    mentor.do("PUT", "/v1/me/mentor-profile", profile)
    return mentor


def assess(case: Case, *without: str) -> Body:
    """All answers are good, besides some questions."""
    form = told(case.coordinator.get("/v1/mentoring-templates/readiness"), 200)["items"][0]
    answers = {
        one["id"]: 100 if one["kind"] == "number" else True
        for one in form["questions"]
        if one["id"] not in without
    }
    answers.update({name: 0 if kind_of(form, name) == "number" else False for name in without})
    body = {"template_version": int(form["id"]), "answers": answers}
    return case.do(case.coordinator, "assessment", body, "PUT")


def kind_of(form: Body, question: str) -> str:
    """What a question asks for."""
    return next(one["kind"] for one in form["questions"] if one["id"] == question)


def match(case: Case) -> Body:
    """It is offered to the mentor, who takes it."""
    offer = case.coordinator.do("POST", f"{case.path}/offers", {"mentor_id": case.mentor.id}, 201)
    taken = case.mentor.do("POST", f"{case.path}/offers/{offer['id']}/accept")
    case.body = told(case.mentor.get(case.path), 200)
    return taken


def agree(case: Case, days: float = 3) -> Body:
    """Goals, duties and a visit so many days away; both accept."""
    plan = {
        "goals": ["Peminjaman lewat SLiMS"],
        "duties": ["Satu komputer"],
        "visits": [{"planned_at": case.at(days=days)}],
        "consent": True,
    }
    case.do(case.mentor, "agreement", plan, "PUT")
    case.do(case.mentor, "agreement/accept", {"as": "mentor"})
    return case.do(case.head, "agreement/accept", {"as": "head"})


def visit(case: Case, client_id: str = "hp-1", **more: Any) -> Body:
    """A visit, written down."""
    body = {
        "client_id": client_id,
        "started_at": case.at(hours=-3),
        "ended_at": case.at(hours=-1),
        "work": "Memasang SLiMS",
        **more,
    }
    return case.mentor.do("POST", f"{case.path}/visits", body, 201)


def photo_of(case: Case, made: Body) -> str:
    """The id of a photo added to a visit."""
    where = f"{case.path}/visits/{made['id']}/photos?no_identifiable_child=true"
    headers = {"Content-Type": "image/jpeg"}
    answer = case.mentor.client.post(where, content=a_picture(), headers=headers)
    return str(told(answer, 201)["photos"][-1]["id"])


def prove(case: Case, photo: str, *without: str) -> Body:
    """Every item that is open, with evidence of its kind, besides some."""
    values = {
        "photo": photo,
        "number": "3",
        "text": "Bu Rina",
        "date": case.at()[:10],
        "file": photo,
        "none": "-",
    }
    for item in told(case.mentor.get(case.path), 200)["items"]:
        kind = item["evidence_kind"]
        if item["done_at"] is None and item["id"] not in without and kind != "none":
            evidence = {"kind": kind, "value": values[kind]}
            case.do(case.mentor, f"items/{item['id']}/complete", {"evidence": evidence})
    return case.body


def sign_off(case: Case) -> Body:
    """All three say that it runs."""
    for party, who in (
        ("head", case.head),
        ("mentor", case.mentor),
        ("coordinator", case.coordinator),
    ):
        case.do(who, "sign-off", {"as": party, "agrees": True})
    return case.body


def accompanied(community: Community, tells: Callable[..., str] = at) -> Case:
    """A case from the request to the sign-off."""
    case = a_case(community, tells=tells)
    assess(case)
    match(case)
    agree(case)
    photo = photo_of(case, visit(case))
    fault = {"code": "SESSION_DIR", "description": "Kembali ke halaman masuk"}
    issue = case.mentor.do("POST", f"{case.path}/issues", fault, 201)["issue"]
    case.mentor.do("POST", f"{case.path}/issues/{issue['id']}/resolve", {"remedy": "chmod 770"})
    prove(case, photo)
    sign_off(case)
    return case
