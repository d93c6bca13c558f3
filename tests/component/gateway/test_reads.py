"""Reads: lists, details, filters, cursors, conditions and freshness, all from the views."""

import time

import pytest

from tests.support.gateway import House, peopled
from tests.support.stated import an_area, an_institution, later


@pytest.fixture
def house():
    found = House()
    found.put(an_area("35.71"), an_area("35.06", active=False))
    for number in range(5):
        found.put(an_institution(f"i{number}", name=f"SD {number}", npsn=f"2000000{number}"))
    found.put(an_institution("m1", name="MAN 2 Kediri", kind="madrasah", level="MA", area="35.06"))
    return found


def names(answer):
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json["items"]]


def test_a_list_is_walked_by_cursor_in_both_directions(house):
    for sort, ordered in (("name", 1), ("-name", -1)):
        walked, cursor = [], ""
        while True:
            page = house.get(f"/v1/institutions?limit=2&sort={sort}{cursor}")
            walked += names(page)
            if page.json["next"] is None:
                break
            cursor = f"&cursor={page.json['next']}"
        assert walked == sorted(walked)[::ordered]
        assert len(walked) == 6


def test_filters_narrow_and_words_find(house):
    assert names(house.get("/v1/institutions?kind=madrasah")) == ["MAN 2 Kediri"]
    assert names(house.get("/v1/institutions?area=35.06&level=MA")) == ["MAN 2 Kediri"]
    assert names(house.get("/v1/institutions?npsn=20000003")) == ["SD 3"]
    assert names(house.get("/v1/institutions?q=ma%20negeri")) == ["MAN 2 Kediri"]
    assert names(house.get("/v1/institutions?q=ked%202")) == ["MAN 2 Kediri"]
    assert names(house.get("/v1/institutions?q=!!")) == []
    assert len(names(house.get("/v1/institutions?q="))) == 6
    assert names(house.get("/v1/areas?active=false")) == ["Area 35.06"]


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "a[$ne]=1",
        "kind[$ne]=school",
        "kind=castle",
        "limit=0",
        "limit=101",
        "limit=1e3",
        "limit=1&limit=2",
        "npsn=abc",
        "sort=size",
        "q=" + "x" * 101,
        "q=%00",
        "x=" + "y" * 5000,
    ],
)
def test_a_query_that_is_not_declared_is_refused(house, query):
    answer = house.get(f"/v1/institutions?{query}")

    assert answer.status_code == 400
    assert answer.json["code"] == "request.malformed"


def test_unknown_parameters_are_named(house):
    assert "colour" in house.get("/v1/institutions?colour=red").json["detail"]


@pytest.mark.parametrize(
    "cursor", ["x", "%24%7B", "WyJuYW1lIl0", "WzEsMiwzXQ", "bnVsbA", "WyJuYW1lIiwxLDJd"]
)
def test_a_cursor_that_is_not_ours_is_refused(house, cursor):
    answer = house.get(f"/v1/institutions?cursor={cursor}")

    assert (answer.status_code, answer.json["code"]) == (400, "request.cursor")


def test_a_cursor_goes_with_its_order(house):
    cursor = house.get("/v1/institutions?limit=2").json["next"]

    assert house.get(f"/v1/institutions?sort=-name&cursor={cursor}").status_code == 400


def test_an_etag_saves_the_body(house):
    answer = house.get("/v1/institutions/i1")

    assert answer.headers["etag"] == '"1"'
    assert house.get("/v1/institutions/i1", If_None_Match='W/"1", "9"').status_code == 304
    assert house.get("/v1/institutions/i1", If_None_Match='"2"').status_code == 200
    page = house.get("/v1/institutions")
    assert house.get("/v1/institutions", If_None_Match=page.headers["etag"]).status_code == 304


def test_head_answers_like_get_without_a_body(house):
    answer = house.send("HEAD", "/v1/institutions/i1")

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"1"'
    assert answer.content == b""


@pytest.mark.parametrize("id", ["nobody", "a%00b", "x" * 65, "%24ne", "é"])
def test_what_is_not_there_is_404(house, id):
    assert house.get(f"/v1/institutions/{id}").status_code == 404


def test_a_kept_page_is_dropped_by_the_change(house):
    assert names(house.get("/v1/institutions?limit=1")) == ["MAN 2 Kediri"]
    reads = house.store.reads
    house.get("/v1/institutions?limit=1")
    assert house.store.reads == reads

    house.put(later(an_institution("i0", name="SD 0"), name="A first"))
    house.front.pages.drop("institutions")

    assert names(house.get("/v1/institutions?limit=1")) == ["A first"]


def test_signed_in_reads_are_always_live():
    house = peopled()
    house.get("/v1/areas", by="ayu")
    reads = house.store.reads
    house.get("/v1/areas", by="ayu")

    assert house.store.reads > reads


def test_a_code_resolves_to_the_one_active_area(house):
    assert house.get("/v1/areas/resolve?code=35.71").json["id"] == "35.71"
    assert house.get("/v1/areas/resolve?code=35.71.01.1001").json["id"] == "35.71"
    assert house.get("/v1/areas/resolve?code=35.06").status_code == 404
    assert house.get("/v1/areas/resolve").status_code == 400
    assert house.get("/v1/areas/resolve?code=kediri").status_code == 400


def test_the_nearest_wider_code_wins(house):
    house.put(an_area("pare", codes=("35.71.01",)))

    assert house.get("/v1/areas/resolve?code=35.71.01.1001").json["id"] == "pare"


def test_the_region_tells_its_areas_in_use(house):
    told = house.get("/v1/region").json

    assert (told["id"], told["name"]) == ("kediri-raya", "kediri-raya")
    assert [area["id"] for area in told["areas"]] == ["35.71"]


def test_reads_say_how_old_they_may_be(house):
    assert house.get("/v1/areas").headers["x-view-lag-seconds"] == "0.0"

    upto = time.time() - 7
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(upto))
    house.front.freshness.note(
        [
            {"_id": "pulse:members", "upto": stamp},
            {"_id": "pulse:gone", "upto": "2020-01-01T00:00:00.000Z"},
            {"_id": "log"},
        ]
    )

    assert 6.5 < float(house.get("/v1/areas").headers["x-view-lag-seconds"]) < 9.5


def test_a_database_that_is_away_is_an_outage(house):
    house.store.away = True
    answer = house.get("/v1/institutions/i1")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json["code"] == "service.unavailable"


def test_the_keys_are_published(house):
    (key,) = house.get("/.well-known/jwks.json").json["keys"]

    assert (key["kid"], key["alg"], key["kty"]) == ("key-1", "Ed25519", "OKP")
    assert "d" not in key
    house.store.away = True
    assert house.get("/.well-known/jwks.json").json["keys"] == [key]


def test_the_region_has_the_name_that_the_setting_gives_it():
    assert House(region_name="Kediri Raya").get("/v1/region").json["name"] == "Kediri Raya"
