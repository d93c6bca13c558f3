"""Which handler answers what mentors do: profiles, offers, visits, faults; and what comes round."""

from chassis.declared import Handler
from chassis.desk import Desk
from chassis.rounds import each
from contracts.mentoring import commands
from services.mentoring.handlers import assignments, issues, mentors, offers, visits

HANDLERS: dict[str, Handler] = {
    commands.MakeOffer.verb: offers.make_offer,
    commands.AcceptOffer.verb: offers.accept_offer,
    commands.DeclineOffer.verb: offers.decline_offer,
    commands.AskAboutOffer.verb: offers.ask_about_offer,
    commands.ProfileMentor.verb: mentors.profile_mentor,
    commands.SetAvailability.verb: mentors.set_availability,
    commands.ProposeAssignment.verb: assignments.propose_assignment,
    commands.ConfirmAssignment.verb: assignments.confirm_assignment,
    commands.LogVisit.verb: visits.log_visit,
    commands.AddPhoto.verb: visits.add_photo,
    commands.ReportIssue.verb: issues.report_issue,
    commands.ResolveIssue.verb: issues.resolve_issue,
    commands.EscalateIssue.verb: issues.escalate_issue,
}


def watch(desk: Desk) -> None:
    """What nobody asks for: lapsed offers, overdue visits, faults that climb, mentors come back."""
    each(desk, offers.lapsed, offers.lapse)
    each(desk, visits.overdue, visits.tell_overdue)
    each(desk, issues.to_climb, issues.climb)
    each(desk, mentors.to_return, mentors.come_back)
