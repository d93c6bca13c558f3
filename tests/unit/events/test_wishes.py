"""A wish is asked for, backed, decided, and never forgotten."""

import pytest

from contracts.events import commands
from services.events.errors import (
    AreaInvalid,
    EventInvalid,
    Forbidden,
    InstitutionInvalid,
    RequestStateForbids,
    RequestUnknown,
    SignInFirst,
)
from services.events.handlers import wishes
from services.events.handlers.events import call_off
from services.events.handlers.wishes import (
    accept_request,
    answered,
    back_request,
    decline_request,
    request_event,
    unback_request,
)
from tests.support.events import DAY, ENDS, STARTS, a_member, a_region, an_event, later


def a_wish(**fields):
    return commands.RequestEvent(**{"topic": "Cetak barcode", "area": "35.71", **fields})


def asked(work=None, by="ayu"):
    work = work or a_region()
    return work, request_event(work.by(by), a_wish())


def planned(request_id, **fields):
    plain = {"title": "Cetak barcode", "kind": "workshop", "starts_at": STARTS, "ends_at": ENDS}
    return commands.AcceptRequest(request_id=request_id, **{**plain, **fields})


def sweep(work, due, act):
    told = []
    for id in due(work):
        act(work, id)
        told.append(id)
    return told


def test_who_accepts_may_say_the_wishs_area_and_no_other():
    work, wish = asked()

    with pytest.raises(EventInvalid) as refused:
        accept_request(work.by("sari"), planned(wish.id, area="35.06"))
    assert refused.value.pointer == "/area"
    assert accept_request(work.by("rudi"), planned(wish.id, area="35.71")).area == "35.71"


def test_who_asks_backs_it_first():
    work = a_region().by("ayu")

    wish = request_event(work, a_wish())

    assert (wish.state, wish.source, wish.requested_by, wish.backers) == (
        "new",
        "member",
        "ayu",
        ("ayu",),
    )
    assert work.said() == ["EventRequested"]


def test_somebody_of_the_institution_or_its_coordinator_asks_in_its_name():
    for member in ("budi", "rudi", "kartini"):
        wish = request_event(a_region().by(member), a_wish(institution_id="sman4"))
        assert (wish.source, wish.institution_id) == ("institution", "sman4")
    for member in ("ayu", "dewi"):
        with pytest.raises(Forbidden):
            request_event(a_region().by(member), a_wish(institution_id="sman4"))


def test_a_wish_needs_an_active_member_an_active_area_and_a_known_house():
    with pytest.raises(SignInFirst):
        request_event(a_region(), a_wish())
    with pytest.raises(Forbidden):
        request_event(a_region(a_member("eka", state="pending")).by("eka"), a_wish())
    with pytest.raises(Forbidden):
        request_event(a_region().by("stranger"), a_wish())
    for area in ("35.05", "99.99"):
        with pytest.raises(AreaInvalid):
            request_event(a_region().by("ayu"), a_wish(area=area))
    with pytest.raises(InstitutionInvalid):
        request_event(a_region().by("ayu"), a_wish(institution_id="x"))


def test_a_topic_is_backed_once_and_unbacked_once():
    work, wish = asked()
    budi = work.by("budi")

    assert back_request(budi, commands.BackRequest(request_id=wish.id)).backers == ("ayu", "budi")
    assert back_request(budi, commands.BackRequest(request_id=wish.id)).version == 2
    assert unback_request(budi, commands.UnbackRequest(request_id=wish.id)).backers == ("ayu",)
    assert unback_request(budi, commands.UnbackRequest(request_id=wish.id)).version == 3
    assert budi.said() == ["EventRequestBacked", "EventRequestUnbacked"]


def test_an_accepted_wish_and_its_event_point_to_each_other():
    work, wish = asked()
    rudi = work.by("rudi")

    event = accept_request(rudi, planned(wish.id))

    assert (event.request_id, event.area, event.state) == (wish.id, "35.71", "draft")
    after = work.requests.get(wish.id)
    assert (after.event_id, after.state, after.decided_by) == (event.id, "accepted", "rudi")
    assert rudi.said() == ["EventRequestAccepted", "EventDrafted", "SeatsChanged"]


