"""Rendered cells, and the questions that every policy asks of them."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
K8S = ROOT / "deploy" / "k8s"
DATA = ROOT.parent / "shared" / "data"
CELLS = sorted(p.name for p in (K8S / "cells").iterdir() if not p.name.startswith("_"))
NO_KUBECTL = "kubectl is not installed: manifests are neither rendered nor checked"

Object = dict[str, Any]
BY_OPERATORS = ({"app.kubernetes.io/name": "broker"}, {"app": "store-svc"})
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def has_kubectl() -> bool:
    return shutil.which("kubectl") is not None


@cache
def rendered(folder: Path) -> str:
    """What kubectl makes of a folder."""
    command = ["kubectl", "kustomize", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cell_of(name: str, folder: Path | None = None) -> "Cell":
    """A fresh copy that a test may break."""
    return Cell(name, deepcopy(_read(folder or K8S / "cells" / name)))


@cache
def _read(folder: Path) -> list[Object]:
    return [one for one in yaml.load_all(rendered(folder), LOADER) if one]


@dataclass
class Pod:
    """A pod template of ours, and whose it is."""

    owner: Object
    labels: Mapping[str, str]
    spec: Object

    @property
    def name(self) -> str:
        return f"{self.owner['kind']}/{self.owner['metadata']['name']}"

    @property
    def containers(self) -> list[Object]:
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def main(self) -> Object:
        return next(one for one in self.spec["containers"] if one["name"] == "main")

    def env(self, name: str) -> list[Any]:
        """The values that its containers have for a variable."""
        found = [e for c in self.containers for e in c.get("env", []) if e["name"] == name]
        return [e.get("value", e.get("valueFrom")) for e in found]


@dataclass
class Cell:
    """All objects of one rendered cell."""

    region: str
    objects: list[Object]

    def all(self, *kinds: str) -> list[Object]:
        return [one for one in self.objects if one["kind"] in kinds]

    def one(self, kind: str, name: str) -> Object:
        found = [one for one in self.all(kind) if one["metadata"]["name"] == name]
        assert len(found) == 1, f"{len(found)} × {kind}/{name}"
        return found[0]

    def names(self, *kinds: str) -> set[str]:
        return {one["metadata"]["name"] for one in self.all(*kinds)}

    def pods(self, *kinds: str) -> list[Pod]:
        wanted = kinds or ("Deployment", "Job", "CronJob")
        return [_pod(one) for one in self.all(*wanted)]

    def told(self, container: Object) -> dict[str, str | None]:
        """The variables that a container is told by name; None for what lies elsewhere."""
        maps = {one["metadata"]["name"]: one["data"] for one in self.all("ConfigMap")}
        found: dict[str, str | None] = {}
        for source in container.get("envFrom", []):
            found |= maps.get(source.get("configMapRef", {}).get("name"), {})
        return found | {one["name"]: one.get("value") for one in container.get("env", [])}

    @property
    def bucket(self) -> dict[str, str | None]:
        """What the gateway is told of a bucket for photos; empty without one."""
        gateway = next(pod for pod in self.pods("Deployment") if pod.name == "Deployment/gateway")
        return {name: v for name, v in self.told(gateway.main).items() if name.startswith("S3_")}

    @property
    def settings(self) -> dict[str, str]:
        """What every process reads from the cell's ConfigMap."""
        found = [
            one
            for one in self.all("ConfigMap")
            if re.fullmatch(r"cell(-[a-z0-9]{10})?", one["metadata"]["name"])
        ]
        assert len(found) == 1
        return found[0]["data"]


def _pod(owner: Object) -> Pod:
    spec = owner["spec"]
    template = (spec["jobTemplate"]["spec"] if owner["kind"] == "CronJob" else spec)["template"]
    return Pod(owner, template["metadata"].get("labels", {}), template["spec"])


def name_of(one: Object) -> str:
    return f"{one['kind']}/{one['metadata']['name']}"


def target_of(scaler: Object) -> str:
    """The Deployment that an autoscaler scales."""
    return str(scaler["spec"]["scaleTargetRef"]["name"])


def walk(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value inside, with its path."""
    yield path, value
    inside: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    for key, part in inside:
        yield from walk(part, (*path, str(key)))


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector of equalities takes these labels; an empty one takes all."""
    wanted = (selector or {}).get("matchLabels", {})
    return all(labels.get(key) == value for key, value in wanted.items())
