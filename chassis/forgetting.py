"""What answers that wait under their keys hold of somebody who is forgotten goes; the keys stay.

A mark is made in the transaction that forgets him. A later round empties the answers that he was
given and those that name him. By then every transaction that had read the old state is over.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from chassis import clock
from chassis.call import Call, answer_id
from chassis.rounds import apart

Document = dict[str, Any]

MARKS = "forgetting"
SETTLED_SECONDS = 60.0  # no transaction lives as long
AT_ONCE = 500
ID = re.compile(rb'"([0-9a-f-]{36})"')  # as clock.new_id() makes them
EVER = datetime(1970, 1, 1, tzinfo=UTC)


def mark(call: Call, ids: Iterable[str]) -> Document:
    """That these are forgotten; the answer to the call itself is spared."""
    return {
        "_id": clock.new_id(),
        "ids": [*ids],
        "spared": answer_id(call) if call.key else None,
        "marked_at": clock.real(),
    }


def forget_answers(desk: Any, again: Callable[[str], None]) -> int:
    """Empty the answers that hold what was marked a while ago; gives how many.

    `again(id)` then forgets what was written while the mark was made, by transactions that began
    before; whom it fails for keeps his mark. Twice, or in two replicas at once, all comes to the
    same.
    """
    before = clock.later(clock.real(), -SETTLED_SECONDS)
    marks = list(desk.database[MARKS].find({"marked_at": {"$lt": before}}))
    if not marks:
        return 0
    found = list(_holding(desk.database["outbox"], marks))
    for first in range(0, len(found), AT_ONCE):
        some = {"_id": {"$in": found[first : first + AT_ONCE]}}
        desk.database["outbox"].update_many(some, {"$set": {"result": None}})
    for one in marks:
        with apart("forget_again"):
            for name in one["ids"]:
                again(name)
            desk.database[MARKS].delete_one({"_id": one["_id"]})
    return len(found)


def _holding(outbox: Any, marks: list[Document]) -> Iterator[str]:
    """The answers that hold anything of what was marked; as fast for thousands as for one."""
    ids = {name.encode() for one in marks for name in one["ids"]}
    spared = {one["spared"] for one in marks}
    kept = {"answered_at": {"$gt": EVER}}
    for row in outbox.find(kept, {"result": 1}, batch_size=AT_ONCE):
        if row["result"] is None or row["_id"] in spared:
            continue
        owner = row["_id"].partition("|")[0].encode()
        if owner in ids or not ids.isdisjoint(ID.findall(row["result"])):
            yield row["_id"]
