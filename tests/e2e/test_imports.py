"""Imports: every line ends as created, updated, unchanged or refused with a reason."""

from uuid import uuid4

import pytest

from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, problem, told

COLUMNS = (
    "npsn,name,level,form,status,address,village,district,district_code,"
    "regency,regency_code,lat,lon"
)
INSTITUTIONS, MEMBERS = "/v1/institutions/imports", "/v1/members/imports"


def school(npsn: str, name: str = "SD Uji Impor", area: str = KOTA, lat: str = "-7.8") -> str:
    """One line of a school list."""
    place = f"{lat},{'112.0' if lat else ''}"
    return f"{npsn},{name},SD,SD,Negeri,Jl. Uji 1,,Mojoroto,35.71.01,Kota Kediri,{area},{place}"


def load(who: Person, lines: list[str], path: str = INSTITUTIONS, **query: str) -> Body:
    """The report of a load."""
    content = "".join(f"{line}\n" for line in lines).encode()
    answer = who.client.post(
        path, content=content, params=query, headers={"Content-Type": "text/csv"}
    )
    return told(answer, 200)


def counts(created: int = 0, updated: int = 0, unchanged: int = 0, refused: int = 0) -> Body:
    """What a report counts."""
    return {"created": created, "updated": updated, "unchanged": unchanged, "refused": refused}


def test_a_dry_run_tells_the_same_and_writes_nothing(community: Community, kota: Person) -> None:
    lines = [COLUMNS, school(number := community.npsn()), school("salah")]
    dry = load(kota, lines, dry_run="true")
    assert (dry["dry_run"], dry["counts"]) == (True, counts(created=1, refused=1))
    assert kota.all("/v1/institutions", npsn=number) == []
    wet = load(kota, lines)
    assert (wet["counts"], wet["lines"]) == (dry["counts"], dry["lines"])
    assert len(kota.all("/v1/institutions", npsn=number)) == 1


def test_a_second_load_changes_nothing_and_a_new_name_updates(
    community: Community, kota: Person
) -> None:
    number = community.npsn()
    load(kota, [COLUMNS, school(number, "SMAN 1 UJI")])
    assert load(kota, [COLUMNS, school(number, "SMAN 1 UJI")])["counts"] == counts(unchanged=1)
    renamed = load(kota, [COLUMNS, school(number, "SMA NEGERI 1 UJI")])
    assert renamed["counts"] == counts(updated=1)
    assert renamed["lines"] == [
        {"line": 2, "outcome": "updated", "column": "name", "code": None, "message": None}
    ]
    (kept,) = kota.all("/v1/institutions", npsn=number)
    assert (kept["name"], kept["version"]) == ("SMA NEGERI 1 UJI", 2)


def test_a_file_too_large_for_one_command_is_read_to_its_end(
    community: Community, kota: Person
) -> None:
    long = [school(community.npsn(), name="x" * 9000) for _ in range(150)]
    report = load(kota, [COLUMNS, *long, school(community.npsn())], dry_run="true")
    assert report["counts"] == counts(created=1, refused=150)
    assert {line["column"] for line in report["lines"]} == {"name"}


def test_each_refused_line_says_where_and_why(community: Community, kota: Person) -> None:
    good = [school(community.npsn()), school(community.npsn(), lat="")]
    report = load(
        kota,
        [
            COLUMNS,
            good[0],
            school("123"),
            school(community.npsn(), name=""),
            school(community.npsn(), lat="utara"),
            school(community.npsn(), area="33.74"),
            school(community.npsn(), area=KABUPATEN),
            good[1],
        ],
    )
    assert report["counts"] == counts(created=2, refused=5)
    said = {line["line"]: (line["column"], line["code"]) for line in report["lines"]}
    assert said == {
        3: ("npsn", "request.invalid"),
        4: ("name", "request.invalid"),
        5: ("lat", "request.invalid"),
        6: ("regency_code", "members.area_invalid"),
        7: (None, "members.not_yours"),
    }
    assert all(line["message"] for line in report["lines"])


def test_a_number_twice_in_one_file_is_one_institution(community: Community, kota: Person) -> None:
    number = community.npsn()
    report = load(kota, [COLUMNS, school(number), school(number), school(number, "Lain")])
    assert report["counts"] == counts(created=1, unchanged=1, updated=1)
    assert len(kota.all("/v1/institutions", npsn=number)) == 1


