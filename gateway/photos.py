"""Photos: each is cleaned before it is kept, beside the views or in a bucket."""

import asyncio
from typing import Protocol

from gridfs import AsyncGridFSBucket, NoFile
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from chassis import clock
from chassis.errors import Outage
from chassis.settings import Settings
from gateway.picture import Picture, cleaned
from gateway.views.change import Document

DATABASE = "jejaring_files"


class Shelf(Protocol):
    """Where pictures are; an id has one picture for ever."""

    async def put(self, id: str, picture: Picture) -> None:
        """Keep it whole or not at all; once more with the id changes nothing. Raises Outage."""

    async def get(self, id: str) -> bytes | None:
        """What was kept, or None. Raises Outage."""


class Grid:
    """GridFS: beside the views, never inside a document.

    The id is the file's name: what broke off has pieces under an id of its own, in nobody's way.
    """

    def __init__(self, client: "AsyncMongoClient[Document]") -> None:
        self._bucket = AsyncGridFSBucket(client[DATABASE], bucket_name="photos")

    async def put(self, id: str, picture: Picture) -> None:
        """Into pieces, the description last: without it there is no picture."""
        try:
            async for _ in self._bucket.find({"filename": id}).limit(1):
                return
            await self._bucket.upload_from_stream_with_id(
                clock.new_id(), id, picture.body, metadata={"media_type": picture.media_type}
            )
        except PyMongoError as error:
            raise Outage(f"database: {type(error).__name__}") from error

    async def get(self, id: str) -> bytes | None:
        """All pieces."""
        try:
            found = await self._bucket.open_download_stream_by_name(id)
            return bytes(await found.read())
        except NoFile:
            return None
        except PyMongoError as error:
            raise Outage(f"database: {type(error).__name__}") from error


class Photos:
    """The pictures of this cell, clean, on whichever shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    @classmethod
    def of(cls, settings: Settings, client: "AsyncMongoClient[Document]") -> "Photos":
        """In the bucket that is set, else in the cell's own database."""
        if not settings.s3_bucket:
            return cls(Grid(client))
        from gateway.s3 import Bucket  # a gateway without a bucket has no use for it

        return cls(Bucket(settings))

    async def keep(self, id: str, raw: bytes) -> Picture:
        """Check, clean and keep; once more with the id changes nothing. Raises Problem, Outage."""
        picture = await asyncio.to_thread(cleaned, raw)
        await self._shelf.put(id, picture)
        return picture

    async def read(self, id: str) -> bytes | None:
        """A picture, or None. Raises Outage."""
        return await self._shelf.get(id)
