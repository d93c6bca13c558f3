"""Photos in a bucket: the component as the README has a cell take it, whole and broken."""

import re
import shutil
from collections.abc import Callable
from functools import partial

import kubernetes_validate
import pytest
import yaml

from tests.deploy import mutations
from tests.deploy.manifests import CELLS, K8S, LOADER, Cell, cell_of
from tests.deploy.mutations import Break, main, pod, without
from tests.deploy.policies import POLICIES
from tests.deploy.test_schemas import VERSIONS, built_in, wrong_with

BREAKS: list[tuple[str, Break]] = []
breaks = partial(mutations.breaks, among=BREAKS)
NAME = "photos-bucket"


def written_in_the_readme() -> str:
    """What a cell is to say that wants a bucket."""
    page = (K8S / "README.md").read_text()
    found = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    return next(text for text in found if f"components/{NAME}" in text)


@pytest.fixture(scope="module")
def with_bucket(render: Callable[[str], Cell], tmp_path_factory) -> Callable[[], Cell]:
    """Renders the first cell, to which was added what the README says."""
    tree = tmp_path_factory.mktemp("bucket") / "k8s"
    shutil.copytree(K8S, tree)
    file = tree / "cells" / CELLS[0] / "kustomization.yaml"
    page = yaml.load(file.read_text(), LOADER)
    added = yaml.load(written_in_the_readme(), LOADER)
    page["components"][-1:-1] = added["components"]
    page["configMapGenerator"] += added["configMapGenerator"]
    file.write_text(yaml.safe_dump(page))
    return lambda: cell_of(CELLS[0], file.parent)


def settings(cell: Cell) -> dict[str, str]:
    """Where the bucket is."""
    maps = cell.all("ConfigMap")
    return next(one["data"] for one in maps if one["metadata"]["name"].startswith(NAME))


def test_a_cell_with_a_bucket_keeps_every_policy(with_bucket):
    cell = with_bucket()

    assert {name: policy(cell) for name, policy in POLICIES.items() if policy(cell)} == {}


def test_the_gateway_is_told_where_the_bucket_is_and_gets_its_keys_from_a_secret(with_bucket):
    cell = with_bucket()

    assert cell.bucket == {**settings(cell), "S3_ACCESS_KEY": None, "S3_SECRET_KEY": None}
    keys = [one for one in main(cell, "gateway")["env"] if one["name"] in cell.bucket]
    assert [one["valueFrom"]["secretKeyRef"] for one in keys] == [
        {"name": NAME, "key": "S3_ACCESS_KEY"},
        {"name": NAME, "key": "S3_SECRET_KEY"},
    ]
    (source,) = cell.one("ExternalSecret", NAME)["spec"]["dataFrom"]
    assert source["extract"]["key"] == f"jejaring/{CELLS[0]}/{NAME}"


def test_a_cell_has_no_bucket_by_itself(render):
    cell = render(CELLS[0])

    assert cell.bucket == {}
    assert NAME not in cell.names("NetworkPolicy", "ExternalSecret")


@pytest.mark.parametrize("version", VERSIONS)
def test_its_built_in_objects_are_valid(with_bucket, version: str):
    for one in built_in(with_bucket()):
        kubernetes_validate.validate(one, version, strict=True)


def test_its_secret_is_valid(with_bucket):
    assert wrong_with(with_bucket().one("ExternalSecret", NAME)) == []


@breaks("a_bucket_is_whole_and_the_gateway_s")
def a_bucket_without_a_key(cell: Cell) -> None:
    main(cell, "gateway")["env"].pop()


@breaks("a_bucket_is_whole_and_the_gateway_s")
def keys_without_a_bucket(cell: Cell) -> None:
    del settings(cell)["S3_BUCKET"]


@breaks("a_bucket_is_whole_and_the_gateway_s")
def a_setting_with_a_typing_error(cell: Cell) -> None:
    settings(cell)["S3_ENDPIONT"] = "https://objects.example"


@breaks("a_bucket_is_whole_and_the_gateway_s")
def photos_that_travel_openly(cell: Cell) -> None:
    settings(cell)["S3_ENDPOINT"] = "http://objects.example:443"


@breaks("a_bucket_is_whole_and_the_gateway_s")
def keys_for_a_service(cell: Cell) -> None:
    main(cell, "mentoring")["env"].append(main(cell, "gateway")["env"][-1])


@breaks("a_bucket_is_whole_and_the_gateway_s")
def a_bucket_for_the_gate(cell: Cell) -> None:
    gate = pod(cell, "gateway")["spec"]["initContainers"][0]
    gate["envFrom"] = main(cell, "gateway")["envFrom"]


@breaks("nothing_secret_is_written_down")
def a_key_beside_the_bucket(cell: Cell) -> None:
    settings(cell)["S3_ACCESS_KEY"] = "AKIA"


@breaks("references_lead_somewhere")
def keys_that_nobody_brings(cell: Cell) -> None:
    without(cell, "ExternalSecret", NAME)


@breaks("references_lead_somewhere")
def a_cell_that_does_not_say_where(cell: Cell) -> None:
    maps = cell.all("ConfigMap")
    cell.objects.remove(next(one for one in maps if one["metadata"]["name"].startswith(NAME)))


@breaks("who_must_talk_may")
def a_gateway_that_does_not_get_out(cell: Cell) -> None:
    without(cell, "NetworkPolicy", NAME)


@breaks("who_must_talk_may")
def a_bucket_on_a_port_that_is_shut(cell: Cell) -> None:
    settings(cell)["S3_ENDPOINT"] = "https://objects.example:9000"


@breaks("nobody_else_may")
def a_way_that_leads_inwards(cell: Cell) -> None:
    rule = cell.one("NetworkPolicy", NAME)["spec"]["egress"][0]
    del rule["to"][0]["ipBlock"]["except"]


@breaks("nobody_else_may")
def a_way_for_everything(cell: Cell) -> None:
    del cell.one("NetworkPolicy", NAME)["spec"]["egress"][0]["ports"]


@breaks("nobody_else_may")
def a_way_for_everybody(cell: Cell) -> None:
    cell.one("NetworkPolicy", NAME)["spec"]["podSelector"] = {}


@pytest.mark.parametrize(
    ("policy", "change"), BREAKS, ids=[change.__name__ for _, change in BREAKS]
)
def test_the_policy_complains_of_a_broken_bucket(with_bucket, policy: str, change: Break):
    cell = with_bucket()
    change(cell)

    assert POLICIES[policy](cell) != []
