"""What counts as an outage is waited for, upserts that met are repeated; a no is a no."""

import pytest
from pymongo import UpdateOne
from pymongo.errors import AutoReconnect, BulkWriteError, DuplicateKeyError, WriteConcernError

from chassis.mongo import is_outage, lost_races

STEPPED_DOWN = {"code": 189, "errmsg": "PrimarySteppedDown"}
INTERRUPTED = {"index": 0, "code": 11602, "errmsg": "InterruptedDueToReplStateChange"}
TWICE = {"index": 0, "code": 11000, "errmsg": "E11000 duplicate key"}


def bulk(
    *errors: dict[str, object], concerns: tuple[dict[str, object], ...] = ()
) -> BulkWriteError:
    """What the driver makes of a bulk write that failed."""
    return BulkWriteError({"writeErrors": list(errors), "writeConcernErrors": list(concerns)})


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (AutoReconnect("connection closed"), True),
        (WriteConcernError("operation was interrupted", 11602), True),
        (WriteConcernError("not enough data-bearing nodes", 100), False),
        (bulk(concerns=(STEPPED_DOWN,)), True),
        (bulk(INTERRUPTED), True),
        (bulk(TWICE, INTERRUPTED), True),
        (bulk(TWICE), False),
        (bulk(), False),
        (DuplicateKeyError("E11000 duplicate key"), False),
        (ValueError("a bug"), False),
    ],
)
def test_a_write_that_met_an_election_is_an_outage_and_no_bug(error, outage):
    assert is_outage(error) is outage


def test_lost_races_are_written_again_and_other_errors_are_errors():
    updates = [UpdateOne({"_id": n}, {"$set": {}}) for n in range(3)]
    lost = {"index": 1, "code": 11000}
    assert lost_races(bulk(lost), updates) == [updates[1]]
    unsafe = bulk(lost, concerns=(STEPPED_DOWN,))
    for error in (bulk(), bulk({"index": 0, "code": 50}), unsafe):
        with pytest.raises(BulkWriteError):
            lost_races(error, updates)
