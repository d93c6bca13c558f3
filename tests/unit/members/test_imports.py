"""Files are taken line by line, twice without harm, and every line has a fate."""

import csv
import time
from pathlib import Path

import pytest

from contracts.members import commands
from contracts.members.csv_lines import read_csv
from services.members.errors import AreaInvalid, ColumnsMissing, InstitutionInvalid, NotYours
from services.members.handlers.imports import import_institutions, import_members
from services.members.handlers.members import leave
from services.members.schemas import level_of, read_institutions, read_members
from tests.support.members import a_member, a_region, an_area, an_institution
from tests.support.pace import slowness

CELLS = {
    "npsn": "20534386",
    "name": "SMAN 1 KEDIRI",
    "level": "SMA",
    "form": "SMA",
    "status": "Negeri",
    "address": "Jl. Veteran 1",
    "village": "",
    "district": "Mojoroto",
    "district_code": "35.71.01",
    "regency": "Kota Kediri",
    "regency_code": "35.71",
    "region": "kediri-raya",
    "lat": "-7.81",
    "lon": "112.0",
    "coord_check": "in_district",
    "sources": "2019",
}


def lines(*changes):
    return tuple(
        commands.CsvLine(line=number, cells={**CELLS, **change})
        for number, change in enumerate(changes, start=2)
    )


def load(work, *changes, by="rudi", dry_run=False):
    command = commands.ImportInstitutions(lines=lines(*changes), dry_run=dry_run)
    return import_institutions(work.by(by), read_institutions(command))


def fates(report):
    return {name: count for name, count in report["counts"].items() if count}


# -- institutions -----------------------------------------------------------------------------


def test_a_new_school_is_created():
    work = a_region()

    report = load(work, {})

    assert report == {
        "dry_run": False,
        "counts": {"created": 1, "updated": 0, "unchanged": 0, "refused": 0},
        "lines": [],
    }
    (school,) = work.institutions.by_npsns(["20534386"]).values()
    assert (school.name, school.kind, school.level) == ("SMAN 1 KEDIRI", "school", "SMA")
    assert (school.area, school.district_code) == ("35.71", "35.71.01")
    assert (school.latitude, school.longitude, school.village) == (-7.81, 112.0, None)


def test_the_second_load_changes_nothing():
    work = a_region()
    load(work, {}, {"npsn": "20534387"})

    assert fates(load(work, {}, {"npsn": "20534387"})) == {"unchanged": 2}


def test_a_new_name_updates():
    work = a_region()
    load(work, {})

    report = load(work, {"name": "SMA NEGERI 1 KEDIRI", "lat": "-7.82"})

    assert fates(report) == {"updated": 1}
    assert report["lines"] == [
        {"line": 2, "outcome": "updated", "column": "name, lat", "code": None, "message": None}
    ]


def test_an_empty_cell_wipes_nothing_out():
    work = a_region()
    load(work, {})

    assert fates(load(work, {"address": "", "status": "", "lat": "", "lon": ""})) == {
        "unchanged": 1
    }


def test_a_dry_run_tells_the_same_and_writes_nothing():
    work = a_region()

    report = load(work, {}, {}, {"name": ""}, dry_run=True)

    assert report["dry_run"]
    assert fates(report) == {"created": 1, "unchanged": 1, "refused": 1}
    assert len(work.institutions.by_id) == 1


def test_a_line_is_compared_with_an_earlier_one_of_the_same_npsn():
    work = a_region()

    report = load(work, {}, {"name": "SMA NEGERI 1"}, {"name": "SMA NEGERI 1"})

    assert fates(report) == {"created": 1, "updated": 1, "unchanged": 1}
    assert work.institutions.by_npsns(["20534386"])["20534386"].version == 2


def test_a_school_with_doubtful_coordinates_is_taken_without():
    work = a_region()

    assert fates(load(work, {"coord_check": "outside"})) == {"created": 1}
    assert work.institutions.by_npsns(["20534386"])["20534386"].latitude is None


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"npsn": ""}, "npsn"),
        ({"npsn": "123"}, "npsn"),
        ({"name": " "}, "name"),
        ({"level": "XYZ", "form": ""}, "level"),
        ({"lat": "x"}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "48.8"}, "lat"),
        ({"lon": "2.3"}, "lon"),
        ({"lat": ""}, "lat"),
        ({"status": "Milik sendiri"}, "status"),
        ({"district_code": "35.06.01"}, "district_code"),
        ({"district_code": "Mojoroto"}, "district_code"),
        ({"regency_code": "33.74"}, "regency_code"),
        ({"regency_code": ""}, "regency_code"),
        ({"address": "x" * 301}, "address"),
    ],
)
def test_what_is_wrong_is_refused_with_line_and_column(change, column):
    work = a_region()

    report = load(work, change, {})

    assert fates(report) == {"created": 1, "refused": 1}
    (told,) = report["lines"]
    assert (told["line"], told["outcome"], told["column"]) == (2, "refused", column)
    assert told["code"]
    assert told["message"]


