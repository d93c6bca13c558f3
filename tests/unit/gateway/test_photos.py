"""Photos of visits: what they really are, without metadata, and only with the declaration."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from contracts.mentoring import states
from contracts.mentoring.commands import AddPhoto
from gateway import picture
from gateway.picture import cleaned
from gateway.problems import Problem
from tests.unit.gateway.house import BASE, answered, later, peopled

PHOTO = states.Photo(
    id="p1", media_type="image/jpeg", size_bytes=10, added_by="ayu", no_identifiable_child=True
)


def a_picture(kind="JPEG", size=(30, 20), **more):
    kept = BytesIO()
    Image.new("RGB", size, "red").save(kept, kind, **more)
    return kept.getvalue()


def a_case(**more):
    given = {
        "institution_id": "i1",
        "institution_name": "SMAN 4 Kota Kediri",
        "area": "35.71",
        "goal": "Sirkulasi otomatis",
        "state": "in_progress",
        "stage": "installation",
        "mentor_id": "ayu",
    }
    return states.Mentorship(**{**BASE, "id": "m1", **given, **more})


def a_visit(**more):
    given = {
        "mentorship_id": "m1",
        "area": "35.71",
        "client_id": "hp-1",
        "started_at": "2026-12-10T02:00:00.000Z",
        "ended_at": "2026-12-10T04:00:00.000Z",
        "logged_by": "ayu",
    }
    return states.Visit(**{**BASE, "id": "v1", **given, **more})


@pytest.fixture
def house():
    made = peopled()
    made.put(a_case(), a_visit())
    made.backend.replies[AddPhoto.verb] = answered(later(a_visit(), photos=(PHOTO,)))
    return made


def sent(house, body, by="ayu", media="image/jpeg", declared="?no_identifiable_child=true"):
    path = f"/v1/mentorships/m1/visits/v1/photos{declared}"
    return house.send("POST", path, by, body=body, Content_Type=media)


def test_metadata_is_stripped_and_size_is_bounded():
    exif = Image.Exif()
    exif[0x010F] = "Canon"
    picture = cleaned(a_picture(size=(3000, 1000), exif=exif))
    opened = Image.open(BytesIO(picture.body))

    assert picture.media_type == "image/jpeg"
    assert opened.size == (2048, 683)
    assert dict(opened.getexif()) == {}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_stay_what_they_are(kind):
    assert cleaned(a_picture(kind)).media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "raw", [b"", b"%PDF-1.7", b"<svg onload=alert(1)>", a_picture("GIF")], ids=range(4)
)
def test_what_is_no_picture_of_ours_is_refused(raw):
    with pytest.raises(Problem) as caught:
        cleaned(raw)
    assert caught.value.code.code == "mentoring.photo_invalid"


def test_a_picture_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(picture, "MOST_PIXELS", 100)

    with pytest.raises(Problem):
        cleaned(a_picture())


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
