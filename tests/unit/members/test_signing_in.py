"""Signing in by password, code and refresh token; nobody learns who has an account."""

from dataclasses import replace

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.work import Refused
from contracts.members import commands
from services.members.errors import GrantInvalid, TokenSpent, TooManyAttempts, WrongCredentials
from services.members.handlers.codes import answer_code_requests, request_code
from services.members.handlers.members import sign_up, suspend_member
from services.members.handlers.profiles import change_me
from services.members.handlers.sessions import revoke
from services.members.handlers.signing_in import sign_in
from services.members.model import session
from services.members.model.account import KNOWN_ADDRESSES, Account
from tests.support.members import NOW, a_member, a_region, later, with_password

HOME, ELSEWHERE = "10.0.0.1", "10.9.9.9"
DAY = 24 * 3600


def by_password(work, password="right password", username="ayu@sekolah.id", **where):
    command = commands.SignIn(grant_type="password", username=username, password=password)
    return sign_in(work.by(**where), command)


def by_code(work, digits, username="ayu@sekolah.id", **where):
    return sign_in(
        work.by(**where), commands.SignIn(grant_type="code", username=username, code=digits)
    )


def by_refresh(work, token, **where):
    return sign_in(
        work.by(**where), commands.SignIn(grant_type="refresh_token", refresh_token=token)
    )


def a_code(work, username="ayu@sekolah.id", **where):
    request_code(work.by(**where), commands.RequestCode(username=username))
    answer_code_requests(work.by(**where))
    return work.codes_sent()[-1][1]


def refused(answer):
    return isinstance(answer, Refused) and type(answer.refusal)


@pytest.fixture
def work():
    return with_password(a_region(), "ayu", "right password")


# -- tokens -----------------------------------------------------------------------------------


def test_the_token_says_who_and_not_what_he_may_do(work):
    answer = by_password(work)

    (key,) = work.signing_keys.by_id.values()
    public = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": key.x})
    token = jwt.decode(answer["access_token"], public, algorithms=["Ed25519"])
    assert token.header == {"alg": "Ed25519", "typ": "at+jwt", "kid": key.id}
    assert {k: token.claims[k] for k in ("iss", "aud", "sub")} == {
        "iss": "https://kediri.example",
        "aud": "jejaring",
        "sub": "ayu",
    }
    assert token.claims["exp"] - token.claims["iat"] == answer["expires_in"] == 600
    assert set(token.claims) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}
    assert (answer["token_type"], answer["member_id"]) == ("Bearer", "ayu")


def test_each_grant_needs_its_fields(work):
    for grant, pointer in (
        ("password", "/username"),
        ("code", "/username"),
        ("refresh_token", "/refresh_token"),
    ):
        with pytest.raises(GrantInvalid) as told:
            sign_in(work, commands.SignIn(grant_type=grant))
        assert told.value.pointer == pointer
    with pytest.raises(GrantInvalid) as told:
        sign_in(work, commands.SignIn(grant_type="code", username="ayu@sekolah.id"))
    assert told.value.pointer == "/code"


# -- passwords --------------------------------------------------------------------------------


def test_unknown_people_wrong_passwords_and_suspended_members_hear_the_same(work):
    work.holds(a_member("tono", state="suspended"))
    with_password(work, "tono", "right password")

    answers = [
        by_password(work, username="nobody@x.id"),
        by_password(work, "wrong"),
        by_password(work, username="tono@sekolah.id"),
        by_password(work, username="kartini@sekolah.id"),
        by_password(work, username="not a contact"),
    ]

    assert {refused(answer) for answer in answers} == {WrongCredentials}
    assert len({answer.refusal.detail for answer in answers}) == 1


def test_a_phone_number_signs_in_however_it_is_written():
    work = a_region().holds(a_member("ayu", phone="+6281234567890"))
    with_password(work, "ayu", "right password")

    assert by_password(work, username="0812 3456 7890")["member_id"] == "ayu"


def test_five_wrong_passwords_close_the_pair_for_a_while(work):
    for _ in range(5):
        assert refused(by_password(work, "wrong")) is WrongCredentials

    with pytest.raises(TooManyAttempts) as told:
        by_password(work)

    assert told.value.retry_after_seconds == 900
    assert by_password(work, now=later(901))["member_id"] == "ayu"


def test_a_right_password_forgets_the_slips_before(work):
    for _ in range(3):
        for _ in range(4):
            by_password(work, "wrong")
        by_password(work)


def test_a_window_that_is_over_begins_anew(work):
    for _ in range(4):
        by_password(work, "wrong")
    for _ in range(4):
        by_password(work, "wrong", now=later(901))

    assert by_password(work, now=later(902))["member_id"] == "ayu"


