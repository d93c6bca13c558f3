"""What a transaction will surely read, fetched in one round trip instead of one for each."""

from collections.abc import Sequence
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.database import Database

Document = dict[str, Any]
Wanted = tuple[str, Document]

BY_ID = [("_id", 1)]


class Ahead:
    """Queries (collection, filter) that are asked together when the first of them is needed.

    All run inside the transaction, so they see what it sees. Each answer is given once; a
    collection that the transaction writes is asked again.
    """

    def __init__(
        self, database: "Database[Document]", session: ClientSession, wanted: Sequence[Wanted]
    ) -> None:
        self._database, self._session = database, session
        self._wanted = [one for number, one in enumerate(wanted) if one not in wanted[:number]]
        self._found: list[list[Document] | None] | None = None

    def take(self, name: str, filter: Document) -> list[Document] | None:
        """The documents that match, in the order of their ids; None for a query not foreseen."""
        try:
            index = self._wanted.index((name, filter))
        except ValueError:
            return None
        if self._found is None:
            self._found = self._asked()
        documents, self._found[index] = self._found[index], None
        return documents

    def forget(self, name: str) -> None:
        """The transaction writes this collection: what it held is no longer true."""
        if self._found is None:
            self._wanted = [one for one in self._wanted if one[0] != name]
            return
        for index, (collection, _) in enumerate(self._wanted):
            if collection == name:
                self._found[index] = None

    def _asked(self) -> list[list[Document] | None]:
        """The answers; without a first document there is nothing to look the others up from."""
        (name, first), others = self._wanted[0], self._wanted[1:]
        stages: list[Document] = [{"$match": first}, {"$limit": 1}]
        stages += [
            {"$lookup": {"from": collection, "pipeline": _sorted(query), "as": f"_ahead{number}"}}
            for number, (collection, query) in enumerate(others)
        ]
        found = list(self._database[name].aggregate(stages, session=self._session))
        if not found:
            return [[], *(None for _ in others)]
        looked_up: list[list[Document] | None] = [
            found[0].pop(f"_ahead{number}") for number in range(len(others))
        ]
        return [found, *looked_up]


def _sorted(query: Document) -> list[Document]:
    return [{"$match": query}, {"$sort": {"_id": 1}}]
