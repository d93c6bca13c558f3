"""Photos of visits: what they really are, without metadata, and only with the declaration."""

from dataclasses import replace

import pytest

from contracts.mentoring.commands import AddPhoto
from tests.support.gateway import answered, peopled
from tests.support.pictures import a_picture
from tests.support.stated import PHOTO, a_case, a_visit, later


@pytest.fixture
def house():
    made = peopled()
    made.put(a_case(), a_visit())
    made.backend.replies[AddPhoto.verb] = answered(later(a_visit(), photos=(PHOTO,)))
    return made


def sent(house, body, by="ayu", media="image/jpeg", declared="?no_identifiable_child=true"):
    path = f"/v1/mentorships/m1/visits/v1/photos{declared}"
    return house.send("POST", path, by, body=body, Content_Type=media)


def test_a_photo_is_kept_then_noted_then_shown(house):
    added = sent(house, a_picture())
    assert added.status_code == 201, added.json
    noted = house.backend.asked[-1].command
    assert (noted.visit_id, noted.no_identifiable_child) == ("v1", True)

    house.front.photos.kept["p1"] = b"the picture"
    shown = house.get("/v1/mentorships/m1/visits/v1/photos/p1", by="koko")
    assert (shown.content, shown.headers["Content-Type"]) == (b"the picture", "image/jpeg")


def test_a_photo_sent_once_more_is_the_same_photo(house):
    house.put(a_visit(id="v2"))

    def named(path="v1", **more):
        body = a_picture(**more)
        path = f"/v1/mentorships/m1/visits/{path}/photos?no_identifiable_child=true"
        house.send("POST", path, "ayu", body=body, Content_Type="image/jpeg")
        return house.backend.asked[-1].command.photo_id

    first = named()
    assert named() == first
    assert len({first, named(size=(31, 20)), named("v2")}) == 3


def test_each_photo_of_a_visit_is_found_by_its_id(house):
    house.put(later(a_visit(), photos=(PHOTO, replace(PHOTO, id="p2", media_type="image/png"))))
    house.front.photos.kept.update(p1=b"the first", p2=b"the second")
    path = "/v1/mentorships/m1/visits/v1/photos"

    shown = house.get(f"{path}/p2", by="ayu")
    assert (shown.content, shown.headers["Content-Type"]) == (b"the second", "image/png")
    assert house.get(f"{path}/p3", by="ayu").status_code == 404


def test_a_photo_that_was_noted_and_is_not_kept_is_not_found(house):
    house.put(later(a_visit(), photos=(PHOTO,)))

    assert house.get("/v1/mentorships/m1/visits/v1/photos/p1", by="ayu").status_code == 404


def test_without_the_declaration_nothing_is_kept(house):
    refused = sent(house, a_picture(), declared="")

    assert (refused.status_code, refused.json["code"]) == (422, "mentoring.child_on_photo")
    assert house.front.photos.kept == {}


def test_only_pictures_of_who_may_know_of_the_case(house):
    assert sent(house, b"x", media="application/pdf").status_code == 415
    assert sent(house, a_picture(), by="budi").status_code == 404
    for path in ("v1/photos/none", "none/photos/p1"):
        assert house.get(f"/v1/mentorships/m1/visits/{path}", by="ayu").status_code == 404
