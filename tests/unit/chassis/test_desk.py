"""What a desk declares before anybody serves."""

from types import SimpleNamespace

from pymongo import IndexModel

from chassis.desk import Desk
from tests.support.plain import some_settings


class Database:
    """Remembers which collections were given which indexes; none is not accepted."""

    def __init__(self, made):
        self.made = made

    def __getitem__(self, name):
        def create_indexes(wanted):
            assert wanted, "MongoDB refuses an empty list"
            self.made[name] = wanted

        return SimpleNamespace(create_indexes=create_indexes)


def test_a_collection_without_indexes_is_left_alone(monkeypatch):
    made = {}
    desk = Desk(database="x", indexes={"plain": [], "wish": [IndexModel("area")]})
    desk.settings = some_settings()
    desk.database = Database(made)

    desk.index()

    assert [index.document["key"] for index in made["wish"]] == [{"area": 1}]
    assert "plain" not in made
