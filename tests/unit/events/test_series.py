"""Events that come again: every fourth Thursday at the same local time, edited for one or many."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from contracts.events import commands, states
from services.events.errors import (
    EventInvalid,
    EventStateForbids,
    Forbidden,
    RuleInvalid,
    SeriesStateForbids,
    SeriesUnknown,
    VenueTaken,
)
from services.events.handlers import series
from services.events.handlers.changing import change_event
from services.events.handlers.events import publish_event
from services.events.handlers.places import register_venue
from services.events.handlers.series import end_series, plan_series
from services.events.model.recurrence import continued, moved_hours, occurrences
from tests.support.events import DAY, HOUR, a_region, an_appointment, an_event, later

WIB = ZoneInfo("Asia/Jakarta")
FOURTH_THURSDAY = "FREQ=MONTHLY;BYDAY=4TH"
FIRST = "2026-11-26T06:00:00.000Z"  # a fourth Thursday, 13.00 in Kediri


def a_plan(**fields):
    plain = {
        "title": "Kamis SLiMS",
        "kind": "gathering",
        "topics": ("otomasi",),
        "area": "35.71",
        "starts_at": FIRST,
        "ends_at": later(2 * HOUR, FIRST),
        "rule": FOURTH_THURSDAY,
        "dates": 3,
    }
    return commands.PlanSeries(**{**plain, **fields})


def planned(**fields):
    work = a_region()
    return work, plan_series(work.by("rudi"), a_plan(**fields))


def local(instant):
    return datetime.fromisoformat(instant).astimezone(WIB).strftime("%a %d %b %H:%M")


def dates(work, state):
    return [work.events.get(id) for id in work.series.get(state.id).event_ids]


def change(work, event, by="rudi", **fields):
    return change_event(work.by(by), commands.ChangeEvent(event_id=event.id, **fields))


# -- the rule ---------------------------------------------------------------------------------


def test_every_fourth_thursday_is_every_fourth_thursday():
    work, state = planned()

    assert [local(event.starts_at) for event in dates(work, state)] == [
        "Thu 26 Nov 13:00",
        "Thu 24 Dec 13:00",
        "Thu 28 Jan 13:00",
    ]


def test_each_date_is_a_draft_with_its_own_seats_and_knows_which_date_it_was():
    work, state = planned(capacity=20)

    for event in dates(work, state):
        assert (event.state, event.series_id, event.recurrence) == (
            "draft",
            state.id,
            event.starts_at,
        )
        assert work.seats.get(event.id).capacity == 20
        assert later(2 * HOUR, event.starts_at) == event.ends_at
    assert state.made_until == dates(work, state)[-1].starts_at


def test_local_time_stays_where_clocks_change():
    first = "2026-10-22T12:00:00.000Z"  # 14.00 in Amsterdam, summer time

    found = occurrences("FREQ=WEEKLY", first, "Europe/Amsterdam", first, 1)

    assert found == ["2026-10-29T13:00:00.000Z"]


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("FREQ=WEEKLY;COUNT=2", 2),
        ("FREQ=WEEKLY;UNTIL=20261210", 3),
        ("FREQ=WEEKLY;UNTIL=20261210T130000", 3),
        ("FREQ=WEEKLY;UNTIL=20261210T060000Z", 3),
        ("FREQ=WEEKLY;UNTIL=20261210T055959Z", 2),
        ("FREQ=DAILY;INTERVAL=7", 12),
        ("FREQ=WEEKLY;BYDAY=TU,TH;WKST=MO", 12),
        ("FREQ=MONTHLY;BYDAY=TH;BYSETPOS=-1", 12),
        ("FREQ=MONTHLY;BYDAY=-1TH,+1MO", 12),
        ("FREQ=MONTHLY;BYMONTHDAY=31,-1", 12),
        ("FREQ=YEARLY", 12),
    ],
)
def test_a_rule_ends_where_it_says(rule, count):
    _, state = planned(rule=rule, dates=12)

    assert len(state.event_ids) == count


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=5",
        "BYDAY=4TH",
        "FREQ=WEEKLY;BYHOUR=3",
        "FREQ=WEEKLY;COUNT=many",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=6TH",
        "FREQ=MONTHLY;BYDAY=5TH;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYDAY=1TH;BYSETPOS=2",
        "FREQ=MONTHLY;BYSETPOS=2",
        "FREQ=MONTHLY;BYDAY=TH,FR;BYSETPOS=5",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=300",
        "FREQ=WEEKLY;FREQ=SECONDLY",
        "FREQ=WEEKLY;INTERVAL=1000",
        "FREQ=WEEKLY;COUNT=3,4",
        "FREQ=MONTHLY;BYDAY=-TH",
        "FREQ=WEEKLY;UNTIL=00010101",
        "FREQ=WEEKLY;UNTIL=20269999",
        "FREQ=WEEKLY;UNTIL=20260101",
        "FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=1",
        ";",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL",
        "FREQ=WEEKLY;COUNT=-3",
    ],
)
def test_a_rule_that_is_none_of_ours_or_has_no_dates_is_refused(rule):
    with pytest.raises(RuleInvalid) as told:
        planned(rule=rule)
    assert told.value.pointer == "/rule"


def test_only_coordinators_of_the_area_plan_a_series():
    for member in ("ayu", "dewi"):
        with pytest.raises(Forbidden):
            plan_series(a_region().by(member), a_plan())


def test_a_series_does_not_share_a_place_on_any_date():
    work = a_region()
    venue = register_venue(work.by("rudi"), commands.RegisterVenue(name="Kafe Daun", area="35.71"))
    there = states.Place(name="?", venue_id=venue.id)
    plan_series(work.by("rudi"), a_plan(venue=there))

    with pytest.raises(VenueTaken):
        plan_series(
            work.by("rudi"),
            a_plan(
                venue=there,
                starts_at="2026-12-24T06:30:00.000Z",
                ends_at="2026-12-24T08:00:00.000Z",
            ),
        )


# -- time goes on -----------------------------------------------------------------------------


def prolonged(work, seconds):
    later_on = work.at(later(seconds))
    for id in series.to_prolong(later_on):
        series.prolong(later_on, id)
    return later_on


def test_dates_are_made_two_months_ahead_like_the_newest():
    work, state = planned(dates=1)
    change(work, dates(work, state)[0], title="Kamis Otomasi", topics=("label",))

    prolonged(work, DAY)

    assert [local(e.starts_at) for e in dates(work, state)] == [
        "Thu 26 Nov 13:00",
        "Thu 24 Dec 13:00",
    ]
    newest = dates(work, state)[-1]
    assert (newest.title, newest.topics, newest.state) == ("Kamis Otomasi", ("label",), "draft")
    assert work.seats.get(newest.id).version == 1


def test_a_round_that_finds_nothing_new_says_nothing():
    work, _ = planned(dates=3)

    assert prolonged(work, DAY).said() == []
    once = prolonged(work, 20 * DAY)
    assert prolonged(once, 20 * DAY).said() == []


def test_a_rule_without_more_dates_ends_its_series():
    work, state = planned(rule="FREQ=MONTHLY;BYDAY=4TH;COUNT=2", dates=12)

    assert prolonged(work, DAY).said() == ["SeriesEnded"]
    assert work.series.get(state.id).ended
    series.prolong(work, state.id)
    assert len(dates(work, state)) == 2


def test_an_ended_series_has_no_more_dates_and_its_drafts_to_come_are_called_off():
    work, state = planned()
    publish_event(
        work.by("rudi"),
        commands.PublishEvent(event_id=state.event_ids[0], no_speaker_reason="berbagi"),
    )
    end = commands.EndSeries(series_id=state.id, reason="libur panjang")

    with pytest.raises(Forbidden):
        end_series(work.by("dewi"), end)
    assert end_series(work.by("rudi"), end).ended
    assert [event.state for event in dates(work, state)] == ["published", "cancelled", "cancelled"]
    with pytest.raises(SeriesStateForbids):
        end_series(work.by("rudi"), end)
    with pytest.raises(SeriesUnknown):
        end_series(work.by("rudi"), commands.EndSeries(series_id="x", reason="libur"))


# -- this, following, all -----------------------------------------------------------------------


def test_this_changes_one_date_only():
    work, state = planned()

    change(work, dates(work, state)[1], title="Khusus Natal")

    assert [e.title for e in dates(work, state)] == ["Kamis SLiMS", "Khusus Natal", "Kamis SLiMS"]


@pytest.mark.parametrize("apply", ["all", "following"])
def test_who_manages_one_date_changes_that_one_alone(apply):
    work, state = planned()
    first = dates(work, state)[0]
    work.holds(an_appointment("ayu", "event_manager", event_id=first.id, area="35.71"))

    with pytest.raises(Forbidden):
        change(work, first, by="ayu", title="Khusus", apply=apply)
    assert change(work, first, by="ayu", title="Khusus").title == "Khusus"


def test_all_changes_every_date_to_come_and_how_the_series_is_called():
    work, state = planned()

    change(work, dates(work, state)[1], title="Kamis Otomasi", apply="all")

    assert {e.title for e in dates(work, state)} == {"Kamis Otomasi"}
    assert work.series.get(state.id).title == "Kamis Otomasi"


def test_all_moves_the_hour_and_keeps_the_days():
    work, state = planned()
    second = dates(work, state)[1]

    start, end = later(HOUR, second.starts_at), later(HOUR, second.ends_at)
    change(work, second, starts_at=start, ends_at=end, apply="all")

    assert [local(e.starts_at) for e in dates(work, state)] == [
        "Thu 26 Nov 14:00",
        "Thu 24 Dec 14:00",
        "Thu 28 Jan 14:00",
    ]
    assert local(work.series.get(state.id).starts_at) == "Thu 26 Nov 14:00"
    later_on = prolonged(work, 60 * DAY)
    assert [local(e.starts_at) for e in dates(later_on, state)[2:]] == [
        "Thu 28 Jan 14:00",
        "Thu 25 Feb 14:00",
    ]
    later_on = prolonged(work, 90 * DAY)
    assert [local(e.starts_at) for e in dates(later_on, state)[4:]] == ["Thu 25 Mar 14:00"]


def test_all_leaves_what_was_closed_and_the_series_when_it_is_called_the_same():
    work, state = planned()
    first = dates(work, state)[0]
    work.holds(an_event(first.id, series_id=state.id, starts_at=first.starts_at, state="closed"))

    change(work, dates(work, state)[1], capacity=30, apply="all")

    assert [e.capacity for e in dates(work, state)] == [None, 30, 30]
    assert work.series.get(state.id).version == 1


def test_the_day_of_several_dates_follows_the_rule():
    work, state = planned()
    first = dates(work, state)[0]

    with pytest.raises(RuleInvalid):
        change(
            work, first, starts_at=later(DAY, FIRST), ends_at=later(DAY + HOUR, FIRST), apply="all"
        )


def test_following_makes_a_series_of_its_own():
    work, state = planned()
    kept, *leaving = dates(work, state)

    change(work, leaving[0], title="Kamis Malam", apply="following")

    old = work.series.get(state.id)
    assert (old.ended, old.event_ids) == (True, (kept.id,))
    new = next(s for s in work.series.by_id.values() if s.id != state.id)
    assert new.event_ids == tuple(event.id for event in leaving)
    assert (new.title, new.ended, new.rule) == ("Kamis Malam", False, FOURTH_THURSDAY)
    assert {work.events.get(e.id).series_id for e in leaving} == {new.id}
    assert work.events.get(kept.id).title == "Kamis SLiMS"


def test_following_takes_its_part_of_a_counted_rule():
    work, state = planned(rule="FREQ=MONTHLY;BYDAY=4TH;COUNT=5", dates=3)

    change(work, dates(work, state)[1], title="Kamis Malam", apply="following")

    new = next(s for s in work.series.by_id.values() if s.id != state.id)
    assert new.rule == "FREQ=MONTHLY;BYDAY=4TH;COUNT=4"
    assert continued("FREQ=DAILY", 3) == "FREQ=DAILY"


def test_following_with_another_hour_begins_at_that_hour():
    work, state = planned()
    second = dates(work, state)[1]
    start, end = later(-HOUR, second.starts_at), later(-HOUR, second.ends_at)

    change(work, second, starts_at=start, ends_at=end, apply="following")

    new = next(s for s in work.series.by_id.values() if s.id != state.id)
    assert local(new.starts_at) == "Thu 24 Dec 12:00"
    assert [local(e.starts_at) for e in dates(prolonged(work, 50 * DAY), new)] == [
        "Thu 24 Dec 12:00",
        "Thu 28 Jan 12:00",
        "Thu 25 Feb 12:00",
    ]


def test_a_date_that_was_moved_alone_does_not_move_the_rule():
    work, state = planned(dates=2)
    last = dates(work, state)[1]
    change(work, last, starts_at=later(DAY, last.starts_at), ends_at=later(DAY, last.ends_at))

    prolonged(work, 20 * DAY)
    after = prolonged(work, 40 * DAY)

    assert [local(e.starts_at) for e in dates(after, state)] == [
        "Thu 26 Nov 13:00",
        "Fri 25 Dec 13:00",
        "Thu 28 Jan 13:00",
        "Thu 25 Feb 13:00",
    ]


def test_times_of_a_published_date_do_not_move_with_the_others():
    work, state = planned()
    publish = commands.PublishEvent(event_id=state.event_ids[2], no_speaker_reason="berbagi")
    publish_event(work.by("rudi"), publish)
    first = dates(work, state)[0]

    with pytest.raises(EventStateForbids):
        change(work, first, starts_at=later(HOUR, FIRST), apply="all")


def test_an_event_of_no_series_has_no_others():
    work = a_region(an_event())

    with pytest.raises(EventInvalid) as told:
        change(work, an_event(), title="x", apply="all")
    assert told.value.pointer == "/apply"
    work.holds(an_event(series_id="gone"))
    with pytest.raises(SeriesUnknown):
        change(work, an_event(), title="x", apply="all")


def test_hours_move_in_local_time():
    assert moved_hours(FIRST, FIRST, later(HOUR, FIRST), "Asia/Jakarta") == later(HOUR, FIRST)
