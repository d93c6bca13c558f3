"""Any way to write a phone number is one number, or is refused."""

from hypothesis import given
from hypothesis import strategies as st

from services.members.errors import PhoneInvalid
from services.members.model import contact

MOBILE = st.integers(min_value=10_000_000, max_value=99_999_999).map(lambda n: f"812{n}")


@given(MOBILE)
def test_home_and_international_writing_are_the_same_number(digits):
    assert contact.phone(f"0{digits}") == contact.phone(f"+62 {digits}") == f"+62{digits}"


@given(MOBILE)
def test_normalising_twice_changes_nothing(digits):
    once = contact.phone(f"0{digits}")

    assert contact.phone(once) == once


@given(st.text(max_size=30))
def test_any_text_is_a_number_in_e164_or_refused(text):
    try:
        number = contact.phone(text)
    except PhoneInvalid:
        return
    assert number.startswith("+")
    assert number[1:].isdigit()
