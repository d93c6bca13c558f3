"""Photos of visits: what they really are, without metadata, and only with the declaration."""

from io import BytesIO

import pytest
from PIL import Image

from gateway import picture
from gateway.picture import cleaned
from gateway.problems import Problem
from tests.support.pictures import a_picture


def test_metadata_is_stripped_and_size_is_bounded():
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    picture = cleaned(a_picture(size=(3000, 1000), exif=exif))
    opened = Image.open(BytesIO(picture.body))

    assert picture.media_type == "image/jpeg"
    assert opened.size == (2048, 683)
    assert dict(opened.getexif()) == {}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_stay_what_they_are(kind):
    assert cleaned(a_picture(kind)).media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "raw", [b"", b"%PDF-1.7", b"<svg onload=alert(1)>", a_picture("GIF")], ids=range(4)
)
def test_what_is_no_picture_of_ours_is_refused(raw):
    with pytest.raises(Problem) as caught:
        cleaned(raw)
    assert caught.value.code.code == "mentoring.photo_invalid"


def test_a_picture_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(picture, "MOST_PIXELS", 100)

    with pytest.raises(Problem):
        cleaned(a_picture())
