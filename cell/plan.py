"""The whole of one cell, decided before anything starts: region, ports, secrets, environments."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cell.broker import Broker
from cell.database import Database
from cell.errors import CellError
from cell.home import Home
from cell.keys import keys_of
from cell.ports import HOST, Ports, ports_of
from cell.region import Region, load_region

FILE = "cell.json"
SERVERS = "servers.json"  # the addresses of existing ones, which hold passwords; null for our own
MAIL_DOMAIN = "jejaring.localhost"

# Hashing a password takes 19 MiB for a moment: glibc is told to give such memory back.
FRUGAL = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
# Everything is on the loopback: nothing is looked up, and eventlet's resolver takes 7 MB.
NO_LOOKUPS = {"EVENTLET_NO_GREENDNS": "yes"}
MONGO_USER = {
    "services": "services",
    "members": "members",
    "events": "events",
    "mentoring": "mentoring",
    "notifications": "notifications",
    "federation": "federation",
    "projector": "gateway",
    "gateway": "gateway",
}
HEARERS = tuple(name for name in MONGO_USER if name not in ("services", "gateway"))


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the caller chooses; the rest follows."""

    region: str = "kediri-raya"
    http_port: int | None = None
    split: bool = False
    amqp_uri: str | None = None
    mongo_uri: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What will run, and with which settings. `amqp_uri` and `mongo_uri` name existing servers."""

    home: Home
    region: Region
    ports: Ports
    broker: Broker
    database: Database
    choices: Choices

    @property
    def base_url(self) -> str:
        """Where the gateway answers."""
        return f"http://{HOST}:{self.ports.http}"

    @property
    def amqp_uri(self) -> str:
        """The existing broker's address, or our own's."""
        return self.choices.amqp_uri or self.broker.uri

    def mongo_uri(self, process: str) -> str:
        """The database as this process may see it."""
        return self.choices.mongo_uri or self.database.uri(MONGO_USER[process])

    def health_port(self, process: str) -> int:
        """Where the process says whether it lives; the gateway says so on its own port."""
        return (
            self.ports.http
            if process == "gateway"
            else int(getattr(self.ports, f"{process}_health"))
        )

    def environment(self, process: str) -> dict[str, str]:
        """The settings of `services`, of one service, of `projector` or `gateway`."""
        return {
            "REGION": self.region.id,
            "REGION_NAME": self.region.name,
            "TIMEZONE": self.region.timezone,
            "AMQP_URI": self.amqp_uri,
            "MONGO_URI": self.mongo_uri(process),
            "HTTP_HOST": HOST,
            "HTTP_PORT": str(self.ports.http),
            "GATEWAY_WORKERS": os.environ.get("GATEWAY_WORKERS", "1"),
            "HEALTH_PORT": str(self.health_port(process)),
            "HEARERS": ",".join(HEARERS),
            "SMTP_URI": f"smtp://{HOST}:{self.ports.smtp}",
            "MAIL_FROM": f"jejaring@{self.region.id}.{MAIL_DOMAIN}",
            "PHONE_MAIL_DOMAIN": f"phone.{MAIL_DOMAIN}",
            "PUBLIC_URL": os.environ.get("PUBLIC_URL", self.base_url),
            "LOG_LEVEL": os.environ.get("LOG_LEVEL", "INFO"),
            **FRUGAL,
            **({} if self.choices.amqp_uri or self.choices.mongo_uri else NO_LOOKUPS),
            **self.choices.settings,
        }


def plan_cell(directory: Path, choices: Choices, running: bool = False) -> Plan:
    """Decide ports and secrets, the remembered ones first; refuses another region's directory."""
    home = Home(directory)
    home.prepare()
    if not running:
        home.check_space()
    region = load_region(choices.region)
    known = home.read_json(FILE)
    held = known.get("region", region.id)
    if held != region.id:
        raise CellError(
            f"{directory} holds region {held}; choose another: CELL_DIR=.cell-{region.id}"
        )
    if running:
        choices = replace(choices, split=_split(choices.split, known.get("split", choices.split)))
    keys, ports = keys_of(home), ports_of(home, choices.http_port, running)
    return Plan(
        home=home,
        region=region,
        ports=ports,
        broker=Broker(home, keys, ports),
        database=Database(home, keys, ports),
        choices=choices,
    )


def _split(wanted: bool, runs: bool) -> bool:
    """How a cell that runs goes on: as it is; refuses to split it meanwhile."""
    if wanted and not runs:
        raise CellError("it runs already, its services in one process; to split them: make down")
    return runs
