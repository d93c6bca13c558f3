"""Policies of the network: who must reach whom may, both sides agreeing, and nobody else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from tests.deploy.manifests import BY_OPERATORS, Cell, Object, selects

BROKER, STORE = BY_OPERATORS
ADDRESS, PRIVATE = "203.0.113.7", "10.1.2.3"
NAMESPACE = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class End:
    """One end of a connection: pods of the cell, pods of another namespace, or an address."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: Mapping[str, str] | None = None
    address: str = ""

    @property
    def is_here(self) -> bool:
        return self.namespace is None and not self.address


DNS = End("DNS", {"k8s-app": "kube-dns"}, {NAMESPACE: "kube-system"})
OPERATORS = End("RabbitMQ's operators", {}, {NAMESPACE: "rabbitmq-system"})
KEDA = End("KEDA", {}, {NAMESPACE: "keda"})
MONITORING = End("monitoring", {}, {"jejaring/monitoring": "true"})
INGRESS = End("the ingress controller", {}, {"jejaring/ingress": "true"})
STRANGER = End("a pod of another namespace", {}, {NAMESPACE: "default"})
SIBLING = End("a pod without labels")
WORLD = End("the world", address=ADDRESS)
API_SERVER = End("the API server", address=PRIVATE)
THE_BROKER, THE_STORE = End("the broker", BROKER), End("the store", STORE)

Dial = tuple[End, End, int, str]


def _allows(cell: Cell, source: End, target: End, port: int, protocol: str = "TCP") -> bool:
    """Whether a connection gets out here and in there; what is not in the cell lets all pass."""
    leaves = not source.is_here or _side(cell, "egress", source, target, port, protocol)
    return leaves and (not target.is_here or _side(cell, "ingress", target, source, port, protocol))


def _side(cell: Cell, way: str, here: End, there: End, port: int, protocol: str) -> bool:
    """One side; where no policy takes the pod, everything may pass."""
    mine = [
        one["spec"]
        for one in cell.all("NetworkPolicy")
        if way.capitalize() in one["spec"]["policyTypes"]
        and selects(one["spec"]["podSelector"], here.labels)
    ]
    rules = [rule for spec in mine for rule in spec.get(way, [])]
    peers = "to" if way == "egress" else "from"
    passing = (
        _names(rule.get(peers), there) and _opens(rule.get("ports"), port, protocol)
        for rule in rules
    )
    return not mine or any(passing)


def _opens(ports: Sequence[Object] | None, port: int, protocol: str) -> bool:
    return ports is None or any(
        one["port"] <= port <= one.get("endPort", one["port"])
        and one.get("protocol", "TCP") == protocol
        for one in ports
    )


def _names(peers: Sequence[Object] | None, end: End) -> bool:
    return peers is None or any(_is(peer, end) for peer in peers)


def _is(peer: Object, end: End) -> bool:
    if "ipBlock" in peer:
        return bool(end.address) and _holds(peer["ipBlock"], end.address)
    if end.address or ("namespaceSelector" in peer) is end.is_here:
        return False
    inside = "podSelector" not in peer or selects(peer["podSelector"], end.labels)
    return inside and (end.is_here or selects(peer["namespaceSelector"], end.namespace or {}))


def _holds(block: Object, address: str) -> bool:
    inside = ip_address(address) in ip_network(block["cidr"])
    return inside and not any(ip_address(address) in ip_network(x) for x in block.get("except", []))


def _ends(cell: Cell) -> dict[str, End]:
    return {pod.name: End(pod.name, pod.labels) for pod in cell.pods()}


def _wanted(cell: Cell) -> Iterator[Dial]:
    """Who must reach whom."""
    ends = _ends(cell)
    for pod in cell.pods():
        end = ends[pod.name]
        yield end, DNS, 53, "UDP"
        yield end, DNS, 53, "TCP"
        if any("not-used" not in value for value in pod.env("AMQP_URI")):
            yield end, THE_BROKER, 5672, "TCP"
        if any(isinstance(value, dict) for value in pod.env("MONGO_URI")):
            yield end, THE_STORE, 27017, "TCP"
    for port in (4369, 25672, 35672, 35682, 6000, 6500):
        yield THE_BROKER, THE_BROKER, port, "TCP"
    yield THE_STORE, THE_STORE, 27017, "TCP"
    yield THE_STORE, API_SERVER, 443, "TCP"
    yield THE_STORE, API_SERVER, 6443, "TCP"
    yield OPERATORS, THE_BROKER, 15672, "TCP"
    yield from _from_outside(cell, ends)


def _from_outside(cell: Cell, ends: Mapping[str, End]) -> Iterator[Dial]:
    gateway = ends["Deployment/gateway"]
    yield INGRESS, gateway, 8080, "TCP"
    yield MONITORING, gateway, 8080, "TCP"
    yield MONITORING, THE_BROKER, 15692, "TCP"
    for name, end in ends.items():
        if name.startswith("Deployment/") and end is not gateway:
            yield MONITORING, end, 8081, "TCP"
    for name in ("members", "notifications"):
        for port in (25, 465, 587, 443):
            yield ends[f"Deployment/{name}"], WORLD, port, "TCP"
    if cell.all("ScaledObject"):
        yield KEDA, THE_BROKER, 5672, "TCP"
    if cell.all("Federation"):
        yield THE_BROKER, WORLD, 5671, "TCP"
        yield WORLD, THE_BROKER, 5671, "TCP"
    if port := _port_of_bucket(cell):
        yield gateway, WORLD, port, "TCP"


def _port_of_bucket(cell: Cell) -> int | None:
    """Where photos go out; Amazon's without an address."""
    if not cell.bucket:
        return None
    return urlsplit(cell.bucket.get("S3_ENDPOINT") or "https://").port or 443


def _unwanted(cell: Cell) -> Iterator[Dial]:
    """Who must not reach whom."""
    ends = _ends(cell)
    gateway, members = ends["Deployment/gateway"], ends["Deployment/members"]
    for source in (SIBLING, STRANGER, WORLD):
        yield source, THE_BROKER, 5672, "TCP"
        yield source, THE_STORE, 27017, "TCP"
        yield source, gateway, 8080, "TCP"
        yield source, members, 8081, "TCP"
    for source in (STRANGER, WORLD):
        yield source, THE_BROKER, 15672, "TCP"
    for target in (members, API_SERVER):
        yield gateway, target, 443, "TCP"
    for port in {25, 443, 5671} - {_port_of_bucket(cell)}:
        yield gateway, WORLD, port, "TCP"
    yield members, API_SERVER, 443, "TCP"
    yield ends["Deployment/events"], WORLD, 443, "TCP"
    yield gateway, THE_BROKER, 15672, "TCP"
    yield THE_STORE, WORLD, 443, "TCP"
    yield THE_BROKER, WORLD, 443, "TCP"
    if not cell.all("Federation"):
        yield THE_BROKER, WORLD, 5671, "TCP"
        yield WORLD, THE_BROKER, 5671, "TCP"


def who_must_talk_may(cell: Cell) -> list[str]:
    """Each connection that the cell needs is allowed on both sides."""
    return [
        f"{source.name} does not reach {target.name} on {port}/{protocol}"
        for source, target, port, protocol in _wanted(cell)
        if not _allows(cell, source, target, port, protocol)
    ]


def nobody_else_may(cell: Cell) -> list[str]:
    """Each connection that nobody needs is refused on one side at least."""
    return [
        f"{source.name} reaches {target.name} on {port}/{protocol}"
        for source, target, port, protocol in _unwanted(cell)
        if _allows(cell, source, target, port, protocol)
    ]
