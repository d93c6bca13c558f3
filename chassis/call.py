"""Who asks what, in which request, and until when."""

from dataclasses import dataclass

from contracts.command import Command


@dataclass(frozen=True, kw_only=True)
class Seen:
    """An aggregate as somebody was shown it."""

    kind: str
    id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: a member in a session, or nobody; `address` is where the request came from.

    `seen` is what he was shown of himself: a service that has not heard it yet waits for it.
    """

    member_id: str | None = None
    session_id: str | None = None
    address: str = ""
    seen: tuple[Seen, ...] = ()

    def saw_newer(self, kind: str, id: str, version: int) -> bool:
        """Whether he was shown a newer version of something than this one."""
        return any((one.kind, one.id) == (kind, id) and one.version > version for one in self.seen)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A command on its way: who, with which key, until when (`deadline` on time.time())."""

    command: Command
    actor: Actor
    deadline: float
    request_id: str = ""
    traceparent: str = ""
    key: str | None = None
    fingerprint: str | None = None
    if_match: int | None = None

    @property
    def verb(self) -> str:
        """The command's verb."""
        return self.command.verb


def answer_id(call: Call) -> str:
    """Under what its answer is kept. Keys belong to who sent them: two may choose the same."""
    return f"{call.actor.member_id or 'anonymous'}|{call.verb}|{call.key}"


def unasked(deadline: float, request_id: str, traceparent: str) -> Call:
    """What follows from a fact that is heard: nobody asks for it."""
    return Call(
        command=Command(),
        actor=Actor(),
        deadline=deadline,
        request_id=request_id,
        traceparent=traceparent,
    )
