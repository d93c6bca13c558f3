"""`make new-cell`: checked first, then written, and what is written can be rendered."""

import shutil
from pathlib import Path

import pytest

from cell import new_cell as program
from cell.area_codes import LIST, named_areas
from cell.errors import CellError
from cell.new_cell import Tree, Wish, new_cell
from cell.region import read_profile
from tests.deploy.manifests import ROOT, cell_of, rendered
from tests.deploy.policies import POLICIES
from tests.deploy.test_cells import peers

MALANG = {"NAME": "malang-raya", "AREAS": "35.73=Kota Malang, 35.07=Kabupaten Malang"}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A checkout's part of it, beside which no list lies."""
    root = tmp_path / "work" / "checkout"
    shutil.copytree(ROOT / "deploy" / "k8s", root / "deploy" / "k8s")
    shutil.copytree(ROOT / "cell" / "regions", root / "cell" / "regions")
    shutil.copy(ROOT / "pyproject.toml", root)
    return Tree(root)


def everything(tree: Tree) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in tree.root.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("render")
def test_a_new_cell_keeps_every_policy(tree):
    new_cell(Wish.of({**MALANG, "PEERS": "kediri-raya,semarang"}), tree)
    cell = cell_of("malang-raya", tree.cells / "malang-raya")

    assert {name: policy(cell) for name, policy in POLICIES.items() if policy(cell)} == {}
    assert cell.settings["REGION_NAME"] == "Malang Raya"
    assert peers(cell).keys() == {"kediri-raya", "semarang"}


@pytest.mark.usefixtures("render")
def test_its_peers_know_it_and_their_other_peers_still(tree):
    new_cell(Wish.of({**MALANG, "PEERS": "kediri-raya"}), tree)

    assert peers(cell_of("kediri-raya", tree.cells / "kediri-raya")).keys() == {
        "malang-raya",
        "semarang",
    }
    assert "malang-raya" not in rendered(tree.cells / "semarang")


@pytest.mark.usefixtures("render")
def test_a_cell_without_peers_keeps_every_policy(tree):
    new_cell(Wish.of(MALANG), tree)
    cell = cell_of("malang-raya", tree.cells / "malang-raya")

    assert {name: policy(cell) for name, policy in POLICIES.items() if policy(cell)} == {}
    assert cell.all("Federation") == []


def test_its_profile_is_written(tree):
    written = new_cell(Wish.of({**MALANG, "TITLE": "Malang (Raya)"}), tree)
    profile = read_profile(tree.profile("malang-raya"))

    assert tree.profile("malang-raya") in written
    assert (profile.id, profile.name, profile.timezone) == (
        "malang-raya",
        "Malang (Raya)",
        "Asia/Jakarta",
    )
    assert [(area.id, area.name, area.codes) for area in profile.areas] == [
        ("35.07", "Kabupaten Malang", ("35.07",)),
        ("35.73", "Kota Malang", ("35.73",)),
    ]
    assert (tree.cells / "malang-raya" / "malang-raya.toml").read_text() == tree.profile(
        "malang-raya"
    ).read_text()


def test_a_profile_that_is_there_is_taken_as_it_is(tree):
    shutil.rmtree(tree.cells / "semarang")
    before = tree.profile("semarang").read_text()
    new_cell(Wish.of({"NAME": "semarang", "TIMEZONE": "Asia/Makassar"}), tree)

    assert tree.profile("semarang").read_text() == before
    assert "TIMEZONE=Asia/Jakarta" in (tree.cells / "semarang" / "kustomization.yaml").read_text()


def test_names_come_from_the_list_beside_the_checkout(tree):
    path = tree.root / LIST
    path.parent.mkdir(parents=True)
    path.write_text(
        "code,name,level,lat,lon\n"
        "35,Jawa Timur,provinsi,,\n"
        "35.07,Kabupaten Malang,kabupaten,-8.1234,112.5678\n"
        "35.73,Kota Malang,kota,,\n"
        "35.73.01,Blimbing,kecamatan,-7.94,112.64\n"
    )
    first, second = named_areas(("35.73", "35.07"), tree.root)

    assert (first.name, first.latitude, first.longitude) == ("Kabupaten Malang", -8.12, 112.57)
    assert (second.name, second.latitude) == ("Kota Malang", None)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"NAME": ""}, "not a name"),
        ({"NAME": "Malang"}, "not a name"),
        ({"NAME": "malang-"}, "not a name"),
        ({"NAME": "kediri-raya"}, "already"),
        ({"TITLE": "Malang\n- X"}, "TITLE"),
        ({"TIMEZONE": "Asia/Malang"}, "not a time zone"),
        ({"TIMEZONE": "../etc"}, "not a time zone"),
        ({"PEERS": "surabaya"}, "no cell surabaya"),
        ({"AREAS": ""}, "which areas"),
        ({"AREAS": "3507=Kabupaten Malang"}, "not the code"),
        ({"AREAS": "35.07"}, "in no list"),
        ({"AREAS": '35.07=Kabupaten "Malang"'}, "in no list"),
        ({"AREAS": "35.07=Satu,35.07=Dua"}, "twice"),
        ({"AREAS": "35.71=Kota Kediri"}, "35.71 belongs to kediri-raya"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_written(tree, wish, reason):
    before = everything(tree)
    with pytest.raises(CellError, match=reason):
        new_cell(Wish.of({**MALANG, **wish}), tree)
    assert everything(tree) == before


def test_other_areas_than_the_profile_s_are_refused(tree):
    shutil.rmtree(tree.cells / "semarang")
    with pytest.raises(CellError, match="has other areas"):
        new_cell(Wish.of({"NAME": "semarang", "AREAS": "33.22"}), tree)


def test_the_program_says_what_it_wrote_or_why_not(tree, capsys):
    assert program.main(MALANG, tree) == 0
    told = capsys.readouterr().out
    assert "cell/regions/malang-raya.toml" in told
    assert "deploy/k8s/cells/malang-raya/kustomization.yaml" in told

    assert program.main(MALANG, tree) == 2
    assert "already" in capsys.readouterr().err
