"""Innovations as the gateway shows them: as far as their scope says, ids only inside."""

from typing import Any

from gateway.views import log
from gateway.views.innovations import versions
from tests.support.stated import ABROAD, a_hidden, an_innovation
from tests.unit.gateway.test_projector import rows, said


def test_a_version_is_found_by_its_beginnings() -> None:
    assert versions(("9.6.1", "9.4")) == ["9", "9.4", "9.6", "9.6.1"]


def test_phones_are_told_of_it_as_far_as_its_scope_says(projector: Any) -> None:
    projector.project(said(an_innovation(scope="network")))

    row = rows(projector)["innovation:i1"]
    assert row["now"] == ["active", "area:35.71", "member:ayu", "officers", "signed_in"]
    assert log.is_logged("innovation")


def test_phones_let_go_of_what_is_hidden(projector: Any) -> None:
    projector.project(said(an_innovation(**ABROAD)))
    projector.project(said(a_hidden()))

    row = rows(projector)["innovation:i1"]
    assert (row["now"], row["ever"]) == ([], ["active", "signed_in"])
    assert "event:i1" not in rows(projector)
