"""The region begins once, with people in office."""

from dataclasses import replace

import pytest

from contracts.members import commands
from services.members.errors import AreaOverlaps, Forbidden, NotYours, RegionFounded
from services.members.handlers.region import found_region, may_restate
from services.members.handlers.signing_in import sign_in
from tests.support.members import a_region, a_work, an_appointment


def an_account(role, area=None):
    name = area or role
    return commands.FoundAccount(
        role=role, name=name, email=f"K{name}@x.id", password="a good password", area=area
    )


FOUNDING = commands.FoundRegion(
    name="Kediri Raya",
    timezone="Asia/Jakarta",
    areas=(
        commands.FoundArea(id="35.71", name="Kota Kediri", codes=("35.71",), latitude=-7.8),
        commands.FoundArea(id="35.06", name="Kab. Kediri", codes=("35.06",)),
    ),
    accounts=(
        an_account("coordinator"),
        an_account("operator"),
        an_account("area_coordinator", "35.71"),
    ),
)


@pytest.fixture
def cell():
    return a_work().by(address="cell")


def test_a_region_begins_with_areas_people_framework_and_key(cell):
    assert found_region(cell, FOUNDING) == {"founded": True}

    people = {member.name: member for member in cell.members.by_id.values()}
    assert {(p.state, p.contact_proven) for p in people.values()} == {("active", True)}
    assert cell.areas.get("35.71").coordinators == (people["35.71"].id,)
    assert cell.areas.get("35.06").acting_coordinator == people["coordinator"].id
    assert cell.areas.get("35.71").latitude == -7.8
    assert cell.said()[-2:] == ["FrameworkPublished", "SigningKeyPublished"]


def test_its_people_sign_in(cell):
    found_region(cell, FOUNDING)

    answer = sign_in(
        cell.by(),
        commands.SignIn(
            grant_type="password", username="koperator@X.id", password="a good password"
        ),
    )

    assert cell.members.get(answer["member_id"]).name == "operator"


def test_doing_it_again_changes_nothing(cell):
    found_region(cell, FOUNDING)
    again = cell.by(address="cell")
    other_password = replace(FOUNDING.accounts[0], password="some other password")

    assert found_region(again, FOUNDING) == {"founded": False}
    assert found_region(
        again, replace(FOUNDING, accounts=(other_password, *FOUNDING.accounts[1:]))
    ) == {"founded": False}
    assert again.said() == []


def test_other_data_are_refused(cell):
    found_region(cell, FOUNDING)

    with pytest.raises(RegionFounded):
        found_region(cell.by(address="cell"), replace(FOUNDING, areas=FOUNDING.areas[:1]))


def test_areas_must_not_overlap(cell):
    twice = (*FOUNDING.areas, replace(FOUNDING.areas[0], id="kota"))

    with pytest.raises(AreaOverlaps):
        found_region(cell, replace(FOUNDING, areas=twice))


def test_nobody_but_the_cell_founds_a_region():
    with pytest.raises(Forbidden):
        found_region(a_work(), FOUNDING)
    with pytest.raises(Forbidden):
        found_region(a_work().by("kartini", address="cell"), FOUNDING)


def test_operators_officers_and_the_cell_have_everything_said_again():
    work = a_region().holds(an_appointment("ayu", "operator"))
    again = commands.Restate(kind="member")

    for somebody in (None, "ayu", "sari"):
        may_restate(work.by(somebody), again)
    with pytest.raises(NotYours):
        may_restate(work.by("rudi"), again)
