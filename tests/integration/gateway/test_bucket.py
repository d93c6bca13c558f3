"""Photos in a real bucket: clean, whole or not at all; an outage of it is told and nothing else."""

import asyncio
import subprocess
import sys
import time
from io import BytesIO

import pytest
from PIL import Image

from chassis.errors import Outage
from chassis.settings import Settings, SettingsError
from contracts.mentoring import states
from contracts.mentoring.commands import AddPhoto
from gateway.photos import Photos
from gateway.problems import Problem
from tests.component.gateway.test_photos import sent
from tests.support.bucket import S3
from tests.support.gateway import answered, peopled
from tests.support.pictures import a_picture
from tests.support.stated import a_case, a_visit, later

pytestmark = pytest.mark.cell
SHOWN = "/v1/mentorships/m1/visits/v1/photos/p1"


@pytest.fixture
def s3(tmp_path):
    with S3(tmp_path / "s3") as s3:
        yield s3


def photos(s3, **settings):
    return Photos.of(s3.of_a_gateway(**settings), None)


def with_place():
    """A photo that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    exif.get_ifd(0x8825)[2] = (7.0, 48.0, 0.0)
    return a_picture(size=(3000, 40), exif=exif)


def test_a_photo_is_kept_without_metadata_and_read_as_it_was_kept(s3):
    async def story():
        shelf = photos(s3)
        kept = await shelf.keep("p1", with_place())
        await shelf.keep("p1", with_place())
        return kept, await shelf.read("p1"), await shelf.read("none")

    kept, read, missing = asyncio.run(story())

    assert (read, missing) == (kept.body, None)
    assert s3.kept() == {"photos/p1": kept.body}
    opened = Image.open(BytesIO(read))
    assert (opened.format, opened.size, dict(opened.getexif())) == ("JPEG", (2048, 27), {})


def test_what_is_no_picture_never_comes_to_the_bucket(s3):
    with pytest.raises(Problem):
        asyncio.run(photos(s3).keep("p1", b"%PDF-1.7"))

    assert s3.kept() == {}


@pytest.mark.parametrize("wrong", [{"s3_secret_key": "lain"}, {"s3_bucket": "tiada"}])
def test_a_bucket_that_says_no_is_an_outage(s3, wrong):
    async def story():
        shelf = photos(s3, **wrong)
        with pytest.raises(Outage):
            await shelf.keep("p1", a_picture())

    asyncio.run(story())
    assert s3.kept() == {}


def the_house(s3):
    """A gateway whose photos are in the bucket."""
    house = peopled()
    house.put(a_case(), a_visit())
    house.front.photos = photos(s3)
    return house


def test_while_the_bucket_is_away_photos_are_503_and_all_else_goes_on(s3):
    house = the_house(s3)
    s3.stop()
    began = time.monotonic()

    refused = sent(house, a_picture())

    assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (503, True)
    assert time.monotonic() - began < 6
    assert house.backend.asked == [], "nothing is noted that is not kept"
    assert house.get("/readyz").status_code == house.get("/healthz").status_code == 200
    assert house.get("/v1/mentorships/m1", by="ayu").status_code == 200
    s3.start()
    assert s3.kept() == {}
    house.backend.replies[AddPhoto.verb] = answered(later(a_visit()))
    assert sent(house, a_picture()).status_code == 201
    (kept,) = s3.kept()
    assert kept == f"photos/{house.backend.asked[-1].command.photo_id}"


def test_a_photo_is_shown_from_the_bucket_and_503_without_it(s3):
    house = the_house(s3)
    photo = states.Photo(
        id="p1", media_type="image/jpeg", size_bytes=10, no_identifiable_child=True
    )
    house.put(later(a_visit(), photos=(photo,)))

    assert house.get(SHOWN, by="ayu").status_code == 404
    kept = asyncio.run(photos(s3).keep("p1", a_picture()))
    assert house.get(SHOWN, by="ayu").content == kept.body
    s3.stop()
    away = house.get(SHOWN, by="ayu")
    assert (away.status_code, "Retry-After" in away.headers) == (503, True)
    s3.start()


def test_a_gateway_without_a_bucket_does_not_load_the_library():
    code = "import sys, gateway.app; sys.exit('obstore' in sys.modules)"

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_half_of_the_settings_is_told_at_the_start():
    given = {"REGION": "uji", "AMQP_URI": "amqp://x", "MONGO_URI": "mongodb://x"}

    with pytest.raises(SettingsError, match="S3_BUCKET needs S3_ACCESS_KEY; S3_BUCKET needs"):
        Settings.from_environment({**given, "S3_BUCKET": "foto"})