def test_other_areas_lines_are_refused_to_an_area_coordinator_only():
    there = {"npsn": "20534387", "regency_code": "35.06", "district_code": "35.06.01"}

    report = load(a_region(), {}, there)
    assert fates(report) == {"created": 1, "refused": 1}
    assert report["lines"][0]["code"] == "members.not_yours"
    assert fates(load(a_region(), {}, there, by="sari")) == {"created": 2}


def test_a_member_loads_nothing():
    with pytest.raises(NotYours):
        load(a_region(), {}, by="ayu")


def test_a_school_moves_to_another_area_by_an_officer():
    work = a_region()
    load(work, {})
    moved = {"regency_code": "35.06", "district_code": "35.06.01"}

    assert fates(load(work, moved, by="dewi")) == {"refused": 1}
    report = load(work, moved, by="sari")
    assert report["lines"][0]["column"] == "district_code, regency_code"


@pytest.mark.parametrize(
    ("level", "form", "kind", "kept"),
    [
        ("SLB", "SDLB", "school", "SLB"),
        ("", "SMPLB", "school", "SLB"),
        ("PKBM", "PKBM", "nonformal", "PKBM"),
        ("skb", "", "nonformal", "SKB"),
        ("MTS", "MTs", "madrasah", "MTs"),
        ("SD", "SD", "school", "SD"),
    ],
)
def test_level_and_form_tell_the_kind(level, form, kind, kept):
    work = a_region()

    load(work, {"level": level, "form": form})

    school = work.institutions.by_npsns(["20534386"])["20534386"]
    assert (school.kind, school.level) == (kind, kept)


def test_an_unknown_level_stays_as_it_is_for_the_message():
    assert level_of("XYZ", "") == "XYZ"


def test_a_file_without_the_columns_is_refused():
    line = commands.CsvLine(line=2, cells={"npsn": "20534386", "nama": "SMAN 1"})

    with pytest.raises(ColumnsMissing, match="name, level, regency_code"):
        read_institutions(commands.ImportInstitutions(lines=(line,)))


def test_an_empty_file_counts_nothing():
    assert fates(load(a_region())) == {}


DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.mark.skipif(not DATA.exists(), reason="the real lists are not part of the repository")
@pytest.mark.parametrize("name", ["schools_kediri_raya.csv", "nonformal_pkbm_skb.csv"])
def test_every_real_line_has_a_fate(name):
    work = a_region().holds(
        *(an_area(code) for code in ("35.03", "35.04", "35.05", "35.18", "35.72"))
    )
    real = list(read_csv((DATA / name).read_bytes()))[:500]

    begun = time.process_time()
    rows = read_institutions(commands.ImportInstitutions(lines=tuple(real)))
    report = import_institutions(work.by("sari"), rows)

    assert time.process_time() - begun < slowness()
    assert sum(report["counts"].values()) == len(real)
    here = sum(cells.cells["region"] == "kediri-raya" for cells in real)
    assert report["counts"]["created"] == here


def test_the_reader_and_the_csv_module_agree_on_a_plain_file(tmp_path):
    path = tmp_path / "x.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, CELLS)
        writer.writeheader()
        writer.writerow(CELLS)

    assert [line.cells for line in read_csv(path.read_bytes())] == [CELLS]


# -- members ----------------------------------------------------------------------------------

PERSON = {
    "member_id": "P1",
    "member_name": "Tono  Hadi",
    "member_type_name": "Staf",
    "member_email": "Tono@X.id",
    "inst_name": "SMAN 4",
    "member_phone": "",
}


def bring(work, *changes, by="rudi", area="35.71", institution_id="sman4", **more):
    command = commands.ImportMembers(
        lines=tuple(
            commands.CsvLine(line=number, cells={**PERSON, **change})
            for number, change in enumerate(changes, start=1)
        ),
        area=area,
        institution_id=institution_id,
        **more,
    )
    return import_members(work.by(by), read_members(command))


def test_people_arrive_as_invited_and_hear_nothing_yet():
    work = a_region()

    assert fates(bring(work, {})) == {"created": 1}

    (tono,) = work.members.with_contacts(["tono@x.id"])
    assert (tono.name, tono.state, tono.area) == ("Tono Hadi", "invited", "35.71")
    assert (tono.institution_id, tono.contact_proven) == ("sman4", False)
    assert work.codes_sent() == []
    assert work.accounts.get(tono.id)


@pytest.mark.parametrize(("by", "institution_id"), [("sari", "sman4"), ("rudi", None)])
def test_without_an_area_it_is_that_of_the_institution_or_of_who_imports(by, institution_id):
    work = a_region()

    bring(work, {}, by=by, area=None, institution_id=institution_id)

    (tono,) = work.members.with_contacts(["tono@x.id"])
    assert tono.area == "35.71"