def test_a_strangers_guesses_do_not_lock_out_a_known_address(work):
    by_password(work, address=HOME)
    for number in range(60):
        try:
            by_password(work, "wrong", address=f"10.9.{number}.1")
        except TooManyAttempts:
            break

    with pytest.raises(TooManyAttempts):
        by_password(work, address=ELSEWHERE)
    assert by_password(work, address=HOME)["member_id"] == "ayu"


def test_one_address_does_not_try_all_accounts(work):
    for number in range(100):
        by_password(work, "wrong", username=f"somebody{number}@x.id", address=ELSEWHERE)

    with pytest.raises(TooManyAttempts):
        by_password(work, address=ELSEWHERE)


def test_unknown_accounts_are_counted_alike(work):
    for _ in range(5):
        by_password(work, "wrong", username="nobody@x.id")

    with pytest.raises(TooManyAttempts):
        by_password(work, "wrong", username="nobody@x.id")


def test_an_address_is_known_for_a_month_and_only_the_newest_ones_are():
    account = Account(member_id="ayu").seen_at(HOME, NOW)
    for number in range(KNOWN_ADDRESSES - 1):
        account = account.seen_at(f"10.1.1.{number}", NOW)

    assert account.knows(HOME, later(29 * DAY))
    assert not account.knows(HOME, later(31 * DAY))
    assert not account.seen_at(ELSEWHERE, NOW).knows(HOME, NOW)
    again = account.seen_at(HOME, later(2 * DAY))
    assert again.seen_at(ELSEWHERE, later(2 * DAY)).knows(HOME, later(2 * DAY))
    assert HOME not in repr(account)


def test_an_address_is_noted_once_a_day():
    account = Account(member_id="ayu").seen_at(HOME, NOW)

    assert account.seen_at(HOME, later(DAY)) is account
    assert account.seen_at(HOME, later(DAY + 1)).good_addresses[0].seen_at == later(DAY + 1)


# -- codes ------------------------------------------------------------------------------------


def test_a_code_signs_in_once(work):
    digits = a_code(work)

    assert by_code(work, digits)["member_id"] == "ayu"
    assert refused(by_code(work, digits)) is WrongCredentials


def test_the_first_use_of_a_code_proves_the_contact(work):
    siti = sign_up(work.by(), commands.SignUp(name="Siti", phone="081234567890", area="35.71"))
    digits = work.codes_sent()[-1][1]
    asked = work.by()

    sign_in(
        asked, commands.SignIn(grant_type="code", username="0812-3456-7890", code=f" {digits} ")
    )

    assert asked.said()[0] == "MemberContactProven"
    proven = work.members.get(siti.id)
    assert (proven.contact_proven, proven.state) == (True, "pending")


def test_a_code_makes_an_invited_person_pending(work):
    work.holds(a_member("tono", state="invited", contact_proven=False))

    by_code(work, a_code(work, "tono@sekolah.id"), "tono@sekolah.id")

    assert work.members.get("tono").state == "pending"


def test_a_code_lives_ten_minutes(work):
    digits = a_code(work)

    assert refused(by_code(work, digits, now=later(601))) is WrongCredentials


def test_a_code_bears_five_tries_from_anywhere(work):
    digits = a_code(work)
    wrong = "000000" if digits != "000000" else "111111"

    for number in range(5):
        by_code(work, wrong, address=f"10.0.9.{number}")

    assert refused(by_code(work, digits)) is WrongCredentials


def test_the_newest_three_codes_work(work):
    first, *others = [a_code(work) for _ in range(4)]

    assert refused(by_code(work, first)) is WrongCredentials or first in others
    assert by_code(work, others[0])["member_id"] == "ayu"


def test_the_code_of_one_is_of_no_use_to_another(work):
    digits = a_code(work)

    assert refused(by_code(work, digits, "rudi@sekolah.id")) is WrongCredentials


def test_asking_for_a_code_answers_the_same_for_everybody(work):
    work.holds(a_member("tono", state="suspended"))

    answers = [
        request_code(work.by(), commands.RequestCode(username=username))
        for username in ("ayu@sekolah.id", "nobody@x.id", "tono@sekolah.id", "???")
    ]
    answer_code_requests(work)

    assert answers == [{"sent": True}] * 4
    assert [to for to, _ in work.codes_sent()] == ["ayu@sekolah.id"]
    assert work.code_requests.all() == []


def test_asking_is_limited_but_not_for_a_known_address(work):
    by_password(work, address=HOME)
    for number in range(4):
        for _ in range(5):
            a_code(work, address=f"10.9.9.{number}")

    with pytest.raises(TooManyAttempts):
        a_code(work, address=f"10.9.9.{0}")
    with pytest.raises(TooManyAttempts):
        a_code(work, address="10.9.9.77")
    assert len(a_code(work, address=HOME)) == 6


