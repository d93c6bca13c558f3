"""Which handler answers what moves a case: from request to sign-off and after."""

from chassis.declared import Handler, reading
from contracts.mentoring import commands
from services.mentoring import schemas
from services.mentoring.handlers import cases, follow_ups, progressing, signing_off

HANDLERS: dict[str, Handler] = {
    commands.RequestMentorship.verb: cases.request_mentorship,
    commands.ChangeMentorship.verb: cases.change_mentorship,
    commands.Unmatch.verb: cases.unmatch,
    commands.Hold.verb: cases.hold,
    commands.Resume.verb: cases.resume,
    commands.Stop.verb: cases.stop,
    commands.Assess.verb: reading(schemas.read_assessment, progressing.assess),
    commands.DraftAgreement.verb: progressing.draft_agreement,
    commands.AcceptAgreement.verb: progressing.accept_agreement,
    commands.CompleteItem.verb: progressing.complete_item,
    commands.CompleteStage.verb: progressing.complete_stage,
    commands.SignOff.verb: signing_off.sign_off,
    commands.AnswerFollowUp.verb: follow_ups.answer_follow_up,
}