def test_an_officer_says_the_area_of_people_without_an_institution():
    with pytest.raises(AreaInvalid) as refused:
        bring(a_region(), {}, by="sari", area=None, institution_id=None)
    assert refused.value.pointer == "/area"


def test_only_staff_are_brought_when_only_staff_are_asked_for():
    work = a_region()
    pupil = {"member_id": "S1", "member_name": "Anak", "member_type_name": "Siswa"}
    untold = {"member_id": "S2", "member_type_name": "", "member_email": "x@x.id"}

    report = bring(work, {}, {**pupil, "member_email": "anak@x.id"}, untold, member_type="staf ")

    assert fates(report) == {"created": 1, "refused": 2}
    assert {(one["line"], one["column"], one["code"]) for one in report["lines"]} == {
        (2, "member_type_name", "members.type_not_chosen"),
        (3, "member_type_name", "members.type_not_chosen"),
    }
    assert not any("Anak" in str(one) for one in report["lines"])
    assert work.members.with_contacts(["anak@x.id", "x@x.id"]) == []


def test_a_coordinator_changes_nobody_of_another_area_by_a_file():
    work = a_region()
    bring(work, {})

    told = bring(work, {"member_email": "other@x.id"}, by="dewi", area="35.06")

    assert fates(told) == {"refused": 1}
    assert told["lines"][0]["code"] == "members.not_yours"
    (tono,) = work.members.with_contacts(["tono@x.id"])
    assert (tono.version, tono.area) == (1, "35.71")
    assert fates(bring(work, {}, by="dewi", area="35.06")) == {"unchanged": 1}


def test_the_librarys_own_number_is_not_kept_in_the_clear():
    work = a_region()

    bring(work, {"member_id": "3571010101010001"})

    assert "3571010101010001" not in repr(work.imports.members) + repr(work.members.by_id)


def test_bringing_them_again_changes_nothing():
    work = a_region()
    bring(work, {})

    assert fates(bring(work, {}, {})) == {"unchanged": 2}


def test_another_librarys_p1_is_somebody_else():
    work = a_region()
    bring(work, {})

    report = bring(work, {"member_email": "other@x.id"}, institution_id=None)

    assert fates(report) == {"created": 1}


def test_an_invited_persons_data_are_updated_until_he_answers():
    work = a_region()
    bring(work, {})

    report = bring(work, {"member_name": "Tono H.", "member_phone": "081234567890"})
    assert report["lines"][0]["column"] == "member_name, member_phone"

    (tono,) = work.members.with_contacts(["tono@x.id"])
    work.holds(a_member(tono.id, state="pending", email="tono@x.id"))
    assert fates(bring(work, {"member_name": "Somebody"})) == {"unchanged": 1}


def test_who_left_is_not_invited_again():
    work = a_region()
    bring(work, {})
    (tono,) = work.members.with_contacts(["tono@x.id"])
    work.holds(a_member(tono.id, email="tono@x.id"))
    leave(work.by(tono.id), commands.Leave())

    assert fates(bring(work, {})) == {"unchanged": 1}
    assert work.members.with_contacts(["tono@x.id"]) == []


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"member_email": "nonsense"}, "member_email"),
        ({"member_phone": "12"}, "member_phone"),
        ({"member_email": ""}, "member_phone"),
        ({"member_email": "ayu@sekolah.id"}, "member_email"),
        ({"member_name": ""}, "member_name"),
        ({"member_id": ""}, "member_id"),
    ],
)
def test_a_person_who_cannot_be_reached_or_is_here_is_refused(change, column):
    report = bring(a_region(), change)

    assert fates(report) == {"refused": 1}
    assert report["lines"][0]["column"] == column


def test_two_people_of_a_file_share_no_contact():
    report = bring(
        a_region(),
        {"member_phone": "081234567890"},
        {"member_id": "P2", "member_email": "", "member_phone": "0812 3456 7890"},
    )

    assert fates(report) == {"created": 1, "refused": 1}
    assert report["lines"][0]["column"] == "member_phone"


def test_a_dry_run_invites_nobody():
    work = a_region()

    assert fates(bring(work, {}, dry_run=True)) == {"created": 1}
    assert work.members.with_contacts(["tono@x.id"]) == []
    assert work.imports.members == {}


def test_people_are_brought_by_who_coordinates_the_area():
    with pytest.raises(NotYours):
        bring(a_region(), {}, by="dewi")
    with pytest.raises(AreaInvalid):
        bring(a_region(), {}, by="sari", area="99.99")
    with pytest.raises(InstitutionInvalid):
        bring(a_region(), {}, institution_id="nowhere")
    work = a_region().holds(an_institution("perpus"))
    assert fates(bring(work, {}, institution_id="perpus")) == {"created": 1}
