"""Policies that hold manifests against the code: services, queues, accounts, settings."""

from cell.database import DATABASES
from chassis.settings import S3_KEYS, Settings, SettingsError
from chassis.topology import ABROAD, FACTS, FROM, TO
from tests.deploy import computed
from tests.deploy.computed import matches
from tests.deploy.manifests import Cell, name_of, target_of

_FIELDS = Settings.__dataclass_fields__.keys()
OF_THE_SERVER = {"HTTP_HOST", "HTTP_PORT", "GATEWAY_WORKERS"}  # gateway/gunicorn.py reads them


def scalers_watch_real_queues(cell: Cell) -> list[str]:
    """Queue names are those that the code makes, all of them, each with its own service."""
    wrong = []
    for one in cell.all("ScaledObject"):
        watched = {t["metadata"]["queueName"] for t in one["spec"]["triggers"]}
        wanted = computed.queues(target_of(one), cell.region)
        if watched != wanted:
            wrong.append(f"{name_of(one)} watches {sorted(watched)}, not {sorted(wanted)}")
    return wrong


def every_service_runs(cell: Cell) -> list[str]:
    """A Deployment for each service of the code, and each is declared, and waits at the gate."""
    wrong = []
    serving = {
        one["metadata"]["name"]: pod.main.get("args", [])
        for one, pod in zip(cell.all("Deployment"), cell.pods("Deployment"), strict=True)
    }
    wanted = {name: ["serve", module] for name, module in computed.MODULES.items()}
    serving.pop("gateway", None)
    if serving != wanted:
        wrong.append(f"run {serving}, not {wanted}")
    wrong += [
        f"{pod.name} does not wait for its release"
        for pod in cell.pods("Deployment")
        if ["python", "-m", "chassis.gate", "wait"]
        not in [one.get("command") for one in pod.spec.get("initContainers", [])]
    ]
    release = cell.settings["RELEASE"]
    if f"declare-{release}" not in cell.names("Job"):
        return [*wrong, f"nobody declares {release}"]
    job = cell.one("Job", f"declare-{release}")
    steps = job["spec"]["template"]["spec"]["initContainers"]
    declared = [step["command"][-1] for step in steps]
    if sorted(declared) != sorted(computed.MODULES.values()):
        wrong.append(f"declared are {declared}")
    return wrong


def settings_are_known(cell: Cell) -> list[str]:
    """Every variable is a setting that can be read; whoever hears is watched."""
    wrong = []
    known = {name.upper() for name in _FIELDS} | OF_THE_SERVER
    wrong += [f"nobody reads {name}" for name in cell.settings.keys() - known]
    servers = {"AMQP_URI": "amqp://x", "MONGO_URI": "mongodb://x"}
    try:
        read = Settings.from_environment({**cell.settings, **servers})
    except SettingsError as error:
        return [*wrong, str(error)]
    if set(read.hearers) != set(computed.MODULES):
        wrong.append(f"HEARERS are {read.hearers}, not {sorted(computed.MODULES)}")
    if "unset" in repr(cell.settings):
        wrong.append("something is unset")
    told = [value for pod in cell.pods() for value in pod.env("REGION")]
    if read.region != cell.region or set(told) != {cell.region}:
        wrong.append(f"the region is {read.region} and {set(told)}, not {cell.region}")
    return wrong


def a_bucket_is_whole_and_the_gateway_s(cell: Cell) -> list[str]:
    """Nobody else is told of it, it has all that the code asks for, and it speaks https."""
    wrong = [
        f"{pod.name} {one['name']} is told of a bucket"
        for pod in cell.pods()
        for one in pod.containers
        if any(name.startswith("S3_") for name in cell.told(one))
        and (pod.name, one["name"]) != ("Deployment/gateway", "main")
    ]
    if not (told := cell.bucket):
        return wrong
    wrong += [f"nobody reads {name}" for name in told if name.lower() not in _FIELDS]
    wrong += [f"{key.upper()} is not told" for key in S3_KEYS if key.upper() not in told]
    if not told.get("S3_BUCKET"):
        wrong.append("keys without a bucket")
    if not (told.get("S3_ENDPOINT") or "https://").startswith("https://"):
        wrong.append(f"photos travel openly to {told['S3_ENDPOINT']}")
    return wrong


def accounts_open_what_is_theirs(cell: Cell) -> list[str]:
    """Broker permissions let each service do its work and touch nothing of its siblings."""
    granted = {p["spec"]["userReference"]["name"]: p["spec"] for p in cell.all("Permission")}
    wrong = []
    for name in computed.MODULES:
        rights = granted[name]["permissions"] if name in granted else {}
        for right in ("configure", "write", "read"):
            pattern = rights.get(right, "^$")
            needed, strange = _needed(name, right, cell.region), _strange(name, right, cell.region)
            wrong += [f"{name} may not {right} {x}" for x in needed if not matches(pattern, x)]
            wrong += [f"{name} may {right} {x}" for x in strange if matches(pattern, x)]
    return wrong


def _needed(name: str, right: str, region: str) -> set[str]:
    """What a service configures, writes to or reads from."""
    own = computed.queues(name, region) | computed.ladder(name, region) | {FACTS.name}
    if right == "write":
        own |= {"amq.default"}
    if right != "write" or name == "federation":
        own |= {ABROAD.name}
    return own | ({f"{TO}semarang", f"{FROM}semarang"} if name == "federation" else set())


def _strange(name: str, right: str, region: str) -> set[str]:
    """What it must leave alone."""
    others = computed.MODULES.keys() - {name}
    found = {queue for other in others for queue in computed.queues(other, region)}
    if name != "federation":
        found |= {f"{TO}semarang", f"{FROM}semarang"}
        found |= {ABROAD.name} if right == "write" else set()
    return found


def databases_are_the_code_s(cell: Cell) -> list[str]:
    """Each account opens the databases that the code gives it, and those alone."""
    found = {
        user["name"]: {role["db"] for role in user["roles"] if role["name"] == "readWrite"}
        for one in cell.all("MongoDBCommunity")
        for user in one["spec"]["users"]
    }
    wanted = {name: set(dbs) for name, dbs in DATABASES.items() if name != "services"}
    return [
        f"{name} opens {sorted(found.get(name, ()))}, the code says {sorted(dbs)}"
        for name, dbs in wanted.items()
        if found.get(name) != dbs - {"jejaring_audit"}
    ]
