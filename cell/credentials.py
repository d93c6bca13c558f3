"""The sign-in data of a region's first accounts, generated before the region is founded."""

import secrets
from typing import Any

from cell.errors import CellError
from cell.home import Home
from cell.plan import FILE as CELL
from cell.region import Region

FILE = "credentials.json"
DOMAIN = "jejaring.localhost"


def credentials_of(home: Home, region: Region) -> dict[str, Any]:
    """The known accounts, with one for each area that has none yet; written before use.

    Refuses to make them anew for a cell that was started: it knows the old ones.
    """
    known = home.read_json(FILE)
    if not known and home.read_json(CELL):
        lost = f"{home.directory / FILE} is missing, and new passwords would open nothing"
        raise CellError(f"{lost}: put it back, each backup holds it")
    areas = known.get("area_coordinators", {})
    complete = {
        "coordinator": known.get("coordinator") or _login("koordinator", region),
        "operator": known.get("operator") or _login("operator", region),
        "area_coordinators": {
            area.id: areas.get(area.id) or _login(f"koordinator-{area.id}", region)
            for area in region.areas
        },
    }
    if complete != known:
        home.write_json(FILE, complete)
        home.write_json("sign-in.json", {"grant_type": "password", **complete["coordinator"]})
    return complete


def _login(who: str, region: Region) -> dict[str, str]:
    username = f"{who}@{region.id}.{DOMAIN}"
    return {"username": username, "password": secrets.token_urlsafe(18)}
