"""What a viewer is shown of innovations."""

from typing import Any

from contracts.members import states
from gateway.shown.base import Document, Kind, Shown, seen
from gateway.viewer import Viewer
from gateway.views.eyes import FAR


def innovation(document: Document, viewer: Viewer) -> Shown | None:
    """An innovation; who its authors are in the register is for those inside."""
    if not seen(document, viewer):
        return None
    told, version = document["innovation"], str(document["version"])
    if set(document["eyes"]).difference(FAR).intersection(viewer.audiences):
        return Shown(body=told, etag=version)
    return Shown(body=named_only(told), etag=f"{version}-0")


def named_only(told: Any) -> dict[str, Any]:
    """Without the ids of members."""
    authors = [{**author, "member_id": None} for author in told["authors"]]
    return {**told, "authors": authors, "created_by": None}


INNOVATION = Kind(
    name="innovation",
    view="innovations",
    state=states.Innovation,
    fields=("version", "eyes", "hidden", "innovation"),
    show=innovation,
)
