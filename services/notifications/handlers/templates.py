"""Previews of templates, with sample values."""

from typing import Any

from contracts.notifications import commands, states
from services.notifications.handlers.who import authority
from services.notifications.model.kinds import KINDS
from services.notifications.model.notice import post
from services.notifications.model.ports import Work
from services.notifications.model.rendering import letter, words
from services.notifications.model.samples import SAMPLE
from services.notifications.model.telling import Telling


def preview_template(work: Work, command: commands.PreviewTemplate) -> dict[str, Any]:
    """`{"kind", "language", "title", "body", "text", "html"}`, in the language that was found.

    For officers, the operator and coordinators. Raises TemplateUnknown.
    """
    who = authority(work)
    if not who.appointments:
        who.must_run_the_cell()
    said = words(command.kind, command.language, SAMPLE)
    telling = Telling(
        id="preview",
        kind=command.kind,
        fact_id="preview",
        once="preview",
        members=(),
        due_at=work.now,
        params={},
        urgent=KINDS[command.kind].urgent,
        about_id="preview",
    )
    notice: states.Notice = post(
        telling,
        who.member.id,
        said,
        region=work.region,
        now=work.now,
        public_url=work.policy.public_url,
    ).notice
    written = letter(
        [notice],
        name=who.member.name,
        language=said.language,
        region=work.policy.region_name,
        stop="",
    )
    shown = {"title": said.title, "body": said.body, "text": written.text, "html": written.html}
    return {"kind": command.kind, "language": said.language, **shown}
