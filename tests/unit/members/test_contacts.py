"""One spelling per contact."""

import pytest

from services.members.errors import ContactMissing, EmailInvalid, PhoneInvalid
from services.members.model import contact


@pytest.mark.parametrize(
    "written",
    ["081234567890", "+6281234567890", "0812 3456 7890", "0812-3456-7890", "(0812) 3456.7890"],
)
def test_a_number_has_one_spelling(written):
    assert contact.phone(written) == "+6281234567890"


def test_a_number_of_another_country_keeps_its_code():
    assert contact.phone("+65 6123 4567") == "+6561234567"


@pytest.mark.parametrize("text", ["12", "telepon", "+62", "0812", "081234567890 ext. 5", ""])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(PhoneInvalid) as told:
        contact.phone(text)

    assert told.value.pointer == "/phone"


def test_an_address_is_compared_in_lower_case():
    assert contact.email(" Ayu.Lestari@Sekolah.SCH.id ") == "ayu.lestari@sekolah.sch.id"


@pytest.mark.parametrize(
    "text",
    [
        "ayu",
        "ayu@",
        "@x.id",
        "a b@x.id",
        "a@x",
        "a@x..id",
        "a@x.id\nbcc: b@x.id",
        "a" * 65 + "@x.id",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(EmailInvalid):
        contact.email(text)


def test_one_contact_is_needed_and_enough():
    assert contact.contacts(None, "081234567890") == {"email": None, "phone": "+6281234567890"}
    with pytest.raises(ContactMissing):
        contact.contacts(None, None)


def test_a_username_is_read_as_the_contact_is_stored():
    assert contact.username(" AYU@x.id ") == "ayu@x.id"
    assert contact.username("0812 3456 7890") == "+6281234567890"
    assert contact.username(" Who? ") == "who?"