def test_a_letter_goes_out_in_the_members_language(work):
    work.holds(a_member("ayu", language="en", name="Ayu\nBcc: x"))

    digits = a_code(work)

    (letter,) = work.letters.all()
    assert letter.subject == "Your Jejaring sign-in code"
    assert letter.body.startswith("Hello Ayu Bcc: x,\n")
    assert f"\n{digits}\n" in letter.body


# -- refreshing -------------------------------------------------------------------------------


def test_a_refresh_token_is_used_once_and_gives_the_next(work):
    first = by_password(work)["refresh_token"]

    second = by_refresh(work, first)["refresh_token"]
    third = by_refresh(work, second)["refresh_token"]

    assert len({first, second, third}) == 3


def test_a_lost_answer_is_given_again_within_ten_seconds(work):
    first = by_password(work)["refresh_token"]
    lost = by_refresh(work, first)["refresh_token"]

    again = by_refresh(work, first, now=later(9))["refresh_token"]

    assert again == lost
    assert by_refresh(work, again, now=later(9))["member_id"] == "ayu"


def test_reuse_ends_the_session_for_thief_and_owner(work):
    first = by_password(work)["refresh_token"]
    second = by_refresh(work, first)["refresh_token"]
    asked = work.by(now=later(11))

    answer = sign_in(asked, commands.SignIn(grant_type="refresh_token", refresh_token=first))

    assert refused(answer) is TokenSpent
    assert asked.said() == ["SessionEnded"]
    with pytest.raises(TokenSpent):
        by_refresh(work, second)


def test_reuse_of_an_older_token_ends_it_at_once(work):
    first = by_password(work)["refresh_token"]
    by_refresh(work, by_refresh(work, first)["refresh_token"])

    assert refused(by_refresh(work, first)) is TokenSpent


@pytest.mark.parametrize("end", ["", "AAAA", "###", "é", "A" * 64])
def test_made_up_tokens_end_nobodys_session(work, end):
    token = by_password(work)["refresh_token"]
    made_up = f"{session.session_of(token)}.{end}"

    with pytest.raises(TokenSpent):
        by_refresh(work, made_up)
    assert by_refresh(work, token)["member_id"] == "ayu"


def test_a_session_that_was_not_used_for_a_month_is_over(work):
    token = by_password(work)["refresh_token"]

    with pytest.raises(TokenSpent):
        by_refresh(work, token, now=later(30 * DAY))


def test_a_token_of_no_session_is_refused(work):
    with pytest.raises(TokenSpent):
        by_refresh(work, "nonsense")


def test_the_database_holds_no_token(work):
    token = by_password(work)["refresh_token"]
    after = by_refresh(work, token)["refresh_token"]

    kept = repr(work.families.all())
    for text in (token, after):
        assert text.partition(".")[2] not in kept


def test_a_family_makes_no_successor_of_a_strangers_token():
    family, _ = session.begin("s1", "ayu", NOW, 60)
    _, other = session.begin("s1", "ayu", NOW, 60)

    with pytest.raises(ValueError, match="not a token"):
        family.successor(other)


# -- ending -----------------------------------------------------------------------------------


def test_revoking_ends_the_session_and_says_so(work):
    token = by_password(work)["refresh_token"]
    asked = work.by()

    assert revoke(asked, commands.Revoke(refresh_token=token)) == {"ended": True}
    assert asked.said() == ["SessionEnded"]
    with pytest.raises(TokenSpent):
        by_refresh(work, token)


def test_revoking_what_is_not_ours_changes_nothing(work):
    token = by_password(work)["refresh_token"]
    asked = work.by()

    for text in ("nonsense", f"{session.session_of(token)}.AAAA"):
        assert revoke(asked, commands.Revoke(refresh_token=text)) == {"ended": True}
    assert asked.said() == []


def test_a_new_password_ends_the_other_sessions(work):
    here, there = (by_password(work)["refresh_token"] for _ in range(2))

    change_me(
        work.by("ayu", session=session.session_of(here)),
        commands.ChangeMe(password="another password"),
    )

    assert by_refresh(work, here)["member_id"] == "ayu"
    with pytest.raises(TokenSpent):
        by_refresh(work, there)
    assert refused(by_password(work)) is WrongCredentials
    assert by_password(work, "another password")["member_id"] == "ayu"


def test_a_suspension_ends_the_sessions(work):
    token = by_password(work)["refresh_token"]

    suspend_member(work.by("rudi"), commands.SuspendMember(member_id="ayu", reason="x"))

    with pytest.raises(TokenSpent):
        by_refresh(work, token)


def test_a_session_whose_member_may_no_longer_sign_in_gives_nothing(work):
    token = by_password(work)["refresh_token"]
    work.holds(replace(a_member("ayu"), state="suspended"))

    with pytest.raises(TokenSpent):
        by_refresh(work, token)
