"""The live stream: what sync would tell, as it happens, from where one was."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.support.client import KABUPATEN, KOTA, Body, Community, Person, Phone, consent, told

SECONDS = 10.0


class Ear:
    """Listens in a thread, and keeps the changes with their cursors."""

    def __init__(self, person: Person, last: str = "") -> None:
        self.person, self.last = person, last
        self.changes: list[Body] = []
        self.cursors: list[str] = []
        self.begun, self.ended = threading.Event(), threading.Event()
        self.response: httpx.Response | None = None

    def listen(self) -> None:
        """Until the stream or the connection ends."""
        headers = {"Last-Event-ID": self.last} if self.last else {}
        try:
            with self.person.client.stream("GET", "/v1/stream", headers=headers) as self.response:
                self.begun.set()
                for line in self.response.iter_lines():
                    self.take(line)
        except (httpx.TransportError, httpx.StreamClosed, OSError):
            pass
        finally:
            self.ended.set()

    def take(self, line: str) -> None:
        """One line of an event."""
        name, _, text = line.partition(": ")
        if name == "id":
            self.cursors.append(text)
        elif name == "data":
            self.changes.append(json.loads(text))

    def heard(self, kind: str, id: str) -> list[Body]:
        """What came about a subject, once something did."""
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            found = [c for c in self.changes if (c["kind"], c["id"]) == (kind, id)]
            if found:
                return found
            time.sleep(0.005)
        return []


@contextmanager
def listening(community: Community, person: Person, last: str = "") -> Iterator[Ear]:
    """An ear for the length of a block, with a connection of its own."""
    twin = community.visitor()
    twin.client.headers.update(person.client.headers)
    ear = Ear(twin, last)
    thread = threading.Thread(target=ear.listen, daemon=True)
    thread.start()
    assert ear.begun.wait(SECONDS)
    time.sleep(0.1)
    try:
        yield ear
    finally:
        hang_up(ear)
        thread.join(SECONDS)
        assert not thread.is_alive()


def hang_up(ear: Ear) -> None:
    """Close the socket under the reading thread."""
    if ear.response is not None and not ear.ended.is_set():
        ear.response.extensions["network_stream"].get_extra_info("socket").shutdown(2)


def test_a_change_is_heard_as_it_happens(community: Community, visitor: Person) -> None:
    with listening(community, visitor) as ear:
        made = community.institution(KOTA)
        (change,) = ear.heard("institution", made["id"])
    assert change["resource"] == made
    assert ear.response is not None
    assert ear.response.headers["Content-Type"].startswith("text/event-stream")


def test_who_comes_back_with_his_last_id_hears_what_he_missed_once(
    community: Community, visitor: Person
) -> None:
    with listening(community, visitor) as ear:
        first = community.institution(KOTA)["id"]
        ear.heard("institution", first)
    missed = [community.institution(KOTA)["id"] for _ in range(5)]
    with listening(community, visitor, last=ear.cursors[-1]) as ear:
        ear.heard("institution", missed[-1])
        live = community.institution(KOTA)["id"]
        ear.heard("institution", live)
    assert [c["id"] for c in ear.changes if c["kind"] == "institution"] == [*missed, live]


def test_an_event_id_is_a_cursor_of_sync_too(community: Community, visitor: Person) -> None:
    with listening(community, visitor) as ear:
        ear.heard("institution", community.institution(KOTA)["id"])
    phone = Phone(visitor)
    phone.cursor = ear.cursors[-1]
    made = community.institution(KOTA)["id"]
    assert [change["id"] for change in phone.await_change()] == [made]


def test_everybody_hears_what_is_his_to_see(community: Community, visitor: Person) -> None:
    listed = community.member(KOTA)
    reader, other = community.member(KABUPATEN), community.officer(KABUPATEN)
    with (
        listening(community, visitor) as anybody,
        listening(community, reader) as member,
        listening(community, other) as coordinator,
        listening(community, listed) as oneself,
    ):
        newcomer = community.newcomer(KABUPATEN)
        consent(listed, "directory")
        assert coordinator.heard("member", newcomer.id)
        assert "email" in oneself.heard("member", listed.id)[-1]["resource"]
        assert "email" not in member.heard("member", listed.id)[-1]["resource"]
        consent(listed, "directory", granted=False)
        made = community.institution(KOTA)["id"]
        for ear in (anybody, member, coordinator, oneself):
            assert ear.heard("institution", made)
        assert member.heard("member", listed.id)[-1]["resource"] is None
        assert {change["kind"] for change in anybody.changes} <= {"institution", "area"}
        assert newcomer.id not in {change["id"] for change in member.changes}


def test_the_stream_of_an_ended_session_ends(community: Community) -> None:
    person = community.member(KOTA)
    with listening(community, person) as ear:
        told(person.post("/v1/auth/revoke", {"refresh_token": person.refresh_token}), 200)
        assert ear.ended.wait(SECONDS)
