"""Places at events of other regions: asked for with consent, decided there, erased when he goes."""

from dataclasses import replace

import pytest

from contracts.codec import decode
from contracts.events import commands, facts, states
from contracts.members import facts as members
from contracts.members.states import Consent
from contracts.publish.released import sample
from services.events.errors import (
    AlreadyRegistered,
    AnswersInvalid,
    EventUnknown,
    NetworkConsentNeeded,
    RegistrationClosed,
    RegistrationStateForbids,
    RegistrationUnknown,
)
from services.events.handlers import abroad, leaving
from services.events.model import known
from services.events.model.away import Away, occasion_of
from tests.support.events import ENDS, NOW, STARTS, a_member, a_region, an_event


def consenting(*purposes, id="ayu", **fields):
    given = tuple(
        Consent(purpose=one, granted=True, text_version="1", decided_at=NOW) for one in purposes
    )
    return a_member(id, consents=given, **fields)


def there(**fields):
    plain = {"region": "semarang", "home": "Semarang", "title": "Lokakarya", "area": "33.74"}
    plain |= {
        "state": "published",
        "starts_at": STARTS,
        "ends_at": ENDS,
        "timezone": "Asia/Jakarta",
    }
    return known.KnownEvent(id="jauh", version=2, **{**plain, **fields})


def a_world(*things, member=None, event=None):
    return a_region(member or consenting("network"), event or there(), *things)


def ask(work, **fields):
    return abroad.register_abroad(
        work.by("ayu"), commands.RegisterAbroad(event_id="jauh", **fields)
    )


def test_he_asks_with_what_he_consented_to():
    place = states.Place(name="Aula", address="Jl. Pemuda 1")
    event = there(venue=place)
    shy = ask(a_world(event=event, member=consenting("network", institution_id="sman4")))
    reachable = ask(a_world(member=consenting("network", "contact", phone="+62812")))

    assert (shy.state, shy.wish, shy.name, shy.event_region) == (
        "asked",
        "register",
        "Ayu",
        "semarang",
    )
    assert (shy.email, shy.phone, shy.institution) == (None, None, "SMAN 4 Kediri")
    assert shy.occasion.place == "Aula, Jl. Pemuda 1"
    assert (reachable.email, reachable.phone) == ("ayu@sekolah.id", "+62812")
    assert reachable.occasion.place is None


def test_without_his_consent_nothing_leaves():
    with pytest.raises(NetworkConsentNeeded):
        ask(a_world(member=consenting("directory")))


@pytest.mark.parametrize("event", [there(state="cancelled"), there(starts_at=NOW)])
def test_what_is_over_or_called_off_takes_nobody(event):
    with pytest.raises(RegistrationClosed):
        ask(a_world(event=event))


@pytest.mark.parametrize(
    "gone",
    [
        known.KnownWithdrawal(id="jauh", version=3),
        known.KnownPeer(id="semarang", version=4, state="blocked"),
        known.KnownPeer(id="semarang", version=5, state="proposed"),
    ],
)
def test_what_is_shared_no_more_is_not_there(gone):
    with pytest.raises(EventUnknown):
        ask(a_world(gone))
    unknown = commands.RegisterAbroad(event_id="tidak")
    with pytest.raises(EventUnknown):
        abroad.register_abroad(a_world().by("ayu"), unknown)


def test_what_is_shared_again_is_there():
    older = known.KnownWithdrawal(id="jauh", version=1)
    active = known.KnownPeer(id="semarang", version=4, state="active")

    assert ask(a_world(older, active)).state == "asked"


def test_questions_are_answered_before_anything_leaves_and_nobody_asks_twice():
    question = states.Question(id="laptop", text="Laptop?", kind="boolean", required=True)
    work = a_world(event=there(questions=(question,)))

    with pytest.raises(AnswersInvalid):
        ask(work)
    assert ask(work, answers={"laptop": True}).answers == {"laptop": True}
    with pytest.raises(AlreadyRegistered):
        ask(work, answers={"laptop": True})


def told(away, version=1, **fields):
    """What the other region says of it."""
    state = states.VisitorRegistration(
        id=away.id,
        version=version,
        region=fields.pop("region", "semarang"),
        created_at=NOW,
        updated_at=NOW,
        event_id=away.event_id,
        home_region="kediri-raya",
        away_version=away.version,
        **{"state": "confirmed", **fields},
    )
    return facts.VisitorRegistrationChanged(visitor_registration=state)


def now(work, away):
    return work.away_registrations.get(away.id)


