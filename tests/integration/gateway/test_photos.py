"""Photos on a real GridFS: kept once under their id, read as they were kept."""

import asyncio
from io import BytesIO

import pytest
from gridfs.asynchronous.grid_file import AsyncGridIn
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
            files = await client[DATABASE]["photos.files"].count_documents({"filename": "p1"})
            return first, await photos.read("p1"), files, await photos.read("none")

    first, kept, files, missing = asyncio.run(story())
    assert len(first.body) > 255 * 1024, "more than one chunk"
    assert (kept, files, missing) == (first.body, 1, None)


def test_a_photo_whose_keeping_broke_off_can_be_sent_once_more(ground, monkeypatch):
    async def broken(file):
        await file._flush_buffer(force=True)
        raise AutoReconnect("away")

    async def story():
        async with AsyncMongoClient(ground.cell.plan.mongo_uri("gateway")) as client:
            photos, raw = Photos(Grid(client)), a_picture()
            with monkeypatch.context() as patch:
                patch.setattr(AsyncGridIn, "_flush", broken)
                with pytest.raises(Outage):
                    await photos.keep("p3", raw)
            missing = await photos.read("p3")
            kept = await photos.keep("p3", raw)
            return missing, kept.body, await photos.read("p3")

    missing, kept, read = asyncio.run(story())
    assert missing is None
    assert read == kept


class Away:
    """A bucket of a database that does not answer."""

    def find(self, _):
        raise AutoReconnect("away")

    async def open_download_stream_by_name(self, _):
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
