"""Policies of pods: locked, bounded, probed, given time to end, pinned, spread."""

import re

from chassis.settings import Settings
from tests.deploy import computed
from tests.deploy.manifests import BY_OPERATORS, Cell, Object, name_of, selects, target_of, walk

OURS = ("service", "gateway", "console")
AUTOSCALED = ("HorizontalPodAutoscaler", "ScaledObject")
SPREAD = {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}


def containers_are_locked(cell: Cell) -> list[str]:
    """No root, no writable root, no capabilities, no token of the API server."""
    wrong = []
    for pod in cell.pods():
        held = pod.spec.get("securityContext", {})
        if not (held.get("runAsNonRoot") and held.get("runAsUser", 0) >= 10000):
            wrong.append(f"{pod.name} may run as root")
        if held.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            wrong.append(f"{pod.name} has no seccomp profile")
        if pod.spec.get("automountServiceAccountToken") is not False:
            wrong.append(f"{pod.name} gets a token of the API server")
        wrong += [
            f"{pod.name} {one['name']} is not locked"
            for one in pod.containers
            if not _is_locked(one.get("securityContext", {}))
        ]
    return wrong


def _is_locked(held: Object) -> bool:
    return (
        held.get("allowPrivilegeEscalation") is False
        and held.get("readOnlyRootFilesystem") is True
        and held.get("capabilities", {}).get("drop") == ["ALL"]
        and not held.get("privileged")
    )


def memory_is_bounded_and_cpu_is_not(cell: Cell) -> list[str]:
    """A limit on CPU would cost latency; no limit on memory would cost others theirs."""
    wrong = []
    for pod in cell.pods():
        for one in pod.containers:
            held = one.get("resources", {})
            asked, most = held.get("requests", {}), held.get("limits", {})
            if not {"cpu", "memory"} <= asked.keys() or "memory" not in most:
                wrong.append(f"{pod.name} {one['name']} asks for nothing or has no memory limit")
            if "cpu" in most:
                wrong.append(f"{pod.name} {one['name']} has a CPU limit")
    return wrong


def probes_ask_the_right_thing(cell: Cell) -> list[str]:
    """All three; alive is what depends on nothing outside; each port is there."""
    wrong = []
    for pod in cell.pods("Deployment"):
        ports = {port["name"] for port in pod.main.get("ports", [])}
        for kind in ("startupProbe", "livenessProbe", "readinessProbe"):
            asked = pod.main.get(kind, {}).get("httpGet", {})
            if asked.get("port") not in ports:
                wrong.append(f"{pod.name} has no {kind} on a port of its own")
            elif kind != "readinessProbe" and asked["path"] != "/healthz":
                wrong.append(f"{pod.name} {kind} depends on others: {asked['path']}")
            elif kind == "readinessProbe" and not asked["path"].startswith("/readyz"):
                wrong.append(f"{pod.name} is ready whatever is away")
    return wrong


def ends_are_given_time(cell: Cell) -> list[str]:
    """Longer than the longest handler, or than the requests under way."""
    wrong = []
    drain = float(cell.settings.get("DRAIN_SECONDS", Settings.drain_seconds))
    for pod in cell.pods("Deployment"):
        needed = computed.longest_end_seconds(drain)
        if pod.owner["metadata"]["name"] == "gateway":
            before = pod.main.get("lifecycle", {}).get("preStop", {}).get("sleep", {})
            needed = computed.gateway_end_seconds() + before.get("seconds", 0)
            if not before:
                wrong.append(f"{pod.name} is stopped before balancers know")
        if pod.spec.get("terminationGracePeriodSeconds", 30) <= needed:
            wrong.append(f"{pod.name} may need {needed:.0f} s to end")
    return wrong


