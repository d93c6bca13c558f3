"""What the API server would check: known fields and types, of built-in and of custom resources."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.deploy.manifests import CELLS, DATA, LOADER, ROOT, Cell, Object, name_of

VERSIONS = ("1.32", "1.37")
CRDS = DATA / "crds"
NO_CRDS = "../shared/data/crds is not beside the project: custom resources are not checked"
# Of the Prometheus Operator, whose definitions lie beside no checkout.
UNCHECKED = {"PodMonitor", "PrometheusRule"}
BUILT_IN = ("v1", "apps/v1", "autoscaling/v2", "batch/v1", "networking.k8s.io/v1", "policy/v1")


def run(tool: str, *arguments: str) -> str:
    """What a tool of the environment complains of."""
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
    )
    return done.stdout + done.stderr if done.returncode else ""


def built_in(cell: Cell) -> list[Object]:
    return [one for one in cell.objects if one["apiVersion"] in BUILT_IN]


@cache
def definitions() -> dict[tuple[str, str], Draft202012Validator]:
    """(apiVersion, kind) → validator, from the operators' definitions."""
    if not CRDS.exists():
        pytest.skip(NO_CRDS)
    found = {}
    for path in sorted(CRDS.glob("*.yaml")):
        for one in yaml.load_all(path.read_text(), LOADER):
            spec = one["spec"]
            for version in spec["versions"]:
                key = f"{spec['group']}/{version['name']}", spec["names"]["kind"]
                schema = closed(version["schema"]["openAPIV3Schema"])
                schema["properties"] |= {"metadata": {"type": "object"}}
                found[key] = Draft202012Validator(schema)
    return found


def closed(schema: Any) -> Any:
    """The schema as JSON Schema, unknown keys refused where the API server would drop them."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    held = {
        key: {name: closed(one) for name, one in value.items()}
        if key == "properties"
        else closed(value)
        for key, value in schema.items()
        if not key.startswith("x-") and key not in ("default", "format", "example")
    }
    if schema.get("x-kubernetes-int-or-string"):
        held = {"type": ["integer", "string"]}
    open_ended = schema.get("x-kubernetes-preserve-unknown-fields")
    if "properties" in held and "additionalProperties" not in held and not open_ended:
        held["additionalProperties"] = False
    if held.get("nullable") and isinstance(held.get("type"), str):
        held["type"] = [held["type"], "null"]
    return held


def wrong_with(one: Object) -> list[str]:
    """What the definition of a custom resource says against it."""
    validator = definitions()[one["apiVersion"], one["kind"]]
    return [
        f"{name_of(one)} {error.json_path}: {error.message}"[:300]
        for error in validator.iter_errors(one)
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", CELLS)
def test_built_in_objects_are_valid(render, name: str, version: str):
    found = built_in(render(name))
    assert len(found) > 40
    for one in found:
        kubernetes_validate.validate(one, version, strict=True)


def test_an_unknown_field_is_refused(render):
    one = render(CELLS[0]).one("Deployment", "events")
    one["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(one, VERSIONS[0], strict=True)


@pytest.mark.parametrize("name", CELLS)
def test_custom_resources_are_valid(render, name: str):
    known = definitions()
    found = [one for one in render(name).objects if one["apiVersion"] not in BUILT_IN]
    checked = [one for one in found if (one["apiVersion"], one["kind"]) in known]

    assert [message for one in checked for message in wrong_with(one)] == []
    assert {one["kind"] for one in found} - {one["kind"] for one in checked} <= UNCHECKED


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("Federation", "ackMod", "on-confirm"),
        ("Federation", "ackMode", "on-confirmed"),
        ("RabbitmqCluster", "replicas", "three"),
        ("MongoDBCommunity", "members", "3"),
        ("ScaledObject", "minReplicaCount", "2"),
        ("ExternalSecret", "refreshIntervall", "1h"),
        ("Vhost", "defaultQueueType", "mirrored"),
    ],
)
def test_a_wrong_custom_resource_is_refused(render, kind: str, key: str, value: str):
    one = render(CELLS[0]).all(kind)[0]
    assert wrong_with(one) == []
    one["spec"][key] = value
    assert wrong_with(one) != []


def test_the_dockerfile_is_good():
    assert run("hadolint", "--failure-threshold", "style", "Dockerfile") == ""


def test_a_bad_dockerfile_is_refused(tmp_path):
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM debian:latest\nRUN apt-get install curl\n")
    assert "DL3007" in run("hadolint", str(bad))


def test_the_yaml_is_good():
    assert run("yamllint", "--strict", "deploy/k8s", "compose.yaml") == ""


def test_a_word_that_yaml_takes_for_a_truth_is_refused(tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("federate: on\n")
    assert "truthy" in run("yamllint", "--strict", "-c", str(ROOT / ".yamllint"), str(bad))
