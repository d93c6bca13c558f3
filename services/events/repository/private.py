"""What the service keeps for itself: private keys, who gave feedback, locks; never said."""

from hashlib import sha256

from chassis.work import Bound


class MongoFeedbackMarks:
    """Who has answered: digests in sorted order, so that neither time nor order tells what."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def has(self, event_id: str, registration_id: str) -> bool:
        """Whether the person answered already."""
        return _mark(event_id, registration_id) in self._of(event_id)

    def add(self, event_id: str, registration_id: str) -> None:
        """Remember it; of two at the same time, one repeats and sees the other."""
        marks = sorted({*self._of(event_id), _mark(event_id, registration_id)})
        row = {"_id": event_id, "marks": marks}
        self.collection.replace_one({"_id": event_id}, row, upsert=True)

    def _of(self, event_id: str) -> list[str]:
        row = self.collection.find_one({"_id": event_id})
        return list(row["marks"]) if row else []


class MongoCertificateBatches:
    """Events of which certificates are still to be issued."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def begin(self, event_id: str, language: str) -> None:
        """There are some, or more than before."""
        row = {"_id": event_id, "language": language}
        self.collection.replace_one({"_id": event_id}, row, upsert=True)

    def events(self) -> list[str]:
        """Ids of the events."""
        return [str(row["_id"]) for row in self.collection.find({}, sort=[("_id", 1)])]

    def language(self, event_id: str) -> str:
        """In which language they are written."""
        row = self.collection.find_one({"_id": event_id})
        return str(row["language"]) if row else "id"

    def end(self, event_id: str) -> None:
        """All are issued."""
        self.collection.delete_many({"_id": event_id})


class MongoLocks:
    """Rows that make transactions about the same thing wait for one another."""

    def __init__(self, collection: Bound) -> None:
        self.collection = collection

    def one_at_a_time(self, name: str) -> None:
        """Write one document, so that two such transactions conflict and the later one repeats."""
        self.collection.update_one({"_id": name}, {"$inc": {"taken": 1}}, upsert=True)


def _mark(event_id: str, registration_id: str) -> str:
    return sha256(f"{event_id}/{registration_id}".encode()).hexdigest()
