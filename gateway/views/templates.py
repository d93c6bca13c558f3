"""View `templates`: versions of the readiness form and of the checklist."""

from pymongo import IndexModel

from contracts.codec import encode
from contracts.mentoring.states import Template
from gateway.views.change import Change

NAME = "templates"
KINDS = ("template",)
INDEXES: list[IndexModel] = []


def fold(template: Template) -> list[Change]:
    """The document."""
    fields = {
        "version": template.version,
        "eyes": ["active"],
        "created_at": template.created_at,
        "template": encode(template),
    }
    seq = template.version
    return [Change(view=NAME, id=template.id, part="template", sequence=seq, fields=fields)]
