"""A private RabbitMQ: its files, its environment, and when it is ready."""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import amqp
from kombu.utils.url import parse_url

from cell.errors import CellError
from cell.home import Home, write_private
from cell.keys import Keys
from cell.modules import erlang, linked, loading
from cell.ports import HOST, Ports

USER = "jejaring"
PEERS = "peers.json"  # the regions that the cell was paired with, and how they sign in here
FEDERATION = "rabbitmq_federation"  # only a paired cell's node pays for it
SCRIPTS = Path("/usr/lib/rabbitmq/bin")  # the wrappers on PATH would change the user
SERVER, WRAPPER = "rabbitmq-server", "rabbitmq-script-wrapper"

APPLICATIONS = ("rabbit", "rabbitmq_prelaunch", "sasl")

CONFIGURATION = """\
listeners.tcp.1 = {host}:{port}
load_definitions = {definitions}
loopback_users = none
disk_free_limit.absolute = 64MB
vm_memory_high_watermark.absolute = 512MB
max_message_size = 1048576
log.console = true
log.console.level = info
log.file = false
"""


@dataclass(frozen=True)
class Broker:
    """One node named after the cell, on loopback, without guest and without plugins."""

    home: Home
    keys: Keys
    ports: Ports

    @property
    def uri(self) -> str:
        """How the cell's processes reach it."""
        return f"amqp://{USER}:{self.keys.broker_password}@{HOST}:{self.ports.amqp}/%2F"

    @property
    def command(self) -> list[str]:
        """The server, run in place: its pid is the node's."""
        return [str(script(SERVER))]

    @property
    def epmd_command(self) -> list[str]:
        """Erlang's name server, one per cell, so that nothing outlives the cell."""
        return ["epmd", "-address", HOST, "-port", str(self.ports.epmd)]

    @property
    def environment(self) -> dict[str, str]:
        """Everything the node would otherwise look for in the system's places."""
        base = self.home.broker
        return {
            "HOME": str(base),
            "ERL_EPMD_ADDRESS": HOST,
            "ERL_EPMD_PORT": str(self.ports.epmd),
            "RABBITMQ_NODENAME": f"jejaring-{self.home.name}@localhost",
            "RABBITMQ_DIST_PORT": str(self.ports.distribution),
            "RABBITMQ_CONF_ENV_FILE": str(base / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(base / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(base / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(base / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(base / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.home.logs),
            "RABBITMQ_LOGS": "-",
            "ERL_CRASH_DUMP": str(self.home.logs / "broker-crash.dump"),
            "RABBITMQ_NODE_ONLY": "true",  # our arguments have it load its modules before it boots
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-args_file {base / 'arguments'}",
            "RUNNING_UNDER_SYSTEMD": "true",  # run the node in the script's place
        }

    @property
    def if_damaged(self) -> str:
        """What helps one that does not boot on its data; nothing where it has none yet."""
        kept = any(self.home.broker.glob("mnesia/*/schema.DAT"))
        return "if its data are damaged: make new-broker" if kept else ""

    def write_files(self) -> None:
        """Configuration, account and cookie, before the first boot and again before each."""
        base = self.home.broker
        (base / "mnesia").mkdir(exist_ok=True)
        definitions = base / "definitions.json"
        write_private(definitions, json.dumps(self._definitions(), indent=1))
        write_private(
            base / "rabbitmq.conf",
            CONFIGURATION.format(host=HOST, port=self.ports.amqp, definitions=definitions),
        )
        write_private(base / "rabbitmq-env.conf", f"PLUGINS_DIR='{libraries()}'\n")
        enabled = FEDERATION if self.home.read_json(PEERS) else ""
        write_private(base / "enabled_plugins", f"[{enabled}].\n")
        write_private(base / "arguments", "\n".join(self._arguments(enabled)))
        write_private(base / ".erlang.cookie", self.keys.erlang_cookie, mode=0o400)

    def _arguments(self, enabled: str) -> list[str]:
        """Distribution on loopback, no name server of its own, all modules loaded, then boot."""
        folder = self.home.broker / "modules"
        modules = linked(folder, (libraries(), erlang()), (*APPLICATIONS, enabled))
        loopback = ["-kernel", "inet_dist_use_interface", "{127,0,0,1}", "-start_epmd", "false"]
        return [*loopback, "-pa", str(folder), *loading(modules), "-s", "rabbit", "boot"]

    def _definitions(self) -> dict[str, object]:
        account = {
            "name": USER,
            "password_hash": hashed(self.keys.broker_password, self.keys.broker_salt),
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": ["administrator"],
        }
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        return {
            "vhosts": [{"name": "/"}],
            "users": [account],
            "permissions": [{"user": USER, "vhost": "/", **everything}],
        }


def hashed(password: str, salt: str) -> str:
    """The password as RabbitMQ keeps it: salt (given in hexadecimal) and SHA-256, in base64."""
    salted = bytes.fromhex(salt) + password.encode()
    return base64.b64encode(bytes.fromhex(salt) + hashlib.sha256(salted).digest()).decode()


def script(name: str, environ: Mapping[str, str] = os.environ) -> Path:
    """The path of one of RabbitMQ's own scripts; refuses when it is not installed."""
    server = Path(environ.get("RABBITMQ_SERVER") or SCRIPTS / SERVER)
    if server.resolve().name == WRAPPER:
        server = server.resolve()  # it lies beside what it wraps
    path = server.with_name(name)
    if not path.exists() and (named := environ.get("RABBITMQ_SERVER")):
        raise CellError(f"RABBITMQ_SERVER={named}: there is no {path}")
    if not path.exists():
        missing = f"{path} is missing: run 'apt-get install rabbitmq-server' as root"
        raise CellError(f"{missing}, or set AMQP_URI to an existing broker")
    return path


def libraries() -> Path:
    """Where RabbitMQ's own applications are."""
    server = script(SERVER)
    plugins = server.resolve().parents[1] / "plugins"
    if not plugins.is_dir():
        meant = f"set RABBITMQ_SERVER to RabbitMQ's own, e.g. {SCRIPTS / SERVER}"
        raise CellError(
            f"{server} is not RabbitMQ's own script, whose plugins lie near it: {meant}"
        )
    return plugins


def is_ready(uri: str) -> bool:
    """Whether the broker lets us in, right through to a channel."""
    try:
        target = parse_url(uri)
        with amqp.Connection(
            host=f"{target['hostname']}:{target['port'] or 5672}",
            userid=target["userid"] or "guest",
            password=target["password"] or "guest",
            virtual_host=target["virtual_host"] or "/",
            ssl=uri.startswith("amqps"),
            connect_timeout=2,
            read_timeout=2,
        ) as connection:
            connection.channel()
    except (OSError, ValueError, amqp.AMQPError):
        return False
    return True
