"""The calendar: a page of 20 events and one event, beside the bare application with the same."""

from collections.abc import Callable, Iterator

from bench.figures import in_turn, medians, rate
from bench.ground import Ground
from bench.load import reads
from bench.reads import bare
from bench.region import AREA, EVENTS, announced, coordinator
from bench.table import Row, at_least

MANY = 60
TARGET = 0.75


def measure(ground: Ground) -> Iterator[Row]:
    """Four sides in turn, 32 connections each, with a token: no kept page answers."""
    with coordinator(ground) as who:
        events = [announced(who, number) for number in range(MANY)]
    page, one = f"{ground.url}{EVENTS}?area={AREA}", f"{ground.url}{EVENTS}/{events[7]['id']}"
    plain = [{**event, "_id": event["id"], "order": event["starts_at"]} for event in events]
    seconds = ground.pace.seconds
    with bare(ground, plain) as list_url:
        sides: dict[str, Callable[[], float]] = {
            "page": lambda: reads(page, ground.token, seconds=seconds).rate,
            "bare page": lambda: reads(list_url, seconds=seconds).rate,
            "event": lambda: reads(one, ground.token, seconds=seconds).rate,
            "bare event": lambda: reads(f"{list_url}/{events[7]['id']}", seconds=seconds).rate,
        }
        for side in sides.values():
            side()
        found = medians(in_turn(ground.pace.rounds, sides))
    for name, told in (("page", "calendar page of 20"), ("event", "event in detail")):
        yield at_least(
            f"{told} (token, live) vs bare Falcon ASGI + MongoDB",
            TARGET,
            found[name] / found[f"bare {name}"],
            ours=rate(found[name]),
            baseline=rate(found[f"bare {name}"]),
        )
