"""The generated secrets of a cell: broker and database accounts, made once."""

import secrets
from dataclasses import asdict, dataclass, field

from cell.errors import CellError
from cell.home import Home

FILE = "secrets.json"


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Each is random; none is ever shown."""

    erlang_cookie: str = field(default_factory=lambda: secrets.token_hex(20))
    broker_password: str = field(default_factory=_password)
    broker_salt: str = field(default_factory=lambda: secrets.token_hex(4))
    mongo_key: str = field(default_factory=lambda: secrets.token_hex(48))
    mongo_admin: str = field(default_factory=_password)
    mongo_members: str = field(default_factory=_password)
    mongo_events: str = field(default_factory=_password)
    mongo_mentoring: str = field(default_factory=_password)
    mongo_notifications: str = field(default_factory=_password)
    mongo_federation: str = field(default_factory=_password)
    mongo_gateway: str = field(default_factory=_password)
    mongo_services: str = field(default_factory=_password)


def keys_of(home: Home) -> Keys:
    """The secrets an earlier start made, or new ones; written before anybody uses them.

    Refuses to make new ones for data that only the old ones open.
    """
    known = home.read_json(FILE)
    if not known and any(home.database.glob("data/*")):
        lost = f"{home.directory / FILE} is missing, and nothing else opens the data"
        raise CellError(f"{lost}: put it back, or restore a copy into another CELL_DIR")
    try:
        keys = Keys(**known)
    except TypeError:
        raise CellError(f"{home.directory / FILE} is of another version of Jejaring") from None
    if asdict(keys) != known:
        home.write_json(FILE, asdict(keys))
    return keys
