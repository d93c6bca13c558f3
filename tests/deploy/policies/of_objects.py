"""Policies of objects: names, sizes, secrets, labels, and nothing that drops a fact."""

import re

from tests.deploy.manifests import BY_OPERATORS, Cell, name_of, selects, walk
from tests.deploy.references import complaints_about_references

QUANTITY = re.compile(r"\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?")
SIZED = ("requests", "limits", "hard", "default", "defaultRequest")
SIZES = ("sizeLimit", "storage")
SECRET_NAME = re.compile(r"PASSWORD|TOKEN|SECRET|PRIVATE_KEY|ACCESS_KEY")
LOGIN = re.compile(r"://[^/\s:@]*:(?!\$\(|\{\{)[^@\s]+@")
BOUNDING = {"max-length", "max-length-bytes", "message-ttl", "expires", "delivery-limit"}


def selectors_find_pods(cell: Cell) -> list[str]:
    """Who selects, selects something; a Deployment its own pods."""
    wrong = [
        f"{name_of(one)} does not select its own pods"
        for one in cell.all("Deployment")
        if not selects(one["spec"]["selector"], one["spec"]["template"]["metadata"]["labels"])
    ]
    pods = [*(pod.labels for pod in cell.pods()), *BY_OPERATORS]
    for one in cell.all("PodDisruptionBudget", "NetworkPolicy", "PodMonitor", "Service"):
        selector = one["spec"].get("selector", one["spec"].get("podSelector"))
        if one["kind"] == "Service":
            selector = {"matchLabels": selector}
        if not any(selects(selector, labels) for labels in pods):
            wrong.append(f"{name_of(one)} selects nothing")
    return wrong


def quantities_can_be_read(cell: Cell) -> list[str]:
    """Wherever a size or a share is written."""
    wrong = []
    for one in cell.objects:
        wrong += [
            f"{name_of(one)} {'.'.join(path)} is {size}"
            for path, size in walk(one)
            if len(path) > 1
            and not isinstance(size, dict | list)
            and (path[-2] in SIZED or path[-1] in SIZES)
            and not QUANTITY.fullmatch(str(size))
        ]
    return wrong


def references_lead_somewhere(cell: Cell) -> list[str]:
    """Every name of another object is that of one, or of what an operator makes."""
    return complaints_about_references(cell)


def nothing_secret_is_written_down(cell: Cell) -> list[str]:
    """No Secret, no password in an address, no secret variable with its value."""
    wrong = [f"{name_of(one)} is written down" for one in cell.all("Secret")]
    for one in cell.objects:
        for path, value in walk(one):
            if isinstance(value, str) and LOGIN.search(value):
                wrong.append(f"{name_of(one)} {'.'.join(path)} holds a password")
    for pod in cell.pods():
        wrong += [
            f"{pod.name} {one['name']} is written down"
            for container in pod.containers
            for one in container.get("env", [])
            if SECRET_NAME.search(one["name"]) and "value" in one
        ]
    return [
        *wrong,
        *(
            f"{key} in {name_of(one)}"
            for one in cell.all("ConfigMap")
            for key in one["data"]
            if SECRET_NAME.search(key)
        ),
    ]


def everything_lives_in_the_cell(cell: Cell) -> list[str]:
    """Namespace, labels and the place of its secrets carry the region."""
    home = f"jejaring-{cell.region}"
    wrong = [
        f"{name_of(one)} lives elsewhere"
        for one in cell.objects
        if one["kind"] != "Namespace" and one["metadata"].get("namespace") != home
    ]
    wrong += [
        f"{name_of(one)} is labelled otherwise"
        for one in cell.objects
        if one["metadata"].get("labels", {}).get("app.kubernetes.io/instance") != cell.region
    ]
    wrong += [
        f"{name_of(one)} comes from elsewhere"
        for one in cell.all("ExternalSecret")
        for source in one["spec"]["dataFrom"]
        if not source["extract"]["key"].startswith(f"jejaring/{cell.region}/")
    ]
    if cell.names("Namespace") != {home}:
        wrong.append(f"the namespace is not {home}")
    return wrong


def no_fact_is_dropped(cell: Cell) -> list[str]:
    """What a policy bounds, RabbitMQ drops from the head: facts wait as long as they must."""
    return [
        f"{name_of(one)} bounds queues of facts"
        for one in cell.all("Policy", "OperatorPolicy")
        if one["spec"].get("applyTo") != "exchanges" and BOUNDING & one["spec"]["definition"].keys()
    ]


def operators_may_read_what_they_need(cell: Cell) -> list[str]:
    """A Secret for the topology operator carries its label."""
    needed = {one["spec"]["importCredentialsSecret"]["name"] for one in cell.all("User")}
    needed |= {one["spec"]["uriSecret"]["name"] for one in cell.all("Federation")}
    labels = {
        one["spec"]["target"]["name"]: one["spec"]["target"]
        .get("template", {})
        .get("metadata", {})
        .get("labels", {})
        for one in cell.all("ExternalSecret")
    }
    key = "rabbitmq.com/topology-operator"
    return [f"{n} lacks its label" for n in sorted(needed) if labels.get(n, {}).get(key) != "true"]
