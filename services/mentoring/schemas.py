"""A filled-in form to numbers: which answers belong to it, its template says (source: F2)."""

from functools import cache
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from chassis.errors import FieldError
from contracts import common
from contracts.mentoring import commands, states
from services.mentoring.errors import AnswersInvalid
from services.mentoring.model.readiness import Assessment
from services.mentoring.model.template import shipped

MOST = 100_000


class Said(fields.Field[bool]):
    """Yes or no, and nothing that only looks like it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Not yes or no.")
        return value


class Count(fields.Float):
    """A number; yes is none."""

    def _deserialize(self, value: Any, attr: Any, *args: Any, **more: Any) -> float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise ValidationError("Not a number.")
        return super()._deserialize(value, attr, *args, **more)


def read_assessment(command: commands.Assess) -> Assessment:
    """One number per question; raises TemplateUnknown, and AnswersInvalid with what is wrong."""
    template = shipped(command.template_version)
    try:
        said = _form(command.template_version)().load(command.answers)
    except ValidationError as error:
        raise AnswersInvalid(
            f"{len(error.messages_dict)} answers do not fit",
            pointer="/answers",
            errors=[_wrong(*one) for one in sorted(error.messages_dict.items())],
        ) from None
    answers = {question.id: float(said[question.id]) for question in template.questions}
    return Assessment(mentorship_id=command.mentorship_id, template=template, answers=answers)


@cache
def _form(version: int) -> type[Schema]:
    """The schema of a version's answers; each question must be answered."""
    asked = {question.id: _field(question) for question in shipped(version).questions}
    return Schema.from_dict(asked, name=f"Form{version}")


def _field(question: states.FormQuestion) -> fields.Field[Any]:
    if question.kind == "boolean":
        return Said(required=True)
    return Count(required=True, validate=validate.Range(min=0, max=MOST))


def _wrong(id: str, said: Any) -> FieldError:
    message = str(said[0]) if isinstance(said, list) else str(said)
    return FieldError(pointer=f"/answers/{id}", code=common.INVALID.code, message=message)
