"""Refusals of the members service, one class per public code."""

from chassis.errors import Forbidden, Invalid, Refusal, SignInFirst
from contracts.members import refusals

__all__ = ["Forbidden", "Invalid", "Refusal", "SignInFirst"]


class AreaUnknown(Refusal):
    """There is no such area."""

    refusal = refusals.AREA_UNKNOWN


class AreaTaken(Refusal):
    """An area with this id exists."""

    refusal = refusals.AREA_TAKEN


class AreaOverlaps(Refusal):
    """The codes belong to another active area."""

    refusal = refusals.AREA_OVERLAPS


class AreaInvalid(Refusal):
    """The area is not an active area of this region, or its parts do not fit."""

    refusal = refusals.AREA_INVALID


class InstitutionUnknown(Refusal):
    """There is no such institution."""

    refusal = refusals.INSTITUTION_UNKNOWN


class InstitutionInvalid(Refusal):
    """The institution named in a body is not in the register."""

    refusal = refusals.INSTITUTION_INVALID


class NpsnTaken(Refusal):
    """An institution with this NPSN exists."""

    refusal = refusals.NPSN_TAKEN


class MemberUnknown(Refusal):
    """There is no such member."""

    refusal = refusals.MEMBER_UNKNOWN


class ContactMissing(Refusal):
    """A member needs one phone number or e-mail."""

    refusal = refusals.CONTACT_MISSING


class ContactTaken(Refusal):
    """The phone number or e-mail belongs to a member already."""

    refusal = refusals.CONTACT_TAKEN


class EmailInvalid(Refusal):
    """Not an e-mail address."""

    refusal = refusals.EMAIL_INVALID


class PhoneInvalid(Refusal):
    """Not a phone number."""

    refusal = refusals.PHONE_INVALID


class MemberStateForbids(Refusal):
    """The member's state does not allow it."""

    refusal = refusals.MEMBER_STATE


class AppointmentUnknown(Refusal):
    """There is no such appointment."""

    refusal = refusals.APPOINTMENT_UNKNOWN


class AppointmentStateForbids(Refusal):
    """The appointment's state does not allow it."""

    refusal = refusals.APPOINTMENT_STATE


class AppointmentInvalid(Refusal):
    """Role, area, event and term do not fit together."""

    refusal = refusals.APPOINTMENT_INVALID


class AppointmentTaken(Refusal):
    """The member has, or was offered, this role already."""

    refusal = refusals.APPOINTMENT_TAKEN


class LastCoordinator(Refusal):
    """The region would be left without a coordinator."""

    refusal = refusals.LAST_COORDINATOR


class OwnEndorsement(Refusal):
    """Nobody endorses himself."""

    refusal = refusals.OWN_ENDORSEMENT


class InnovationUnknown(Refusal):
    """There is no such innovation."""

    refusal = refusals.INNOVATION_UNKNOWN


class InnovationStateForbids(Refusal):
    """It was withdrawn."""

    refusal = refusals.INNOVATION_STATE


class AuthorInvalid(Refusal):
    """Somebody named as an author by his id is not a member."""

    refusal = refusals.AUTHOR_INVALID


class AuthorConsentNeeded(Refusal):
    """An author did not consent to being named beyond the cell."""

    refusal = refusals.AUTHOR_CONSENT_NEEDED


class NotYours(Refusal):
    """The actor has not the role for it."""

    refusal = refusals.NOT_YOURS


class WrongCredentials(Refusal):
    """Username with password or code are not right, or may not sign in."""

    refusal = refusals.CREDENTIALS


class TokenSpent(Refusal):
    """The refresh token is used, ended or not ours."""

    refusal = refusals.TOKEN_SPENT


class TooManyAttempts(Refusal):
    """Wait before the next attempt."""

    refusal = refusals.TOO_MANY_ATTEMPTS


class GrantInvalid(Refusal):
    """The fields do not fit the grant type."""

    refusal = refusals.GRANT_INVALID


class KindUnknown(Refusal):
    """No aggregate is of this kind."""

    refusal = refusals.KIND_UNKNOWN


class RegionFounded(Refusal):
    """The region was founded with other data."""

    refusal = refusals.REGION_FOUNDED


class TypeNotChosen(Refusal):
    """The line is about somebody of another member type."""

    refusal = refusals.TYPE_NOT_CHOSEN


class ColumnsMissing(Refusal):
    """The file lacks needed columns."""

    refusal = refusals.IMPORT_COLUMNS
