"""Which handler answers what is asked before an event: wishes, events, series, places, things."""

from chassis.declared import Handler
from contracts.events import commands
from services.events.handlers import (
    changing,
    events,
    lending,
    places,
    planning,
    records,
    series,
    speakers,
    wishes,
)

HANDLERS: dict[str, Handler] = {
    commands.RequestEvent.verb: wishes.request_event,
    commands.BackRequest.verb: wishes.back_request,
    commands.UnbackRequest.verb: wishes.unback_request,
    commands.AcceptRequest.verb: wishes.accept_request,
    commands.DeclineRequest.verb: wishes.decline_request,
    commands.PlanEvent.verb: planning.plan_event,
    commands.ChangeEvent.verb: changing.change_event,
    commands.PublishEvent.verb: events.publish_event,
    commands.RescheduleEvent.verb: events.reschedule_event,
    commands.CancelEvent.verb: events.cancel_event,
    commands.CloseEvent.verb: events.close_event,
    commands.AnswerAsHost.verb: events.answer_as_host,
    commands.InviteSpeaker.verb: speakers.invite_speaker,
    commands.AnswerAsSpeaker.verb: speakers.answer_as_speaker,
    commands.RemoveSpeaker.verb: speakers.remove_speaker,
    commands.InviteCohost.verb: speakers.invite_cohost,
    commands.AnswerAsCohost.verb: speakers.answer_as_cohost,
    commands.AddMaterial.verb: records.add_material,
    commands.WriteMinutes.verb: records.write_minutes,
    commands.PlanSeries.verb: series.plan_series,
    commands.EndSeries.verb: series.end_series,
    commands.RegisterVenue.verb: places.register_venue,
    commands.ChangeVenue.verb: places.change_venue,
    commands.RegisterEquipment.verb: lending.register_equipment,
    commands.ChangeEquipment.verb: lending.change_equipment,
    commands.ReserveEquipment.verb: lending.reserve_equipment,
    commands.HandOverEquipment.verb: lending.hand_over_equipment,
    commands.ReturnEquipment.verb: lending.return_equipment,
    commands.ReleaseEquipment.verb: lending.release_equipment,
}
