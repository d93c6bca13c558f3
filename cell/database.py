"""A private mongod: one member, one replica set, one account per process."""

import os
import shutil
import signal
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from cell.errors import CellError
from cell.home import Home, write_private
from cell.keys import Keys
from cell.ports import HOST, Ports

REPLICA_SET = "jejaring"
HAS_USERS, ALREADY_INITIALIZED = 13, 23
WRONG_PASSWORD = 18

# Each process opens its own databases; nobody reads a sibling's.
DATABASES = {
    "members": ("jejaring_members",),
    "events": ("jejaring_events",),
    "mentoring": ("jejaring_mentoring",),
    "notifications": ("jejaring_notifications",),
    "federation": ("jejaring_federation",),
    "gateway": ("jejaring_views", "jejaring_files"),
    "services": (
        "jejaring_members",
        "jejaring_events",
        "jejaring_mentoring",
        "jejaring_notifications",
        "jejaring_federation",
        "jejaring_views",
    ),
}

AUDIT = "jejaring_audit"
AUDITORS = ("gateway", "services")  # who projects, and who notes what was taken out
AUDITING = "auditing"

CONFIGURATION = """\
net: {{bindIp: {host}, port: {port}, unixDomainSocket: {{enabled: false}}}}
storage:
  dbPath: {data}
  wiredTiger: {{engineConfig: {{cacheSizeGB: 0.25}}}}
replication: {{replSetName: {replica_set}, oplogSizeMB: 512}}
security: {{authorization: enabled, keyFile: {key}}}
systemLog: {{quiet: true}}
operationProfiling: {{slowOpThresholdMs: 500}}
setParameter:
  transactionLifetimeLimitSeconds: 3
  diagnosticDataCollectionEnabled: false
  shutdownTimeoutMillisForSignaledShutdown: 100
"""


@dataclass(frozen=True)
class Database:
    """The cell's own MongoDB, with authentication, on loopback."""

    home: Home
    keys: Keys
    ports: Ports

    @property
    def command(self) -> list[str]:
        """The server in the foreground."""
        return [str(mongod()), "--config", str(self.home.database / "mongod.conf")]

    def uri(self, user: str) -> str:
        """How the process of that name reaches it."""
        password = getattr(self.keys, f"mongo_{user}")
        target = f"{user}:{password}@{HOST}:{self.ports.mongod}"
        return f"mongodb://{target}/?replicaSet={REPLICA_SET}&authSource=admin"

    def write_files(self) -> None:
        """Configuration and key."""
        base = self.home.database
        (base / "data").mkdir(exist_ok=True)
        write_private(base / "key", self.keys.mongo_key, mode=0o400)
        text = CONFIGURATION.format(
            host=HOST,
            port=self.ports.mongod,
            data=base / "data",
            key=base / "key",
            replica_set=REPLICA_SET,
        )
        write_private(base / "mongod.conf", text)

    def is_primary(self) -> bool:
        """Whether it takes writes; initiates the replica set where that was never done."""
        with self._client() as client:
            hello = client.admin.command("hello")
            if "setName" not in hello:
                self._initiate(client)
            return bool(hello.get("isWritablePrimary"))

    def ensure_users(self) -> None:
        """Make the accounts, the administrator first; a newer version may open more to them."""
        try:
            self._make_users()
        except OperationFailure as refused:
            if refused.code != WRONG_PASSWORD:
                raise
            with self._client() as client:  # the first account may be made without one
                client.admin.command(
                    "createUser", "admin", pwd=self.keys.mongo_admin, roles=["root"]
                )
            self._make_users()

    def _make_users(self) -> None:
        with self._client(username="admin", password=self.keys.mongo_admin) as client:
            _make_role(client)
            known = {user["user"] for user in client.admin.command("usersInfo")["users"]}
            for user in DATABASES:
                password = getattr(self.keys, f"mongo_{user}")
                verb = "updateUser" if user in known else "createUser"
                client.admin.command(verb, user, pwd=password, roles=_roles(user))

    def _initiate(self, client: "MongoClient[Any]") -> None:
        try:
            client.admin.command("replSetInitiate", self._members())
        except OperationFailure as refused:
            if refused.code in (HAS_USERS, ALREADY_INITIALIZED):
                self._move()
            # else not up yet: asked again at the next look

    def _move(self) -> None:
        """The port has changed since the last start: the stored replica set learns the new one.

        A node that does not find itself in its replica set takes no reconfiguration, so the stored
        one is changed, as the replica set itself would; the supervisor starts the node again.
        """
        with self._client(
            username="__system", password=self.keys.mongo_key, authSource="local"
        ) as client:
            stored = client.get_database("local").get_collection("system.replset")
            if stored.update_one(*self._new_port()).modified_count:
                # In this state an orderly end takes half a minute: all is written, then it is cut.
                client.admin.command("fsync")
                os.kill(client.admin.command("serverStatus")["pid"], signal.SIGKILL)

    def _new_port(self) -> tuple[dict[str, Any], dict[str, Any]]:
        host = f"{HOST}:{self.ports.mongod}"
        elsewhere = {"_id": REPLICA_SET, "members.0.host": {"$ne": host}}
        return elsewhere, {"$set": {"members.0.host": host}}

    def _members(self) -> dict[str, Any]:
        member = {"_id": 0, "host": f"{HOST}:{self.ports.mongod}"}
        return {"_id": REPLICA_SET, "members": [member]}

    def _client(self, **login: Any) -> "MongoClient[Any]":
        return MongoClient(
            HOST,
            self.ports.mongod,
            directConnection=True,
            serverSelectionTimeoutMS=1000,
            socketTimeoutMS=10_000,
            **login,
        )


def _roles(user: str) -> list[dict[str, str]]:
    auditing = [{"role": AUDITING, "db": "admin"}] if user in AUDITORS else []
    return [{"role": "readWrite", "db": name} for name in DATABASES[user]] + auditing


def _make_role(client: "MongoClient[Any]") -> None:
    """Who writes the audit log may add rows and read them; only values can go, with a person."""
    adding = ["find", "insert", "createIndex", "createCollection", "listIndexes"]
    privileges = [
        {"resource": {"db": AUDIT, "collection": "acts"}, "actions": adding},
        {"resource": {"db": AUDIT, "collection": "values"}, "actions": [*adding, "remove"]},
    ]
    known = client.admin.command("rolesInfo", AUDITING)["roles"]
    verb = "updateRole" if known else "createRole"
    client.admin.command(verb, AUDITING, privileges=privileges, roles=[])


def mongod(environ: Mapping[str, str] = os.environ) -> Path:
    """The server's binary: `MONGOD`, the one of the wheel, or the one on the PATH."""
    wheel = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    found = environ.get("MONGOD") or (wheel if wheel.exists() else shutil.which("mongod"))
    if not found or not Path(found).exists():
        raise CellError("mongod is missing: set MONGOD to a binary, or MONGO_URI to a replica set")
    path = Path(found)
    if not os.access(path, os.X_OK):
        path.chmod(path.stat().st_mode | 0o755)
    return path


def answered(question: Callable[[], bool]) -> bool:
    """The answer; no while the server is not there yet."""
    try:
        return question()
    except PyMongoError:
        return False


def is_ready(uri: str) -> bool:
    """Whether an existing replica set takes writes."""
    return answered(lambda: _takes_writes(uri))


def _takes_writes(uri: str) -> bool:
    with MongoClient[Any](uri, serverSelectionTimeoutMS=2000) as client:
        return bool(client.admin.command("hello").get("isWritablePrimary"))
