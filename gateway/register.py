"""Notes in the audit log what the gateway itself hands out or passes on: files, and orders."""

from typing import Any

from falcon.asgi import Request, Response

from chassis import clock
from gateway.front import Front
from gateway.viewer import Viewer
from gateway.views import acts

TAKEN_OUT = "gateway.take_out"
SHEETS = ("text/csv", "application/json")


class Register:
    """Falcon middleware: no file with people's data leaves before it is noted who takes it."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def process_response(self, req: Request, resp: Response, _: Any, done: bool) -> None:
        """Note a download; raises Outage, and then nothing is handed out."""
        viewer = getattr(req.context, "viewer", None)
        if not done or viewer is None or viewer.member_id is None or not is_taken_out(resp):
            return
        try:
            await note(self._front, req, viewer, TAKEN_OUT, req.path, sorted(req.params))
        except BaseException:
            resp.stream = resp.data = None
            resp.delete_header("Content-Disposition")
            raise


def is_taken_out(resp: Response) -> bool:
    """Whether it is a file of data; not a calendar, a certificate or a picture."""
    named = resp.get_header("Content-Disposition") is not None
    return named and resp.status_code == 200 and str(resp.content_type).startswith(SHEETS)


async def note(
    front: Front, req: Request, viewer: Viewer, act: str, subject: str, fields: list[str]
) -> None:
    """Add a row; `fields` are the names of what was asked for. Raises Outage."""
    row = {
        "_id": clock.new_id(),
        "at": clock.now(),
        "actor": viewer.member_id,
        "roles": sorted({str(role["role"]) for role in viewer.roles()} - {"member"}),
        "act": act,
        "subject": subject[:120],
        "fields": fields,
        "request_id": req.context.request_id,
    }
    await front.store.note(acts.noted(row))
