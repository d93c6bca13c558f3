"""Founds the region of a cell: areas and first accounts, by one command to the members service."""

import os
import sys
from pathlib import Path
from typing import Any

from cell.credentials import credentials_of
from cell.home import Home
from cell.region import Region, load_region
from chassis import asking
from chassis.call import Actor
from chassis.errors import Outage
from contracts.members import refusals
from contracts.members.commands import FoundAccount, FoundArea, FoundRegion

DEADLINE_SECONDS = 30.0
CELL = "cell"  # who asks: only the cell itself may found its region


def founding(region: Region, credentials: dict[str, Any]) -> FoundRegion:
    """The command; giving it again changes nothing."""
    return FoundRegion(
        name=region.name,
        timezone=region.timezone,
        areas=tuple(
            FoundArea(
                id=area.id,
                name=area.name,
                codes=area.codes,
                latitude=area.latitude,
                longitude=area.longitude,
            )
            for area in region.areas
        ),
        accounts=tuple(_accounts(region, credentials)),
    )


def _accounts(region: Region, credentials: dict[str, Any]) -> list[FoundAccount]:
    logins = credentials["area_coordinators"]
    return [
        _account("coordinator", f"Koordinator {region.name}", credentials["coordinator"]),
        _account("operator", f"Operator {region.name}", credentials["operator"]),
        *(
            _account("area_coordinator", f"Koordinator {area.name}", logins[area.id], area.id)
            for area in region.areas
        ),
    ]


def _account(role: str, name: str, login: dict[str, str], area: str | None = None) -> FoundAccount:
    return FoundAccount(
        role=role, area=area, name=name, email=login["username"], password=login["password"]
    )


def found(amqp_uri: str, region: Region, credentials: dict[str, Any]) -> bool:
    """Ask the members service; False where it was founded earlier with other data, and stays so."""
    command = founding(region, credentials)
    try:
        asking.call(
            amqp_uri,
            region.id,
            command,
            actor=Actor(address=CELL),
            deadline_seconds=DEADLINE_SECONDS,
        )
    except LookupError as refused:
        if refusals.REGION_FOUNDED.code not in str(refused):
            raise
        return False
    return True


def main() -> int:
    """Read the process's environment and ask; says nothing when all is well."""
    region = load_region(os.environ["REGION"])
    credentials = credentials_of(Home(Path(os.environ["CELL_DIR"])), region)
    try:
        if not found(os.environ["AMQP_URI"], region, credentials):
            print(f"{region.id} was founded earlier with other accounts or areas; they stay")
    except (LookupError, Outage) as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
