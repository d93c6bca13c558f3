"""The register of institutions, by those who coordinate the place."""

import pytest

from contracts.members import commands
from services.members.errors import AreaInvalid, InstitutionUnknown, Invalid, NotYours, NpsnTaken
from services.members.handlers.institutions import change_institution, register_institution
from tests.support.members import a_region, an_area, an_institution


def a_garden(**fields):
    plain = {"name": "TBM Melati", "kind": "reading_garden", "area": "35.71"}
    return commands.RegisterInstitution(**{**plain, **fields})


def test_a_reading_garden_needs_no_npsn():
    work = a_region().by("rudi")

    state = register_institution(work, a_garden(district_code="35.71.01"))

    assert (state.npsn, state.area, state.version) == (None, "35.71", 1)
    assert work.said() == ["InstitutionRegistered"]


def test_coordinators_register_in_their_own_areas_only():
    with pytest.raises(NotYours):
        register_institution(a_region().by("dewi"), a_garden())


def test_a_member_registers_nothing():
    with pytest.raises(NotYours):
        register_institution(a_region().by("ayu"), a_garden())


def test_an_officer_registers_anywhere_but_not_nowhere():
    work = a_region().by("kartini")

    assert register_institution(work, a_garden(area="35.06")).area == "35.06"
    with pytest.raises(AreaInvalid) as told:
        register_institution(work, a_garden(area="99.99"))
    assert told.value.pointer == "/area"


def test_an_npsn_is_registered_once():
    work = a_region().by("rudi")
    register_institution(work, a_garden(npsn="20534386"))

    with pytest.raises(NpsnTaken):
        register_institution(work, a_garden(npsn="20534386"))


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"district_code": "35.06.01"}, "/district_code"), ({"latitude": -7.8}, "/latitude")],
)
def test_place_and_area_must_agree(fields, pointer):
    with pytest.raises(Invalid) as told:
        register_institution(a_region().by("rudi"), a_garden(**fields))
    assert told.value.pointer == pointer


def test_a_new_name_is_taken():
    work = a_region().by("rudi")

    state = change_institution(
        work, commands.ChangeInstitution(institution_id="sman4", name="SMA NEGERI 4 KEDIRI")
    )

    assert (state.name, state.version) == ("SMA NEGERI 4 KEDIRI", 2)
    assert work.said() == ["InstitutionChanged"]


def test_the_same_again_says_nothing():
    work = a_region().by("rudi")

    change_institution(work, commands.ChangeInstitution(institution_id="sman4", level="SMA"))

    assert work.said() == []


def test_moving_it_needs_authority_over_both_areas():
    move = commands.ChangeInstitution(institution_id="sman4", area="35.06")

    for coordinator in ("rudi", "dewi"):
        with pytest.raises(NotYours):
            change_institution(a_region().by(coordinator), move)
    assert change_institution(a_region().by("sari"), move).area == "35.06"


def test_it_does_not_move_into_an_area_out_of_use_but_may_stay_in_one():
    work = a_region().holds(an_area("35.72", active=False)).by("sari")
    work.holds(an_institution("old", area="35.72"))

    with pytest.raises(AreaInvalid):
        change_institution(work, commands.ChangeInstitution(institution_id="sman4", area="35.72"))
    assert (
        change_institution(work, commands.ChangeInstitution(institution_id="old", name="Lama")).name
        == "Lama"
    )


def test_an_npsn_is_changed_to_a_free_one_only():
    work = a_region().holds(an_institution("other", npsn="20534386")).by("rudi")

    with pytest.raises(NpsnTaken):
        change_institution(
            work, commands.ChangeInstitution(institution_id="sman4", npsn="20534386")
        )
    assert (
        change_institution(
            work, commands.ChangeInstitution(institution_id="sman4", npsn="20534387")
        ).npsn
        == "20534387"
    )
    assert (
        change_institution(work, commands.ChangeInstitution(institution_id="sman4", npsn=None)).npsn
        is None
    )


def test_an_unknown_institution_is_not_found():
    with pytest.raises(InstitutionUnknown):
        change_institution(a_region().by("rudi"), commands.ChangeInstitution(institution_id="x"))
