"""Areas never overlap, and only officers make them."""

import pytest

from chassis.errors import Stale
from contracts.members import commands
from services.members.errors import (
    AreaInvalid,
    AreaOverlaps,
    AreaTaken,
    AreaUnknown,
    Forbidden,
    NotYours,
    SignInFirst,
)
from services.members.handlers.areas import change_area, create_area
from services.members.handlers.who import actor
from tests.support.members import a_member, a_region, an_area

BLITAR = commands.CreateArea(id="blitar-raya", name="Blitar Raya", codes=("35.05", "35.72"))


def test_an_officer_creates_an_area_and_the_regions_coordinator_acts_in_it():
    work = a_region().by("sari")

    area = create_area(work, BLITAR)

    assert area.codes == ("35.05", "35.72")
    assert (area.coordinators, area.acting_coordinator) == ((), "kartini")
    assert work.said() == ["AreaCreated"]


def test_an_area_coordinator_creates_none():
    with pytest.raises(NotYours):
        create_area(a_region().by("rudi"), BLITAR)


@pytest.mark.parametrize(
    ("codes", "id"), [(("35",), "x"), ((), "x"), (("35.71.01",), "x"), (("35.05",), "35.72")]
)
def test_an_area_needs_kabupaten_codes_and_its_own(codes, id):
    with pytest.raises(AreaInvalid):
        create_area(a_region().by("sari"), commands.CreateArea(id=id, name="X", codes=codes))


def test_overlapping_areas_are_refused():
    with pytest.raises(AreaOverlaps, match=r"35\.71 belongs to area 35\.71"):
        create_area(
            a_region().by("sari"), commands.CreateArea(id="kota", name="Kota", codes=("35.71",))
        )


def test_an_id_is_taken_once():
    with pytest.raises(AreaTaken):
        create_area(
            a_region().by("sari"), commands.CreateArea(id="35.71", name="X", codes=("35.71",))
        )


def test_codes_of_an_area_out_of_use_are_free():
    work = a_region().holds(an_area("35.71", active=False)).by("sari")

    area = create_area(work, commands.CreateArea(id="kota", name="Kota", codes=("35.71",)))

    assert area.id == "kota"
    with pytest.raises(AreaOverlaps):
        change_area(work, commands.ChangeArea(area_id="35.71", active=True))


def test_an_area_gets_another_name_and_more_codes():
    work = a_region().by("sari")

    area = change_area(
        work, commands.ChangeArea(area_id="35.71", name="Kota", codes=("35.71", "35.72"))
    )

    assert (area.name, area.codes, area.version) == ("Kota", ("35.71", "35.72"), 2)


def test_a_change_that_changes_nothing_says_nothing():
    work = a_region().by("sari")

    area = change_area(work, commands.ChangeArea(area_id="35.71", name="Area 35.71"))

    assert area.version == 1
    assert work.said() == []


def test_an_area_that_comes_back_into_use_is_coordinated_anew():
    work = a_region().holds(an_area("35.72", active=False)).by("sari")

    area = change_area(work, commands.ChangeArea(area_id="35.72", active=True))

    assert area.acting_coordinator == "kartini"
    assert work.said() == ["AreaChanged", "AreaCoordinatorVacant"]


def test_an_unknown_area_is_not_found():
    with pytest.raises(AreaUnknown):
        change_area(a_region().by("sari"), commands.ChangeArea(area_id="99.99"))


def test_a_stale_change_is_refused():
    with pytest.raises(Stale):
        change_area(
            a_region().by("sari", if_match=7), commands.ChangeArea(area_id="35.71", name="X")
        )


def test_nobody_acts_without_signing_in_nor_after_leaving():
    work = a_region().holds(a_member("tono", state="suspended"))

    with pytest.raises(SignInFirst):
        actor(work)
    with pytest.raises(Forbidden, match="suspended"):
        actor(work.by("tono"))
    with pytest.raises(Forbidden, match="not of this region"):
        actor(work.by("stranger"))


def test_an_area_out_of_use_may_be_renamed():
    work = a_region().holds(an_area("kota", codes=("35.71",), active=False)).by("sari")

    assert change_area(work, commands.ChangeArea(area_id="kota", name="Kota")).version == 2
