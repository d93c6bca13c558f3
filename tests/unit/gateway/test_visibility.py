"""Who sees whom: every role against every member, in lists and one by one."""

import asyncio

import pytest

from gateway.describe import Access
from gateway.front import must_be_allowed
from gateway.problems import Problem
from gateway.viewer import Viewer, Viewers
from tests.support.memory import MemoryStore
from tests.support.stated import (
    an_appointment,
)


def test_viewers_are_kept_until_they_are_forgotten():
    async def story():
        store = MemoryStore()
        store.views["members"]["ayu"] = {"_id": "ayu", "state": "active"}
        viewers = Viewers(store, most=1)
        first = await viewers.load("ayu", "2026-11-21")
        assert await viewers.load("ayu", "2026-11-21") is first
        viewers.forget(["budi"])
        assert await viewers.load("ayu", "2026-11-21") is first
        viewers.forget(["ayu"])
        assert await viewers.load("ayu", "2026-11-21") is not first
        await viewers.load("budi", "2026-11-21")
        assert len(viewers.kept) == 1
        viewers.forget()
        assert not viewers.kept

    asyncio.run(story())


def test_a_viewer_who_changed_while_he_was_read_is_not_kept():
    async def story():
        store = MemoryStore()
        viewers = Viewers(store)
        get = store.get

        async def meanwhile(*args):
            viewers.forget()
            return await get(*args)

        store.get = meanwhile
        await viewers.load("ayu", "2026-11-21")
        assert not viewers.kept

    asyncio.run(story())


def test_some_things_are_for_active_members():
    must_be_allowed(Viewer(member_id="a", state="active"), Access.ACTIVE)
    with pytest.raises(Problem) as caught:
        must_be_allowed(Viewer(member_id="a", state="pending"), Access.ACTIVE)
    assert caught.value.status == 403


def test_audiences_follow_roles():
    officer = an_appointment("o", "secretary")
    viewer = Viewer(member_id="o", state="active", appointments=(officer,))
    staff = (
        an_appointment("p", "checkin_staff", event_id="e1"),
        an_appointment("p", "event_manager", event_id="e2", area="35.71"),
    )
    helper = Viewer(member_id="p", state="active", appointments=staff, institution_id="i1")

    assert viewer.audiences == ("*", "active", "coordinators", "member:o", "officers", "signed_in")
    assert helper.audiences == (
        "*",
        "active",
        "event:e1",
        "event:e2@35.71",
        "institution:i1",
        "member:p",
        "signed_in",
    )
    assert Viewer().audiences == ("*",)
    assert Viewer(member_id="o", state="pending", appointments=(officer,)).roles() == []
