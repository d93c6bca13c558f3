"""Distance on the sphere: what matching needs of geography."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_KM = 6371.0088


class Spot(NamedTuple):
    """A place, in radians."""

    latitude: float
    longitude: float
    cosine: float


def spot(latitude: float | None, longitude: float | None) -> Spot | None:
    """A place given in degrees; None if it is not known."""
    if latitude is None or longitude is None:
        return None
    return Spot(radians(latitude), radians(longitude), cos(radians(latitude)))


def kilometres(here: Spot, there: Spot) -> float:
    """The shortest way between them (haversine)."""
    across = sin((there.latitude - here.latitude) / 2) ** 2
    along = sin((there.longitude - here.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across + here.cosine * there.cosine * along)))
