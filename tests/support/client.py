"""Everybody who takes part in an end-to-end test: officers, newcomers, members, visitors."""

from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from pymongo import MongoClient

from cell.backup.restating import settled
from cell.backup.scope import VIEWS
from cell.cell import Cell
from cell.demo.person import Body, Person, told
from cell.demo.phone import Phone
from cell.demo.post import code_for, letters_to
from chassis import clock

__all__ = ["Body", "Community", "Person", "Phone", "code_for", "letters_to", "problem", "told"]

KOTA, KABUPATEN = "35.71", "35.06"
PASSWORD = "rahasia-sekali-2026"


class Community:
    """The people of one cell; each new one has a contact that nobody else has."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._run, self._numbers = uuid4().hex[:6], count(1)
        self._everybody: list[Person] = []
        self._officers: dict[str, Person] = {}

    def close(self) -> None:
        """Hang up all phones."""
        for person in self._everybody:
            person.client.close()

    def caught_up(self) -> None:
        """Wait until all that was decided so far is in the views."""
        with MongoClient[Body](self.cell.plan.mongo_uri("gateway")) as client:
            settled(client[VIEWS], clock.real(), 60)

    def settle(self, *phones: Phone) -> None:
        """Bring phones up to all that was decided so far."""
        self.caught_up()
        for phone in phones:
            phone.sync()

    def visitor(self) -> Person:
        """Somebody who is not signed in."""
        person = Person(self.cell.base_url, timeout=30.0)
        self._everybody.append(person)
        return person

    def officer(self, who: str) -> Person:
        """`coordinator`, `operator`, or the coordinator of an area by its code."""
        if who not in self._officers:
            known = self.cell.credentials
            login = known.get(who) or known["area_coordinators"][who]
            self._officers[who] = self.visitor().sign_in(**login)
        return self._officers[who]

    def email(self) -> str:
        """An address that nobody has."""
        return f"warga{next(self._numbers)}.{self._run}@uji.example"

    def phone(self) -> str:
        """A mobile number that nobody has, as people write it."""
        return f"0812{int(self._run, 16) % 9000 + 1000}{next(self._numbers):04}"

    def newcomer(self, area: str | None = KOTA, **fields: Any) -> Person:
        """Signed up and signed in with the code that came by mail; pending."""
        contact = {} if {"phone", "email"} & fields.keys() else {"email": self.email()}
        place = {"area": area} if area else {}
        body = {"name": "Warga Baru", **place, **contact, **fields}
        person, username = self.visitor(), body.get("email") or body["phone"]
        older = self.letters(username)
        person.do("POST", "/v1/members", body, status=201)
        return person.sign_in("code", username=username, code=self.code(username, older))

    def member(self, area: str = KOTA, **fields: Any) -> Person:
        """An approved member of an area."""
        person = self.newcomer(area, **fields)
        self.officer(area).do("POST", f"/v1/members/{person.id}/approve")
        return person

    def listed(self, area: str = KOTA, **fields: Any) -> Person:
        """A member who consented to the directory."""
        person = self.member(area, **fields)
        consent(person, "directory")
        return person

    def code(self, contact: str, besides: int = 0) -> str:
        """The newest code that came for a contact, after `besides` older letters."""
        return code_for(self.cell.home.mail, contact, besides)

    def letters(self, contact: str) -> int:
        """How many letters a contact got."""
        return len(list(letters_to(self.cell.home.mail, contact)))

    def npsn(self) -> str:
        """A school number that nobody has."""
        return f"{'GHJKLMNPQRSTUVW'[int(self._run[0], 16) % 15]}{next(self._numbers):07}"

    def institution(self, area: str = KOTA, **fields: Any) -> Body:
        """A registered institution."""
        body = {"name": f"SD Uji {next(self._numbers)}", "kind": "school", "level": "SD"}
        return self.officer(area).do(
            "POST", "/v1/institutions", {**body, "area": area, **fields}, status=201
        )


def consent(person: Person, purpose: str, *, granted: bool = True) -> Body:
    """Give or withdraw one consent."""
    answer = {"purpose": purpose, "granted": granted, "text_version": "2026-1"}
    return person.do("PUT", "/v1/me/consents", {"consents": [answer]})


def problem(answer: httpx.Response, status: int, code: str = "") -> Body:
    """The problem document of a refusal: well-formed, with this status and code."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:500]}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    body: Body = answer.json()
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert {"type", "title", "detail", "code"} <= body.keys()
    if code:
        assert body["code"] == code, body
    return body


def differing_from(one: Body, other: Body) -> Body:
    """Where two mappings differ: what each side holds."""
    keys = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return {key: (one.get(key), other.get(key)) for key in keys}
