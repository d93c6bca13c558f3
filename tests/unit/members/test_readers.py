"""Files as they really look become lines of cells."""

import csv
import io

import pytest

from contracts.codec import Malformed
from contracts.members import slims
from contracts.members.csv_lines import LONGEST_CELL, read_csv

KEPT = [name for name in slims.COLUMNS if name in slims.KEPT]
MYSQL = {"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r"}


def person(**cells):
    return [cells.get(name, "") for name in slims.COLUMNS[:18]]


def escaped(text):
    return "".join(MYSQL.get(sign, sign) for sign in text)


def exported(*people, separator=",", record="\n"):
    """The file as SLiMS writes it."""
    rows = [separator.join(f'"{escaped(cell)}"' for cell in cells) for cells in people]
    return "".join(row + record for row in rows).encode()


def resaved(*people, **dialect):
    """The file as a spreadsheet saves it again."""
    out = io.StringIO()
    csv.writer(out, **dialect).writerows(people)
    return out.getvalue().encode()


HEADER = [*slims.COLUMNS[:18], ""]
ANI = person(member_id="1", member_name='O\'Brien "Ani" c\\d', member_email="ani@x.id")


def cells(raw):
    return [line.cells for line in slims.read(raw)]


# -- SLiMS ------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("record", ["\n", "\r", "\r\n"])
def test_an_export_is_read_whatever_the_operator_chose(separator, record):
    (ani,) = cells(exported(ANI, separator=separator, record=record))

    assert ani["member_name"] == 'O\'Brien "Ani" c\\d'
    assert ani["member_email"] == "ani@x.id"


def test_a_header_with_its_extra_separator_is_skipped():
    lines = list(slims.read(exported(HEADER, ANI)))

    assert [line.line for line in lines] == [2]
    assert lines[0].cells["member_id"] == "1"


def test_a_header_in_another_order_is_followed():
    raw = b'"member_id","member_phone","member_name"\n"7","0812","Ani"\n'

    (ani,) = cells(raw)

    assert (ani["member_name"], ani["member_phone"], ani["member_email"]) == ("Ani", "0812", "")


def test_an_escaped_newline_is_a_newline_again():
    (ani,) = cells(exported(person(member_id="1", member_name="Ani\nLestari")))

    assert ani["member_name"] == "Ani\nLestari"


def test_a_spreadsheets_doubled_quotes_are_told_apart():
    (ani,) = cells(resaved(ANI, quoting=csv.QUOTE_ALL))

    assert ani["member_name"] == 'O\'Brien "Ani" c\\d'


def test_a_spreadsheet_that_encloses_nothing_is_read_too():
    raw = resaved(person(member_id="1", member_name="Ani"), delimiter=";")

    assert cells(raw)[0]["member_name"] == "Ani"


def test_what_nobody_needs_never_leaves_the_file():
    private = person(
        member_id="1",
        pin="3571",
        birth_date="1990-01-01",
        member_image="a.jpg",
        member_address="Jl. X",
        member_phone="0812",
    )

    (line,) = cells(exported([*private, "hunter2"]))

    assert list(line) == KEPT
    assert not {"3571", "1990-01-01", "a.jpg", "Jl. X", "hunter2"} & set(line.values())


def test_old_installations_write_latin_1():
    raw = '"1","Renée"\n'.encode("latin-1")

    assert cells(raw)[0]["member_name"] == "Renée"


def test_a_byte_order_mark_and_blank_lines_are_survived():
    raw = b'\xef\xbb\xbf"1","Ani"\n\n"",""\n"2","Budi"'

    assert [(line.line, line.cells["member_id"]) for line in slims.read(raw)] == [
        (1, "1"),
        (4, "2"),
    ]


def test_real_newlines_inside_quotes_count_as_lines():
    raw = resaved(
        person(member_id="1", member_notes='two\nlines "x"'),
        person(member_id="2"),
        quoting=csv.QUOTE_ALL,
        lineterminator="\n",
    )

    assert [line.line for line in slims.read(raw)] == [1, 3]


def test_a_quote_that_is_not_closed_is_named():
    with pytest.raises(Malformed, match="line 2"):
        cells(b'"1","Ani"\n"2","Budi\n')


def test_an_empty_file_has_no_lines():
    assert cells(b"") == []


# -- plain CSV --------------------------------------------------------------------------------


def test_a_spreadsheets_file_is_read():
    raw = b"\xef\xbb\xbfNPSN, name ,\r\n1, SD A ,x\r\n\r\n2\r\n3,SD C,x,y\r\n"

    assert [(line.line, line.cells) for line in read_csv(raw)] == [
        (2, {"npsn": "1", "name": "SD A"}),
        (4, {"npsn": "2", "name": ""}),
        (5, {"npsn": "3", "name": "SD C"}),
    ]


def test_a_cell_over_two_lines_moves_the_count():
    raw = b'a,b\n1,"x\ny"\n2,z\n'

    assert [line.line for line in read_csv(raw)] == [2, 4]


def test_text_line_by_line_will_do():
    assert [line.cells for line in read_csv(iter(["a\n", "1\n"]))] == [{"a": "1"}]


@pytest.mark.parametrize("length", [LONGEST_CELL + 1, 200_000])
def test_a_cell_is_cut_before_it_is_longer_than_any_column_may_be(length):
    long, after = read_csv(b"a,b\n1," + b"x" * length + b"\n2,y\n")

    assert (long.cells["b"], after.cells) == ("x" * LONGEST_CELL, {"a": "2", "b": "y"})


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"a,b\n1,\xff\n", "line 2"),
        (b'a,b\n1,"x\n', "line"),
        (b'a,b\n1,"x\n' + b"y" * 200_000, "line 3"),
    ],
)
def test_what_cannot_be_read_is_named(raw, where):
    with pytest.raises(Malformed, match=where):
        list(read_csv(raw))
