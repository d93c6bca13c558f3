"""A picture: checked by what it is, not by what it says, and stripped of all but itself."""

from dataclasses import dataclass
from io import BytesIO

from contracts.mentoring.refusals import PHOTO_INVALID
from gateway.problems import Problem

LARGEST_BYTES = 8 * 1024 * 1024
LARGEST_SIDE = 2048
MOST_PIXELS = 50_000_000
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as it is kept."""

    media_type: str
    body: bytes


def cleaned(raw: bytes) -> Picture:
    """The picture alone: turned upright, at most 2048 wide or high, without any metadata.

    Raises Problem (422) for anything that is no JPEG, PNG or WebP, or that unpacks to too much.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # only a worker that takes photos

    try:
        with Image.open(BytesIO(raw), formats=tuple(FORMATS)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Problem(PHOTO_INVALID, "the picture has too many pixels")
            kind = str(opened.format)
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            bare = upright.convert("RGB" if kind == "JPEG" else "RGBA")
            bare.info.clear()
            kept = BytesIO()
            bare.save(kept, format=kind)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError) as error:
        told = "send a JPEG, PNG or WebP picture"
        raise Problem(PHOTO_INVALID, told) from error
    return Picture(media_type=FORMATS[kind], body=kept.getvalue())
