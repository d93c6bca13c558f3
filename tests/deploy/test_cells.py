"""Cells beside one another: they differ where they may, share no area, and know their peers."""

import csv
import json
import shutil
from pathlib import Path

import pytest
import yaml

from cell.region import read_profile
from contracts.catalogue import FACTS
from tests.deploy import computed
from tests.deploy.manifests import CELLS, DATA, K8S, LOADER, ROOT, Cell, cell_of, walk
from tests.deploy.policies.of_network import who_must_talk_may
from tests.deploy.policies.of_objects import references_lead_somewhere
from tests.deploy.policies.of_pods import containers_are_locked, memory_is_bounded_and_cpu_is_not

# What a cell may say for itself, as ends of paths; everything else is the same everywhere.
OWN = {
    ("Ingress", "host"),
    ("Ingress", "hosts.0"),
    ("ExternalSecret", "key"),
    ("ExternalSecret", "uri"),
    ("ScaledObject", "queueName"),
    ("Job", "value"),
    ("CronJob", "value"),
    ("CronJob", "timeZone"),
}
OF_PEERS = ("Exchange", "User", "Permission", "Federation", "Policy", "ExternalSecret")


def is_of_a_peer(one: dict) -> bool:
    name = one["metadata"]["name"]
    return one["kind"] in OF_PEERS and any(peer in name for peer in CELLS)


def skeleton(cell: Cell) -> dict[tuple[str, str], dict]:
    """(kind, name) → object, without what names the cell and without its peers."""
    found = {}
    for one in cell.objects:
        if one["kind"] == "ConfigMap" or is_of_a_peer(one):
            continue
        text = json.dumps(one).replace(f"jejaring-{cell.region}", "jejaring-CELL")
        text = text.replace(f'"app.kubernetes.io/instance": "{cell.region}"', '"instance": "CELL"')
        config = next(n for n in cell.names("ConfigMap") if n.startswith("cell"))
        made = json.loads(text.replace(config, "cell"))
        found[one["kind"], made["metadata"]["name"]] = made
    return found


def leaves(one: dict) -> dict[str, object]:
    return {".".join(p): v for p, v in walk(one) if not isinstance(v, dict | list)}


def differences(left: Cell, right: Cell) -> list[str]:
    """Where two cells differ although they may not."""
    ours, theirs = skeleton(left), skeleton(right)
    wrong = [f"only one has {key}" for key in ours.keys() ^ theirs.keys()]
    for (kind, name), one in ours.items():
        mine, other = leaves(one), leaves(theirs.get((kind, name), one))
        wrong += [
            f"{kind}/{name} {path}"
            for path in mine.keys() | other.keys()
            if mine.get(path) != other.get(path)
            and not any(kind == of and path.endswith(f".{end}") for of, end in OWN)
        ]
    return wrong


def codes(name: str) -> set[str]:
    profile = read_profile(K8S / "cells" / name / f"{name}.toml")
    return {code for area in profile.areas for code in area.codes}


def peers(cell: Cell) -> dict[str, str]:
    """Peer → the exchange that is fetched from it."""
    return {one["spec"]["name"]: one["spec"]["exchange"] for one in cell.all("Federation")}


def test_cells_differ_only_where_they_may(render):
    first, *others = (render(name) for name in CELLS)
    assert [differences(first, other) for other in others] == [[] for _ in others]


def test_a_cell_of_its_own_kind_is_noticed(render):
    first, second = (render(name) for name in CELLS[:2])
    second.one("Deployment", "events")["spec"]["revisionHistoryLimit"] = 9
    second.objects.remove(second.one("PodDisruptionBudget", "events"))

    assert sorted(differences(first, second)) == [
        "Deployment/events spec.revisionHistoryLimit",
        "only one has ('PodDisruptionBudget', 'events')",
    ]


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_carries_the_profile_of_its_region(name: str):
    profile = ROOT / "cell" / "regions" / f"{name}.toml"
    assert (K8S / "cells" / name / f"{name}.toml").read_text() == profile.read_text()


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_says_what_its_profile_says(render, name: str):
    profile, cell = read_profile(ROOT / "cell" / "regions" / f"{name}.toml"), render(name)
    assert profile.id == cell.settings["REGION"] == name
    assert profile.name == cell.settings["REGION_NAME"]
    assert profile.timezone == cell.settings["TIMEZONE"]
    assert profile.timezone == cell.one("CronJob", "backup")["spec"]["timeZone"]
    assert cell.one("ConfigMap", "region")["data"].keys() == {f"{name}.toml"}
    host = cell.one("Ingress", "gateway")["spec"]["rules"][0]["host"]
    assert cell.settings["PUBLIC_URL"] == f"https://{host}"


def test_no_area_belongs_to_two_cells():
    everywhere = [code for name in CELLS for code in sorted(codes(name))]
    assert len(everywhere) == len(set(everywhere))


