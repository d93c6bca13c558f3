"""The gateway's store on a real database: upserts that meet, and a watch that comes to its end."""

import asyncio
import contextlib

import pytest
from pymongo.errors import BulkWriteError, DuplicateKeyError

from gateway.views.change import Change
from gateway.views.store import Store

pytestmark = pytest.mark.cell
DATABASE = "uji_store"
VIEW = "areas"


def a_change(id, sequence, name):
    return Change(view=VIEW, id=id, part="area", sequence=sequence, fields={"name": name})


class Met:
    """A collection whose first write meets another's insert of the same document, and loses."""

    def __init__(self, collection, other):
        self.collection, self.other = collection, other
        self.losses = 0

    def __getitem__(self, _):
        return self

    async def _lose(self):
        self.losses += 1
        await self.collection.update_one(self.other.place, self.other.pipeline(), upsert=True)

    async def update_one(self, *told):
        if not self.losses:
            await self._lose()
            raise DuplicateKeyError("E11000 duplicate key")
        await self.collection.update_one(*told)

    async def bulk_write(self, updates, ordered):
        if not self.losses:
            await self._lose()
            await self.collection.bulk_write(updates[:1], ordered=ordered)
            raise BulkWriteError({"writeErrors": [{"index": 1, "code": 11000}]})
        assert len(updates) == 1, "only what was lost is written again"
        await self.collection.bulk_write(updates, ordered=ordered)


@pytest.fixture
def uri(ground):
    yield ground.mongo_uri
    ground.mongo.drop_database(DATABASE)


def after_meeting(uri, other, *changes):
    """Names in the view after these changes met the other's."""

    async def story():
        store = Store(uri, DATABASE)
        store._at_once = met = Met(store._at_once[VIEW], other)
        try:
            await store.apply(changes)
            assert met.losses == 1
            return {one["_id"]: one["name"] for one in await store.find(VIEW, {})}
        finally:
            await store.close()

    return asyncio.run(story())


@pytest.mark.parametrize(("others", "stands"), [(1, "mine"), (3, "theirs")])
def test_an_upsert_that_met_another_is_written_again_and_the_newer_stands(uri, others, stands):
    other, mine = a_change("a2", others, "theirs"), a_change("a2", 2, "mine")

    assert after_meeting(uri, other, mine) == {"a2": stands}


@pytest.mark.parametrize(("others", "stands"), [(1, "mine"), (3, "theirs")])
def test_of_several_only_those_that_met_another_are_written_again(uri, others, stands):
    other, mine = a_change("a2", others, "theirs"), a_change("a2", 2, "mine")

    found = after_meeting(uri, other, a_change("a1", 1, "first"), mine)

    assert found == {"a1": "first", "a2": stands}


def test_a_watch_ends_with_its_database(uri, ground):
    async def story():
        store = Store(uri, DATABASE)
        try:
            await store.apply([a_change("a1", 1, "first")])
            async with asyncio.timeout(20), contextlib.aclosing(store.watch([VIEW])) as watch:
                assert await anext(watch) is None
                await asyncio.to_thread(ground.mongo.drop_database, DATABASE)
                return [told async for told in watch if told]
        finally:
            await store.close()

    assert asyncio.run(story()) == [(VIEW, "")]