@pytest.mark.parametrize("start", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_as_spreadsheets_write_it_is_read(
    community: Community, kota: Person, start: str, end: str
) -> None:
    number = community.npsn()
    text = start + end.join([COLUMNS, school(number, '"SD, ""Uji"" Koma"'), "", ""])
    answer = kota.client.post(
        INSTITUTIONS, content=text.encode(), headers={"Content-Type": "text/csv; charset=utf-8"}
    )
    assert told(answer, 200)["counts"] == counts(created=1)
    assert kota.all("/v1/institutions", npsn=number)[0]["name"] == 'SD, "Uji" Koma'


def test_a_form_with_a_file_is_taken_too(community: Community, kota: Person) -> None:
    number = community.npsn()
    file = ("sekolah.csv", f"{COLUMNS}\n{school(number)}\n".encode(), "text/csv")
    answer = kota.client.post(INSTITUTIONS, files={"file": file})
    assert told(answer, 200)["counts"] == counts(created=1)


def test_a_repeated_load_with_its_key_gets_the_same_report(
    community: Community, kota: Person
) -> None:
    content = f"{COLUMNS}\n{school(community.npsn())}\n".encode()
    headers = {"Content-Type": "text/csv", "Idempotency-Key": uuid4().hex}
    first, again = (
        kota.client.post(INSTITUTIONS, content=content, headers=headers) for _ in range(2)
    )
    assert first.json() == again.json()
    assert first.json()["counts"] == counts(created=1)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_file_without_the_needed_columns_is_refused(kota: Person) -> None:
    answer = kota.client.post(
        INSTITUTIONS, content=b"name\nSD\n", headers={"Content-Type": "text/csv"}
    )
    problem(answer, 422)


def test_loading_is_for_coordinators(community: Community, visitor: Person) -> None:
    content = f"{COLUMNS}\n{school(community.npsn())}\n".encode()
    headers = {"Content-Type": "text/csv"}
    problem(visitor.client.post(INSTITUTIONS, content=content, headers=headers), 401)
    member = community.member()
    problem(member.client.post(INSTITUTIONS, content=content, headers=headers), 403)


def slims(id: str, name: str, email: str = "", phone: str = "") -> str:
    """One line as SLiMS 9 exports it: every value enclosed, quotes with a backslash."""
    place = ["Jl. Rahasia 3", "64111", "SMA X", "0", "", "3571"]
    dates = ["2020-01-01", "2020-01-01", "2027-01-01", "1990-02-03", "catatan"]
    values = [id, name, "0", "Standard", email, *place, phone, "", *dates]
    return ",".join(f'"{escaped(value)}"' for value in values)


def escaped(text: str) -> str:
    """As MySQL does it."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def test_a_slims_export_enters_people_as_invited_without_what_nobody_needs(
    community: Community, kota: Person, databases: dict[str, object]
) -> None:
    addresses = [community.email() for _ in range(2)]
    lines = [
        slims("A1", 'O\'Brien "Ani" Uji', addresses[0]),
        slims("A2", "Budi Uji", "", community.phone()),
        slims("A3", "Tanpa Kontak"),
        slims("", "Tanpa Nomor", addresses[1]),
    ]
    report = load(kota, lines, MEMBERS, area=KOTA)
    assert report["counts"] == counts(created=2, refused=2)
    (ani,) = kota.all("/v1/members", q="brien ani")
    assert ani["state"] == "invited"
    full = told(kota.get(f"/v1/members/{ani['id']}"), 200)
    assert (full["name"], full["email"]) == ('O\'Brien "Ani" Uji', addresses[0])
    assert load(kota, lines, MEMBERS, area=KOTA)["counts"] == counts(unchanged=2, refused=2)
    text = str(list(databases["members"]["member"].find({"_id": ani["id"]})))  # type: ignore[index]
    assert not any(secret in text for secret in ("Rahasia", "3571'", "1990-02-03", "A1"))


def test_a_slims_export_with_a_header_and_other_separators_is_read(
    community: Community, kota: Person
) -> None:
    names = (
        "member_id;member_name;gender;member_type_name;member_email;member_address;postal_code;"
        "inst_name;is_new;member_image;pin;member_phone;"
    )
    line = f'"B1";"Cici ""Uji"" Kutip";"1";"Guru";"{community.email()}";"";"";"";"0";"";"";""'
    report = load(kota, [names, line], MEMBERS, area=KOTA)
    assert report["counts"] == counts(created=1)
    assert kota.all("/v1/members", q="cici kutip")[0]["name"] == 'Cici "Uji" Kutip'


def test_the_same_member_number_in_two_libraries_is_two_people(
    community: Community, kota: Person
) -> None:
    for _ in range(2):
        library = community.institution(KOTA)["id"]
        line = slims("SAMA-1", "Kembar Nomor", community.email())
        report = load(kota, [line], MEMBERS, area=KOTA, institution_id=library)
        assert report["counts"] == counts(created=1)


def test_people_are_entered_by_the_coordinator_of_their_area(
    community: Community, kabupaten: Person
) -> None:
    line = slims("C1", "Bukan Wilayahnya", community.email())
    answer = kabupaten.client.post(
        MEMBERS, content=line.encode(), params={"area": KOTA}, headers={"Content-Type": "text/csv"}
    )
    problem(answer, 403, "members.not_yours")
