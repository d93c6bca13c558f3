"""When a program counts as ready: it is asked what its users will ask it."""

import contextlib
import http.client
import time
from collections.abc import Callable

from cell import broker, database
from cell.plan import Plan
from cell.ports import HOST, answers
from cell.supervision import Supervisor, wait

SECONDS = 60.0
PATIENCE_SECONDS = 4.0  # with a program that ends and is started again
MOST_TRIES = 2
GIVEN_UP = ("FATAL", "EXITED", "STOPPED", "BACKOFF")


def wait_for(plan: Plan, supervisor: Supervisor, program: str, seconds: float = SECONDS) -> None:
    """Wait until the program serves; refuses with the end of its log when it does not."""
    dying = _Dying(supervisor, program)
    hint = plan.broker.if_damaged if program == "broker" else ""
    wait(check_of(plan, program), seconds, program, dying, supervisor.home, program, hint)


def check_of(plan: Plan, program: str) -> Callable[[], bool]:
    """The question that tells whether this program is ready."""
    checks: dict[str, Callable[[], bool]] = {
        "epmd": lambda: answers(plan.ports.epmd),
        "broker": lambda: answers(plan.ports.amqp) and broker.is_ready(plan.amqp_uri),
        "mongod": lambda: (
            answers(plan.ports.mongod) and database.answered(plan.database.is_primary)
        ),
        "mail": lambda: answers(plan.ports.smtp),
    }
    return checks.get(program) or (lambda: over_http(plan.health_port(program)))


def over_http(port: int, path: str = "/readyz") -> bool:
    """Whether a server on 127.0.0.1 says that it is ready."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    return False


class _Dying:
    """Whether a program stays down, or was started again and again."""

    def __init__(self, supervisor: Supervisor, program: str) -> None:
        self.supervisor, self.program = supervisor, program
        self.asked = self.up = time.monotonic()
        self.seen: set[int] = set()

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self.asked > 0.2:
            self.asked = now
            self.seen.add(self.supervisor.pid(self.program))
            if self.supervisor.state(self.program) not in GIVEN_UP:
                self.up = now
        return now - self.up > PATIENCE_SECONDS or len(self.seen - {0}) > MOST_TRIES
