"""What people were told: their inbox, their mail, and what the ledger says of it."""

from email.message import EmailMessage
from typing import Any

from cell.cell import Cell
from cell.demo.gathering import WISHES
from tests.support.client import Body, Person, letters_to, told
from tests.support.infrastructure import until


def wish(person: Person, **other: Any) -> Body:
    """His preferences, as he set them now; who is told knows by then what he consented to."""
    return person.do("PUT", "/v1/notification-preferences", {**WISHES, **other})


def notice(person: Person, kind: str, about: str | None = None) -> Body:
    """The notice of a kind (about something), once it lies in his inbox."""

    def look() -> list[Body]:
        return [
            one
            for one in person.all("/v1/notifications")
            if one["kind"] == kind and about in (None, one["about_id"])
        ]

    (found,) = until(look)
    one: Body = found
    return one


def known(person: Person) -> Person:
    """A member of whom is heard where people are told: he was told that he was approved."""
    notice(person, "member_approved", person.id)
    return person


def deliveries(person: Person, of: Body, **query: str) -> list[Body]:
    """What the ledger says of a notice."""
    found = person.all("/v1/deliveries", fact_id=of["fact_id"], **query)
    return [one for one in found if one["notice_id"] == of["id"]]


class Mailbox:
    """The letters that SMTP brought."""

    def __init__(self, cell: Cell) -> None:
        self._box = cell.home.mail

    def __call__(self, person: Person, of: Body) -> EmailMessage:
        """The letter that carries a notice to its reader, once it came."""
        address = told(person.get("/v1/me"), 200)["email"]
        (one,) = until(
            lambda: [
                one
                for one in letters_to(self._box, address)
                if one["Subject"] == of["title"] and (of["about_id"] or "") in source(one)
            ]
        )
        found: EmailMessage = one
        return found


def source(letter: EmailMessage) -> str:
    """All its words."""
    return "".join(str(part.get_content()) for part in letter.iter_parts())
