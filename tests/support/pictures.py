"""Pictures as a phone takes them."""

from io import BytesIO
from typing import Any

from PIL import Image


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (30, 20), **more: Any) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "red").save(kept, kind, **more)
    return kept.getvalue()
