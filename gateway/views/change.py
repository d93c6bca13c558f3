"""What a fold wants: fields of one part of one document, unless the view holds newer ones."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Set `fields` in a view's document if the part's sequence there is lower than `sequence`."""

    view: str
    id: str
    part: str
    sequence: int
    fields: Document

    @property
    def place(self) -> Document:
        """The filter of the upsert."""
        return {"_id": {"$eq": self.id}}

    def as_update(self) -> UpdateOne:
        """One atomic, idempotent upsert; facts that come late or twice change nothing."""
        return UpdateOne(self.place, self.pipeline(), upsert=True)

    def pipeline(self) -> list[Document]:
        """The update: the fields if they are newer.

        A pipeline with only `_id` in the filter, so that an upsert that lost a race is told from
        one that is old (with the guard in the filter both are the same duplicate-key error).
        """
        newer = {"$lt": [{"$ifNull": [f"$seq.{self.part}", 0]}, self.sequence]}
        sequences = {"seq": {"$mergeObjects": ["$seq", {self.part: self.sequence}]}}
        after = {"$mergeObjects": ["$$ROOT", {"$literal": self.fields}, sequences]}
        step = {"$replaceWith": {"$cond": [newer, after, "$$ROOT"]}}
        return [step]


def plain(text: str) -> str:
    """Lower-case ASCII without accents, single spaces: what names are ordered and searched by."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(bare.split())


def words(texts: Iterable[str | None]) -> list[str]:
    """The sorted words of the texts; letters and digits are separate words."""
    found: set[str] = set()
    for text in texts:
        found.update(tokens(text or ""))
    return sorted(found)


def tokens(text: str) -> list[str]:
    """The words of a text in its order."""
    return re.findall(r"[a-z]+|[0-9]+", plain(text))
