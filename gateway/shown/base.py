"""What showing is: a body with its ETag, for a document and a viewer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from gateway.viewer import Viewer

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A body (plain values or ready JSON) and the ETag's text.

    Viewers who are shown different things get different ETags; what stands before `-` is the
    version that If-Match names.
    """

    body: Any
    etag: str


Show = Callable[[Document, Viewer], Shown | None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of resource: where reads find it, what its state is, and how it is shown."""

    name: str
    view: str
    state: type
    fields: tuple[str, ...]
    show: Show


def ready(document: Document, _: Viewer) -> Shown:
    """A public resource, rendered when it was folded."""
    return Shown(body=orjson.Fragment(document["body"]), etag=str(document["version"]))


def for_eyes(field: str) -> Show:
    """A resource whose document says who sees it, whole."""

    def show(document: Document, viewer: Viewer) -> Shown | None:
        if not seen(document, viewer):
            return None
        return Shown(body=document[field], etag=str(document["version"]))

    return show


def seen(document: Document, viewer: Viewer) -> bool:
    """Whether a document's eyes are the viewer's, and it is not hidden."""
    if document.get("hidden"):
        return False
    return bool(set(document.get("eyes") or ()).intersection(viewer.audiences))


def seen_whole(name: str, view: str, state: type, field: str) -> Kind:
    """A kind that is shown whole to the eyes in its document."""
    fields = ("version", "eyes", field)
    return Kind(name=name, view=view, state=state, fields=fields, show=for_eyes(field))