def images_are_pinned(cell: Cell) -> list[str]:
    """A tag each, ours that of the release."""
    wrong, release = [], cell.settings["RELEASE"]
    images = [(pod.name, one["image"]) for pod in cell.pods() for one in pod.containers]
    for owner, image in images:
        name, _, tag = image.rpartition(":")
        if name.rpartition("/")[2] not in OURS or "/" not in name:
            wrong.append(f"{owner} runs a stranger: {image}")
        if tag != release:
            wrong.append(f"{owner} runs {image}, the release is {release}")
    for one in cell.all("RabbitmqCluster"):
        tag = one["spec"].get("image", "").rpartition(":")[2]
        if not re.match(r"\d+\.\d+\.\d+", tag):
            wrong.append(f"{name_of(one)} has no exact version")
    wrong += [
        f"{name_of(one)} has no exact version"
        for one in cell.all("MongoDBCommunity")
        if not re.fullmatch(r"\d+\.\d+\.\d+", one["spec"]["version"])
    ]
    return wrong


def pods_are_spread(cell: Cell) -> list[str]:
    """Over nodes and zones, each service for itself; broker and store never two on one node."""
    wrong = []
    for pod in cell.pods("Deployment"):
        spread = pod.spec.get("topologySpreadConstraints", [])
        if {one["topologyKey"] for one in spread} != SPREAD:
            wrong.append(f"{pod.name} is not spread")
        wrong += [
            f"{pod.name} is spread among strangers"
            for one in spread
            if not selects(one["labelSelector"], pod.labels)
            or "app.kubernetes.io/name" not in one["matchLabelKeys"]
        ]
    for one, labels in zip(
        [*cell.all("RabbitmqCluster"), *cell.all("MongoDBCommunity")], BY_OPERATORS, strict=True
    ):
        rules = [v for p, v in walk(one) if p[-1:] == ("podAntiAffinity",)]
        kept = "requiredDuringSchedulingIgnoredDuringExecution"
        terms = [term for rule in rules for term in rule.get(kept, [])]
        if not any(selects(term["labelSelector"], labels) for term in terms):
            wrong.append(f"{name_of(one)} may have two members on one node")
    return wrong


def replicas_have_a_budget(cell: Cell) -> list[str]:
    """Whoever has two loses one at a time."""
    wrong = []
    for one in cell.all("Deployment"):
        labels = one["spec"]["template"]["metadata"]["labels"]
        if _replicas(cell, one) > 1 and not _budgets(cell, labels):
            wrong.append(f"{name_of(one)} has no budget")
    for kind, count, labels in (
        ("RabbitmqCluster", "replicas", BY_OPERATORS[0]),
        ("MongoDBCommunity", "members", BY_OPERATORS[1]),
    ):
        wrong += [
            f"{name_of(one)} has no budget"
            for one in cell.all(kind)
            if one["spec"][count] > 1 and not _budgets(cell, labels)
        ]
    return wrong


def _budgets(cell: Cell, labels: dict[str, str]) -> list[Object]:
    return [
        one
        for one in cell.all("PodDisruptionBudget")
        if selects(one["spec"]["selector"], labels) and one["spec"].get("maxUnavailable") == 1
    ]


def one_hand_scales(cell: Cell) -> list[str]:
    """One autoscaler or a fixed number, never both, never to nothing, and never the projector."""
    wrong = []
    targets = [target_of(one) for one in cell.all(*AUTOSCALED)]
    wrong += [f"{name} is scaled twice" for name in set(targets) if targets.count(name) > 1]
    for one in cell.all("Deployment"):
        name = one["metadata"]["name"]
        if name in targets and "replicas" in one["spec"]:
            wrong.append(f"{name} is scaled, and fixed to {one['spec']['replicas']}")
        if name in targets and _replicas(cell, one) < 1:
            wrong.append(f"{name} may be scaled to nothing")
    alone = {"projector", "federation"} & set(targets)
    return [*wrong, *(f"{name} works alone and is scaled" for name in alone)]


def _replicas(cell: Cell, one: Object) -> int:
    scaled = [s for s in cell.all(*AUTOSCALED) if target_of(s) == one["metadata"]["name"]]
    if scaled:
        spec = scaled[0]["spec"]
        return int(spec.get("minReplicas", spec.get("minReplicaCount", 0)))
    return int(one["spec"].get("replicas", 1))
