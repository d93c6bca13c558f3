"""Questions asked at registration, and whether answers fit them (source: features D7)."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.errors import FieldError
from contracts import common
from contracts.events import states
from services.events.errors import AnswersInvalid

LONGEST_ANSWER = 1000
KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "choice": (str,),
    "boolean": (bool,),
    "number": (int, float),
}


def answered(
    questions: Sequence[states.Question], answers: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The answers that fit; None when nothing was asked.

    Raises AnswersInvalid with one error for each that does not fit, is missing or was not asked.
    """
    said = {name: value for name, value in (answers or {}).items() if value != ""}
    known = {question.id: question for question in questions}
    errors = [_error(name, "there is no such question") for name in said if name not in known]
    for name, question in known.items():
        if name in said and (wrong := _wrong(question, said[name])):
            errors.append(_error(name, wrong))
        if name not in said and question.required:
            errors.append(_error(name, "an answer is needed"))
    if errors:
        raise AnswersInvalid(errors[0].message, pointer=errors[0].pointer, errors=errors)
    return said if questions else None


def _wrong(question: states.Question, value: Any) -> str | None:
    """Why a value is no answer to the question."""
    if type(value) not in KINDS[question.kind]:
        return f"a {question.kind} is needed"
    if question.kind == "choice" and value not in question.choices:
        return "not one of the choices"
    if isinstance(value, str) and len(value) > LONGEST_ANSWER:
        return f"at most {LONGEST_ANSWER} characters"
    return None


def _error(id: str, message: str) -> FieldError:
    return FieldError(pointer=f"/answers/{id}", code=common.INVALID.code, message=message)