def test_areas_are_real():
    if not DATA.exists():
        pytest.skip("../shared/data is not beside the project: no official codes here")
    with (DATA / "areas.csv").open(encoding="utf-8-sig", newline="") as lines:
        real = {row["code"] for row in csv.DictReader(lines) if row["level"] != "provinsi"}
    assert {code for name in CELLS for code in codes(name)} <= real


def test_peers_know_one_another(render):
    cells = {name: render(name) for name in CELLS}
    pairs = {(name, peer) for name, cell in cells.items() for peer in peers(cell)}

    assert pairs
    assert pairs == {(peer, name) for name, peer in pairs}
    assert all(name != peer for name, peer in pairs)


@pytest.mark.parametrize("name", CELLS)
def test_what_is_fetched_from_a_peer_is_what_it_says_to_us(render, name: str):
    cell = render(name)
    for peer, exchange in peers(cell).items():
        told = {one["spec"]["name"] for one in render(peer).all("Exchange")}
        heard = {one["spec"]["name"] for one in cell.all("Exchange")}
        assert exchange == f"jejaring.to.{name}"
        assert exchange in told
        assert f"jejaring.from.{peer}" in heard


@pytest.mark.parametrize("name", CELLS)
def test_nothing_but_what_comes_from_peers_is_federated(render, name: str):
    cell = render(name)
    for one in cell.all("Policy"):
        peer, pattern = one["spec"]["definition"]["federation-upstream"], one["spec"]["pattern"]
        assert one["spec"]["applyTo"] == "exchanges"
        assert computed.matches(pattern, f"jejaring.from.{peer}")
        others = ["jejaring.facts", f"jejaring.to.{peer}", f"jejaring.from.{peer}-2", *FACTS]
        assert [other for other in others if computed.matches(pattern, other)] == []
    assert all(one["spec"]["maxHops"] == 1 for one in cell.all("Federation"))
    assert all(one["spec"]["ackMode"] == "on-confirm" for one in cell.all("Federation"))


@pytest.mark.parametrize("name", CELLS)
def test_a_peer_reads_only_what_is_meant_for_it(render, name: str):
    cell = render(name)
    granted = {p["spec"]["userReference"]["name"]: p["spec"] for p in cell.all("Permission")}
    for peer in peers(cell):
        rights = granted[f"peer-{peer}"]["permissions"]
        exchange = f"jejaring.to.{peer}"
        link = f"federation: {exchange} -> {peer}:jejaring:jejaring.from.{name}"
        assert all(computed.matches(rights[right], link) for right in rights)
        assert computed.matches(rights["read"], exchange)
        assert not computed.matches(rights["write"], exchange)
        strange = ["jejaring.facts", "jejaring.to.other", f"jejaring.from.{peer}", "amq.default"]
        strange += [queue for one in computed.MODULES for queue in computed.queues(one, name)]
        opened = [one for one in strange for held in rights.values() if computed.matches(held, one)]
        assert opened == []


def component(tmp_path: Path, *names: str) -> Cell:
    """The first cell with other components than its own."""
    tree = tmp_path / "k8s"
    shutil.copytree(K8S, tree)
    file = tree / "cells" / CELLS[0] / "kustomization.yaml"
    page = yaml.load(file.read_text(), LOADER)
    page["components"] = [f"../../components/{name}" for name in (*names, "region")]
    file.write_text(yaml.safe_dump(page))
    return cell_of(CELLS[0], file.parent)


def test_a_small_cell_has_one_of_each(render, tmp_path):
    cell = component(tmp_path, "external-secrets", "small-cell")

    assert {one["spec"]["replicas"] for one in cell.all("Deployment", "RabbitmqCluster")} == {1}
    assert cell.one("MongoDBCommunity", "store")["spec"]["members"] == 1
    assert cell.all("PodDisruptionBudget") == []


def test_a_cell_without_components_is_fixed_and_alone(render, tmp_path):
    cell = component(tmp_path)

    assert {one["spec"]["replicas"] for one in cell.all("Deployment")} == {2}
    assert cell.all("HorizontalPodAutoscaler", "ScaledObject", "Federation", "ExternalSecret") == []
    assert cell.one("RabbitmqCluster", "broker")["spec"].get("tls") is None


def test_during_a_restore_nobody_works_and_nothing_is_declared(render, tmp_path):
    cell = component(tmp_path, "external-secrets", "autoscale-http", "autoscale-workers", "restore")

    assert {one["spec"]["replicas"] for one in cell.all("Deployment")} == {0}
    assert cell.names("Job") == {"fill"}
    assert cell.all("ScaledObject", "HorizontalPodAutoscaler") == []
    assert cell.pods("Job")[0].env("REGION") == [cell.region]
    for policy in (containers_are_locked, memory_is_bounded_and_cpu_is_not, who_must_talk_may):
        assert policy(cell) == []
    made_by_hand = ["Job/fill names ConfigMap/restore, which is not there"]
    assert references_lead_somewhere(cell) == made_by_hand
