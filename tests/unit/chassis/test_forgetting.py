"""Who left goes out of the kept answers: what it costs, and what a bug in one holds up."""

import time
from types import SimpleNamespace

import orjson

from chassis import clock
from chassis.forgetting import MARKS, forget_answers

LONG_AGO = "2026-01-01T00:00:00.000Z"


class Rows(dict):
    """A collection in memory, as far as the round asks it."""

    def find(self, *_, **__):
        return list(self.values())

    def update_many(self, some, change):
        for id in some["_id"]["$in"]:
            self[id] |= change["$set"]

    def delete_one(self, one):
        del self[one["_id"]]


def a_desk(marked, results):
    marks = {id: {"_id": id, "ids": [id], "spared": None, "marked_at": LONG_AGO} for id in marked}
    answers = {
        f"{owner}|verb|{number}": {
            "_id": f"{owner}|verb|{number}",
            "result": orjson.dumps(result),
        }
        for number, (owner, result) in enumerate(results)
    }
    return SimpleNamespace(database={MARKS: Rows(marks), "outbox": Rows(answers)})


def test_answers_to_him_and_of_him_are_emptied_and_others_stay():
    he, she, left = clock.new_id(), clock.new_id(), []
    results = [(he, {"id": 1}), (she, {"mentor": [{"id": he}]}), (she, {"note": f"of {he}"})]
    desk = a_desk([he], results)

    assert forget_answers(desk, left.append) == 2
    assert [row["result"] is None for row in desk.database["outbox"].values()] == [1, 1, 0]
    assert (left, desk.database[MARKS]) == ([he], {})


def test_thousands_who_left_as_after_a_restore_cost_little_more_than_one():
    people = [clock.new_id() for _ in range(5000)]
    results = [("x", {"members": people[:20], "told": "…" * 500})] * 3000
    strangers = [clock.new_id() for _ in people]

    began = time.process_time()
    assert forget_answers(a_desk(strangers, results), lambda _: None) == 0
    assert time.process_time() - began < 2


def test_a_bug_with_one_holds_up_nobody_and_he_is_tried_again():
    one, two = clock.new_id(), clock.new_id()
    desk, done = a_desk([one, two], []), []

    def again(id):
        if id == one and not done:
            raise ZeroDivisionError("a bug")
        done.append(id)

    forget_answers(desk, again)
    assert (done, list(desk.database[MARKS])) == ([two], [one])
    forget_answers(desk, again)
    assert (done, list(desk.database[MARKS])) == ([two, one], [])
