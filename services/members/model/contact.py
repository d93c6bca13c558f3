"""Contacts: one spelling per phone number and e-mail, so that the same one is found twice."""

import re

import phonenumbers

from services.members.errors import ContactMissing, EmailInvalid, PhoneInvalid

HOME = "ID"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
ADDRESS = re.compile(
    rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{LABEL}\.)+{LABEL}"
)


def email(text: str, pointer: str = "/email") -> str:
    """The address in lower case; raises EmailInvalid."""
    address = text.strip().lower()
    if len(address) > 254 or len(address.partition("@")[0]) > 64 or not ADDRESS.fullmatch(address):
        raise EmailInvalid("an e-mail address like nama@sekolah.sch.id is needed", pointer=pointer)
    return address


def phone(text: str, pointer: str = "/phone") -> str:
    """The number in E.164; without a country code it is Indonesian; raises PhoneInvalid."""
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise PhoneInvalid("a phone number like 0812 3456 7890 is needed", pointer=pointer)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def contacts(email_text: str | None, phone_text: str | None) -> dict[str, str | None]:
    """`email` and `phone`, normalised; raises ContactMissing when there is neither."""
    if not email_text and not phone_text:
        raise ContactMissing("give a phone number or an e-mail", pointer="/phone")
    return {
        "email": email(email_text) if email_text else None,
        "phone": phone(phone_text) if phone_text else None,
    }


def username(text: str) -> str:
    """What a person types to sign in, as the contact is stored; other text only trimmed."""
    try:
        return email(text) if "@" in text else phone(text)
    except (EmailInvalid, PhoneInvalid):
        return text.strip().lower()