def test_only_coordinators_of_the_area_decide():
    work, wish = asked()
    no = commands.DeclineRequest(request_id=wish.id, reason="belum bisa")

    for member in ("dewi", "ayu"):
        with pytest.raises(Forbidden):
            accept_request(work.by(member), planned(wish.id))
        with pytest.raises(Forbidden):
            decline_request(work.by(member), no)


def test_a_declined_wish_keeps_its_reason_and_allows_nothing_more():
    work, wish = asked()

    no = commands.DeclineRequest(request_id=wish.id, reason="sudah ada bulan lalu")
    after = decline_request(work.by("sari"), no)

    assert (after.state, after.decline_reason) == ("declined", "sudah ada bulan lalu")
    for act in (
        lambda: back_request(work.by("budi"), commands.BackRequest(request_id=wish.id)),
        lambda: unback_request(work.by("ayu"), commands.UnbackRequest(request_id=wish.id)),
        lambda: accept_request(work.by("rudi"), planned(wish.id)),
        lambda: decline_request(work.by("rudi"), no),
    ):
        with pytest.raises(RequestStateForbids) as told:
            act()
        assert told.value.allowed == ()


def test_an_accepted_wish_may_still_be_backed_but_not_decided_again():
    work, wish = asked()
    accept_request(work.by("rudi"), planned(wish.id))

    back_request(work.by("budi"), commands.BackRequest(request_id=wish.id))
    with pytest.raises(RequestStateForbids) as told:
        accept_request(work.by("rudi"), planned(wish.id))
    assert told.value.allowed == ("back", "unback")


def test_a_wish_whose_event_was_called_off_is_decided_anew():
    work, wish = asked()
    first = accept_request(work.by("rudi"), planned(wish.id))
    call_off(work.by("rudi"), first, "pemateri sakit")

    second = accept_request(work.by("rudi"), planned(wish.id))

    assert work.requests.get(wish.id).event_id == second.id != first.id


def test_the_wish_is_answered_when_its_event_was_held():
    work, wish = asked()
    back_request(work.by("budi"), commands.BackRequest(request_id=wish.id))
    event = accept_request(work.by("rudi"), planned(wish.id))

    answered(work, event)
    answered(work, event)
    answered(work, an_event())

    after = work.requests.get(wish.id)
    assert (after.state, after.backers) == ("answered", ("ayu", "budi"))
    assert work.said() == ["EventRequestAnswered"]


def test_a_wish_reminds_after_seven_days_and_escalates_after_fourteen_once_each():
    work, wish = asked()

    def said(seconds):
        later_on = work.at(later(seconds))
        sweep(later_on, wishes.to_remind, wishes.remind)
        sweep(later_on, wishes.to_escalate, wishes.escalate)
        return later_on.said()

    assert said(7 * DAY - 1) == []
    assert said(7 * DAY) == ["EventRequestWaits"]
    assert said(8 * DAY) == []
    assert said(14 * DAY) == ["EventRequestEscalated"]
    assert said(30 * DAY) == []
    assert work.requests.get(wish.id).reminded_at == later(7 * DAY)


def test_a_wish_decided_since_it_was_found_is_left_alone():
    work, wish = asked()
    decline_request(
        work.by("rudi"), commands.DeclineRequest(request_id=wish.id, reason="belum bisa")
    )
    later_on = work.at(later(20 * DAY))

    wishes.remind(later_on, wish.id)
    wishes.escalate(later_on, wish.id)

    assert later_on.said() == []
    assert wishes.to_remind(later_on) == wishes.to_escalate(later_on) == []


def test_an_unknown_wish_is_not_found():
    with pytest.raises(RequestUnknown):
        back_request(a_region().by("ayu"), commands.BackRequest(request_id="x"))
