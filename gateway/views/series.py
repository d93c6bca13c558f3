"""View `series`: events that come again, and their dates."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.events.states import Series
from gateway.views import eyes
from gateway.views.change import Change, plain

NAME = "series"
KINDS = ("series",)
INDEXES = [
    IndexModel([("order", 1), ("_id", 1)]),
    IndexModel([("updated_at", 1), ("_id", 1)]),
    IndexModel([("area", 1), ("order", 1), ("_id", 1)]),
]


def fold(series: Series) -> list[Change]:
    """The series' document."""
    fields = {
        "version": series.version,
        "eyes": [*eyes.of_area(series.area), "active"],
        "order": plain(series.title),
        "area": series.area,
        "updated_at": series.updated_at,
        "series": encode(series),
    }
    return [Change(view=NAME, id=series.id, part="series", sequence=series.version, fields=fields)]
