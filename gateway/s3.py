"""Photos in a bucket that speaks S3; imported only by a gateway that is set to use one.

One request for a picture: it is there whole or not at all. Source of the library: decision 125.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from chassis.errors import Outage
from chassis.settings import Settings
from gateway.picture import Picture

T = TypeVar("T")

DEADLINE_SECONDS = 4.0
AGAIN_SECONDS = 5


class Bucket:
    """The pictures of this cell under `photos/`."""

    def __init__(self, settings: Settings) -> None:
        one = timedelta(seconds=DEADLINE_SECONDS)
        self._store = S3Store(
            settings.s3_bucket,
            prefix="photos",
            endpoint=settings.s3_endpoint or None,
            region=settings.s3_region,
            access_key_id=settings.s3_access_key,
            secret_access_key=settings.s3_secret_key,
            client_options={
                "timeout": one,
                "connect_timeout": timedelta(seconds=2),
                "allow_http": settings.s3_endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 2, "retry_timeout": one},
        )

    async def put(self, id: str, picture: Picture) -> None:
        """Keep it; once more with the id writes the same. Raises Outage."""
        kind = {"Content-Type": picture.media_type}
        put = obstore.put_async(self._store, id, picture.body, attributes=kind, use_multipart=False)
        await reached(put)

    async def get(self, id: str) -> bytes | None:
        """What was kept, or None. Raises Outage."""
        return await reached(self._read(id))

    async def _read(self, id: str) -> bytes | None:
        try:
            found = await obstore.get_async(self._store, id)
        except FileNotFoundError:
            return None
        return bytes(await found.bytes_async())


async def reached(work: Awaitable[T]) -> T:
    """What the bucket answers; raises Outage when it is away, slow or says no."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await work
    except (BaseError, OSError, TimeoutError) as error:
        raise Outage(f"photos: {type(error).__name__}", AGAIN_SECONDS) from error
