"""`CLOCK_FILE`: the region's clock may be set ahead, for a story or a test, and says so loudly."""

from collections.abc import Callable

from prometheus_client import Gauge

from chassis import clock
from chassis.log import get_logger
from chassis.settings import Settings, SettingsError

log = get_logger()

AHEAD = Gauge("jejaring_clock_ahead_seconds", "How far the region's clock was set ahead")
AHEAD.set_function(clock.ahead)


def follow(settings: Settings) -> None:
    """Let the region's clock of this process go by the setting; raises SettingsError."""
    try:
        clock.follow(settings.clock_file)
    except ValueError as error:
        raise SettingsError(f"CLOCK_FILE: {error}") from None
    if clock.may_travel():
        log.warning("the clock may be set ahead", file=settings.clock_file, seconds=clock.ahead())


def alarms() -> dict[str, Callable[[], bool]]:
    """`real_clock`, false as long as somebody may set the clock; nothing at all without that."""
    return {"real_clock": lambda: False} if clock.may_travel() else {}
