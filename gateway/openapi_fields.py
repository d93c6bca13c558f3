"""What fields of our own mean in OpenAPI, beside what the library knows of them."""

from typing import Any

from marshmallow.fields import Field
from marshmallow.validate import Regexp

from chassis.schema import LARGEST_NUMBER, LONGEST_ENTRY, NAME, CleanText, Entries, Scalar

CLEAN = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*$"
SOMETHING = CLEAN.replace("]*$", "]*[^\\u0000-\\u0020\\u007f-\\u00a0]" + CLEAN[1:])


def clean_text(_: Any, field: Field[Any], **__: Any) -> dict[str, Any]:
    """What the check for control characters and blank text means as a pattern."""
    checks = [check for check in field.validators if isinstance(check, CleanText)]
    if not checks or any(isinstance(check, Regexp) for check in field.validators):
        return {}
    return {"pattern": SOMETHING if checks[0].needed else CLEAN}


def entries(converter: Any, field: Field[Any], **_: Any) -> dict[str, Any]:
    """How many entries an object may have, and under which names."""
    if not isinstance(field, Entries):
        return {}
    names = converter.field2property(NAME)
    return {"maxProperties": field.most, "propertyNames": names}


def scalar(_: Any, field: Field[Any], **__: Any) -> dict[str, Any]:
    """A text, a number or a boolean."""
    if not isinstance(field, Scalar):
        return {}
    return {
        "type": ["string", "number", "boolean"],
        "maxLength": LONGEST_ENTRY,
        "pattern": CLEAN,
        "minimum": -LARGEST_NUMBER,
        "maximum": LARGEST_NUMBER,
    }


ATTRIBUTES = (clean_text, entries, scalar)
