"""Who names another object, and whether it is there."""

from collections.abc import Iterator

from tests.deploy.manifests import Cell, Object, name_of, walk

BY_OTHERS = {"gateway-tls"}  # made by whoever gives the Ingress its certificate
LOCAL_REFERENCES = {
    "secretKeyRef": "Secret",
    "secretRef": "Secret",
    "passwordSecretRef": "Secret",
    "importCredentialsSecret": "Secret",
    "uriSecret": "Secret",
    "configMapKeyRef": "ConfigMap",
    "configMapRef": "ConfigMap",
    "configMap": "ConfigMap",
    "userReference": "User",
    "rabbitmqClusterReference": "RabbitmqCluster",
    "authenticationRef": "TriggerAuthentication",
    "service": "Service",
}
NAMES = {
    "serviceAccountName": "ServiceAccount",
    "claimName": "PersistentVolumeClaim",
    "secretName": "Secret",
    "vhost": "Vhost",
    "federation-upstream": "Federation",
}
KEYS_OF_AN_ACCOUNT = {"connectionString.standard", "connectionString.standardSrv"}


def secrets(cell: Cell) -> set[str]:
    """The Secrets that will be there."""
    found = cell.names("Secret") | BY_OTHERS
    found |= {one["spec"]["target"]["name"] for one in cell.all("ExternalSecret")}
    for one in cell.all("MongoDBCommunity"):
        found |= {user["connectionStringSecretName"] for user in one["spec"]["users"]}
    return found


def references(one: Object) -> Iterator[tuple[str, str]]:
    """Kind and name of everything that the object names."""
    for path, value in walk(one):
        key = path[-1] if path else ""
        if isinstance(value, dict):
            yield from _by_object(key, value)
        elif isinstance(value, str) and key in NAMES:
            yield NAMES[key], value
        elif key == "secretTargetRef":
            yield from (("Secret", ref["name"]) for ref in value)


def _by_object(key: str, value: Object) -> Iterator[tuple[str, str]]:
    if key in LOCAL_REFERENCES and "name" in value:
        yield LOCAL_REFERENCES[key], value["name"]
    elif key == "scaleTargetRef":
        yield value.get("kind", "Deployment"), value["name"]


def complaints_about_references(cell: Cell) -> list[str]:
    """What is named and is not there; a key that the operator does not put into a Secret."""
    held = secrets(cell)
    wrong = [
        f"{name_of(one)} names {kind}/{name}, which is not there"
        for one in cell.objects
        for kind, name in references(one)
        if name not in (held if kind == "Secret" else cell.names(kind))
    ]
    wrong += [
        f"{name_of(one)} asks {value['name']} for {value['key']}"
        for one in cell.objects
        for path, value in walk(one)
        if path[-1:] == ("secretKeyRef",)
        and value["name"].startswith("store-")
        and value["key"] not in KEYS_OF_AN_ACCOUNT
    ]
    return [*wrong, *_unserved_ports(cell)]


def _unserved_ports(cell: Cell) -> Iterator[str]:
    """Services and monitors that name a port which no container has."""
    ports = {p["name"] for pod in cell.pods() for p in pod.main.get("ports", [])}
    for one in cell.all("Service"):
        for port in one["spec"]["ports"]:
            if isinstance(port["targetPort"], str) and port["targetPort"] not in ports:
                yield f"{name_of(one)} leads to port {port['targetPort']}, which nobody has"
