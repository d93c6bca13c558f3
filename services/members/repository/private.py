"""What the service keeps for itself: accounts, codes, sessions, letters, the ledger; never said."""

from collections.abc import Iterable, Mapping, Sequence

from chassis import clock
from chassis.shelf import MongoRows
from chassis.work import Bound
from contracts.codec import encode
from services.members.model.account import Account
from services.members.model.attempts import Tally
from services.members.model.code import LIVES_SECONDS, Code, CodeRequest
from services.members.model.ledger import ConsentEntry
from services.members.model.letter import Letter
from services.members.model.session import Family


class MongoAccounts(MongoRows[Account]):
    """Ways in, by member."""

    cls = Account

    def get(self, member_id: str) -> Account | None:
        """A member's."""
        return self.one(member_id)

    def put(self, account: Account) -> None:
        """Keep it as it is now."""
        self.keep(account.member_id, account)

    def remove(self, member_id: str) -> None:
        """Forget it."""
        self.drop([member_id])


class MongoCodes(MongoRows[Code]):
    """One-time codes."""

    cls = Code

    def of_member(self, member_id: str) -> list[Code]:
        """A member's, newest first."""
        return self.some({"member_id": member_id}, sort=[("_id", -1)])

    def put(self, code: Code) -> None:
        """Keep one."""
        self.keep(code.id, code, clock.moment(code.expires_at))

    def count_try(self, member_id: str) -> None:
        """Each of a member's had a try more; one write, whether he has any."""
        self.collection.update_many({"member_id": member_id}, {"$inc": {"tries": 1}})

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""
        self.drop(ids)


class MongoCodeRequests(MongoRows[CodeRequest]):
    """Wishes for a code."""

    cls = CodeRequest

    def add(self, request: CodeRequest) -> None:
        """Keep one; it is of no use when its code would have expired."""
        until = clock.moment(clock.later(request.asked_at, LIVES_SECONDS))
        self.keep(request.id, request, until)

    def oldest(self, limit: int) -> list[CodeRequest]:
        """Some, oldest first."""
        return self.some({}, sort=[("asked_at", 1)], limit=limit)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""
        self.drop(ids)

    def remove_for(self, usernames: Iterable[str]) -> None:
        """Forget those for the usernames."""
        self.collection.delete_many({"username": {"$in": list(usernames)}})


class MongoTallies(MongoRows[Tally]):
    """Counted attempts."""

    cls = Tally

    def get(self, keys: Sequence[str]) -> Mapping[str, Tally]:
        """The counters by key; one query."""
        return {tally.id: tally for tally in self.some({"_id": {"$in": list(keys)}})}

    def put(self, tally: Tally) -> None:
        """Keep one until its window is over."""
        self.keep(tally.id, tally, clock.moment(tally.ends_at))

    def remove(self, key: str) -> None:
        """Forget one."""
        self.drop([key])


class MongoFamilies(MongoRows[Family]):
    """Signed-in sessions."""

    cls = Family

    def get(self, id: str) -> Family | None:
        """One by session id."""
        return self.one(id)

    def of_member(self, member_id: str) -> list[Family]:
        """A member's."""
        return self.some({"member_id": member_id}, sort=[("_id", 1)])

    def put(self, family: Family) -> None:
        """Keep it until it expires."""
        self.keep(family.id, family, clock.moment(family.expires_at))

    def remove(self, id: str) -> None:
        """Forget it."""
        self.drop([id])


class MongoLetters(MongoRows[Letter]):
    """Letters that wait for the mail server."""

    cls = Letter

    def add(self, letter: Letter) -> None:
        """Queue one."""
        self.keep(letter.id, letter)

    def due(self, now: str, limit: int) -> list[Letter]:
        """Some that may be sent now, oldest first."""
        return self.some({"due_at": {"$lte": now}}, sort=[("due_at", 1)], limit=limit)

    def put(self, letter: Letter) -> None:
        """Keep it as it is now, unless it is gone."""
        self.collection.replace_one({"_id": letter.id}, {"_id": letter.id, **encode(letter)})

    def remove(self, ids: Iterable[str]) -> None:
        """Forget some."""
        self.drop(ids)

    def remove_to(self, contacts: Iterable[str]) -> None:
        """Forget those to the contacts."""
        self.collection.delete_many({"to": {"$in": list(contacts)}})


class MongoLedger:
    """The consent ledger: only ever longer."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def add(self, entries: Sequence[ConsentEntry]) -> None:
        """Write rows at the end."""
        self.collection.insert_many([encode(entry) for entry in entries])


class MongoImports:
    """Which member came from which row of which library."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def find(self, keys: Sequence[str]) -> dict[str, str]:
        """Member ids by key; one query."""
        found = self.collection.find({"_id": {"$in": list(keys)}})
        return {document["_id"]: document["member_id"] for document in found}

    def add(self, members: Mapping[str, str]) -> None:
        """Remember member ids by key."""
        self.collection.insert_many([{"_id": k, "member_id": v} for k, v in members.items()])


class MongoCertificates:
    """Which certificates were heard of, and how new."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def is_news(self, serial: str, version: int) -> bool:
        """Whether nothing as new was heard of the certificate; from now on it was."""
        known = self.collection.find_one({"_id": serial})
        if known is not None and known["version"] >= version:
            return False
        self.collection.replace_one({"_id": serial}, {"version": version}, upsert=True)
        return True


class MongoFounding:
    """What the region was founded with."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def get(self) -> str | None:
        """The digest of the founding data."""
        document = self.collection.find_one({"_id": "region"})
        return None if document is None else str(document["digest"])

    def put(self, digest: str) -> None:
        """Remember it."""
        self.collection.insert_one({"_id": "region", "digest": digest})
