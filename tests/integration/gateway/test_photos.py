"""Photos on a real GridFS: kept once under their id, read as they were kept."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect

from chassis.errors import Outage
from gateway.photos import DATABASE, Grid, Photos


def a_picture(side=600):
    kept = BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(kept, "PNG")
    return kept.getvalue()


def test_a_photo_is_kept_once_and_read_as_it_was_kept(ground):
    async def story():
        async with AsyncMongoClient(ground.cell.plan.mongo_uri("gateway")) as client:
            photos = Photos(Grid(client))
            first = await photos.keep("p1", a_picture())
            await photos.keep("p1", a_picture(20))
            files = await client[DATABASE]["photos.files"].count_documents({"_id": "p1"})
            return first, await photos.read("p1"), files, await photos.read("none")

    first, kept, files, missing = asyncio.run(story())
    assert len(first.body) > 255 * 1024, "more than one chunk"
    assert (kept, files, missing) == (first.body, 1, None)


class Away:
    """A bucket of a database that does not answer."""

    def find(self, _):
        raise AutoReconnect("away")

    async def open_download_stream(self, _):
        raise AutoReconnect("away")


def test_a_database_that_is_away_is_an_outage(ground):
    async def story():
        async with AsyncMongoClient(ground.cell.plan.mongo_uri("gateway")) as client:
            grid = Grid(client)
            grid._bucket = Away()
            photos = Photos(grid)
            with pytest.raises(Outage):
                await photos.keep("p2", a_picture(20))
            with pytest.raises(Outage):
                await photos.read("p2")

    asyncio.run(story())
