"""Ten times the institutions: what a list, a detail and a command cost, and no collection scan."""

from collections.abc import Callable, Iterator, Mapping

import httpx

from bench.commands import registering
from bench.figures import ms
from bench.ground import Ground
from bench.load import one_by_one, request
from bench.reads import LIST
from bench.table import Row, at_most

FEW, MANY = 400, 4000
PATHS = (
    LIST,
    f"{LIST}?area=35.71&level=SD&limit=100",
    f"{LIST}?sort=-updated_at",
    f"{LIST}?q=sd+melati",
    f"{LIST}?npsn=B0000001",
    "/v1/areas",
    "/v1/areas/resolve?code=35.71.01",
    "/v1/region",
    "/v1/members",
    "/v1/members?q=koordinator",
    "/v1/members?listed=true&competency=ICT&level=2",
    "/v1/members?area=35.71&sort=-updated_at",
    "/v1/me",
    "/v1/me/export",
    "/v1/appointments",
    "/v1/competency-frameworks",
    "/v1/mentorships",
    "/v1/mentorships/map?area=35.71",
    "/v1/mentoring-issues?area=35.71&state=open",
    "/v1/registrations?area=35.71",
    "/v1/reports/activity",
    "/v1/reports/attendance",
    "/v1/reports/competency",
    "/v1/reports/mentoring",
    "/v1/reports/dashboard",
    "/v1/sync",
)
# One document per key, per speaker or per ended session: read whole, on purpose.
SMALL = ("keys", "meta", "sessions", "system.profile")


def measure(ground: Ground) -> Iterator[Row]:
    """The same at both sizes; each side's best of some rounds, for drift is not growth."""
    few = costs(ground)
    ground.grow_to(MANY)
    many = costs(ground)
    for name, before in few.items():
        yield at_most(
            f"{MANY // FEW}x institutions: {name} p50",
            1.2,
            many[name] / before,
            ours=ms(many[name]),
            baseline=ms(before),
        )
    scans = collection_scans(ground)
    yield at_most(
        "collection scans on any read or command", 0, len(scans), unit="", ours=", ".join(scans)
    )


def costs(ground: Ground) -> Mapping[str, float]:
    """p50 of each, one at a time."""
    seconds = ground.pace.seconds / 2
    sides: dict[str, Callable[[int], bytes]] = {
        "list": getting(ground, LIST),
        "detail": getting(ground, f"{LIST}/{ground.institutions[7]}"),
        "command": registering(ground),
    }
    rounds = range(ground.pace.rounds)
    found = {
        name: [one_by_one(ground.url, make, seconds).p50 for _ in rounds]
        for name, make in sides.items()
    }
    return {name: min(values) for name, values in found.items()}


def getting(ground: Ground, path: str) -> Callable[[int], bytes]:
    """The same read over and over, with a token, so that no kept page answers."""
    raw = request("GET", path, Authorization=f"Bearer {ground.token}")
    return lambda _: raw


def collection_scans(ground: Ground) -> list[str]:
    """Collections that some read or command went through from end to end."""
    databases = [ground.mongo[name] for name in ("jejaring_views", "jejaring_members")]
    for database in databases:
        database.command("profile", 2)
    try:
        use_everything(ground)
    finally:
        for database in databases:
            database.command("profile", 0)
    planned = {"planSummary": {"$regex": "COLLSCAN"}}
    found = {d["ns"] for one in databases for d in one["system.profile"].find(planned)}
    return sorted(name for name in found if name.partition(".")[2] not in SMALL)


def use_everything(ground: Ground) -> None:
    """Every read once, and a command."""
    headers = {"Authorization": f"Bearer {ground.token}"}
    with httpx.Client(base_url=ground.url, headers=headers, timeout=30) as client:
        for path in PATHS:
            page = client.get(path).raise_for_status()
            following = page.json().get("next")
            if following:
                sign = "&" if "?" in path else "?"
                client.get(f"{path}{sign}cursor={following}").raise_for_status()
    one_by_one(ground.url, registering(ground), 0.2)