def test_what_the_other_region_decides_is_noted_and_news_are_told():
    work = a_world()
    away = ask(work)
    hearing = work.by(None)

    abroad.hear_answer(hearing, told(away, 1, state="waiting", position=2))
    abroad.hear_answer(hearing, told(away, 2, state="waiting", position=1))
    abroad.hear_answer(hearing, told(away, 3, ticket="tiket"))
    abroad.hear_answer(hearing, told(away, 2, state="waiting", position=1))
    abroad.hear_answer(hearing, told(away, 4, ticket="baru", needs_reconfirm=True))

    assert hearing.said() == [
        "AwayRegistrationAnswered",
        "AwayRegistrationUpdated",
        "AwayRegistrationAnswered",
        "AwayRegistrationAnswered",
    ]
    assert (now(work, away).state, now(work, away).ticket, now(work, away).heard) == (
        "confirmed",
        "baru",
        4,
    )


def test_only_the_region_that_was_asked_is_believed():
    work = a_world()
    away = ask(work)

    with pytest.raises(RegistrationUnknown):
        abroad.hear_answer(work.by(None), told(away, region="surabaya"))
    with pytest.raises(RegistrationUnknown):
        abroad.hear_answer(work.by(None), told(replace(away, id="lain")))


def change(work, away, **fields):
    command = commands.ChangeAwayRegistration(event_id="jauh", registration_id=away.id, **fields)
    return abroad.change_away_registration(work.by("ayu"), command)


def cancel(work, away, member="ayu", **fields):
    command = commands.CancelAwayRegistration(
        **{"event_id": "jauh", "registration_id": away.id, **fields}
    )
    return abroad.cancel_away_registration(work.by(member), command)


def test_he_accepts_reconfirms_and_answers_again():
    question = states.Question(id="laptop", text="Laptop?", kind="boolean")
    work = a_world(event=there(questions=(question,)))
    away = ask(work)
    abroad.hear_answer(work.by(None), told(away, state="offered"))

    assert change(work, away, accept_offer=True, reconfirm=True).wish == "accept_offer"
    assert change(work, away, reconfirm=True).wish == "reconfirm"
    answered = change(work, away, answers={"laptop": False})
    assert (answered.wish, answered.answers) == ("register", {"laptop": False})
    abroad.hear_answer(work.by(None), told(away, 2))
    with pytest.raises(RegistrationStateForbids):
        change(work, away, accept_offer=True)


def test_he_gives_it_back_whatever_was_decided_meanwhile():
    work = a_world()
    away = ask(work)

    assert (cancel(work, away, reason="Sakit").state, now(work, away).wish) == (
        "cancelled",
        "cancel",
    )
    hearing = work.by(None)
    abroad.hear_answer(hearing, told(away, 1))
    assert hearing.said() == ["AwayRegistrationUpdated"]
    assert (now(work, away).state, now(work, away).cancelled_reason) == ("cancelled", "Sakit")
    with pytest.raises(RegistrationStateForbids):
        cancel(work, away)
    assert ask(work).id != away.id


def test_it_is_his_alone():
    work = a_world()
    away = ask(work)

    for member, fields in (("budi", {}), ("ayu", {"event_id": "lain"}), ("kartini", {})):
        with pytest.raises(RegistrationUnknown):
            cancel(work, away, member, **fields)


def test_who_leaves_is_forgotten_here_and_there():
    work = a_world(member=consenting("network", "contact"))
    away = ask(work)
    left = decode(members.MemberLeft, sample("members.member_left.v1")["data"])
    fact = members.MemberLeft(member=replace(left.member, id="ayu"))

    leaving.forget(work.by(None), fact)
    hearing = work.by(None)
    leaving.forget(hearing, fact)

    state = now(work, away)
    assert (state.wish, state.state, state.cancelled_reason) == (
        "forget",
        "cancelled",
        "member_left",
    )
    assert (state.name, state.email, state.answers, state.member_id) == (None, None, None, "ayu")
    assert "AwayRegistrationErased" not in hearing.said()


def test_who_withdraws_his_consent_is_forgotten_there():
    work = a_world()
    away = ask(work)
    abroad.hear_answer(work.by(None), told(away, 1, state="attended"))
    raw = decode(
        members.MemberConsentsChanged, sample("members.member_consents_changed.v1")["data"]
    )
    kept = replace(raw.member, id="ayu", consents=consenting("network").consents)
    gone = members.MemberConsentsChanged(member=replace(kept, consents=()))

    assert not abroad.has_withdrawn(members.MemberConsentsChanged(member=kept))
    assert not abroad.has_withdrawn(members.MemberLeft(member=gone.member))
    assert abroad.has_withdrawn(gone)
    abroad.withdraw(work.by(None), gone)

    assert (now(work, away).state, now(work, away).name) == ("attended", None)
    assert Away(now(work, away)).erase(NOW, "lagi") is None


def test_an_occasion_is_when_and_where_it_is():
    event = an_event(venue=states.Place(name="Aula"))

    assert occasion_of(event) == states.Occasion(
        title=event.title,
        area="35.71",
        starts_at=STARTS,
        ends_at=ENDS,
        timezone="Asia/Jakarta",
        place="Aula",
    )
