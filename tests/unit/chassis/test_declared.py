"""What a service declares follows from its handlers and its contracts."""

from chassis.declared import by_kind, commands_of, reading, said_again
from contracts.codec import encode
from contracts.members import commands, facts
from tests.support.members import an_area


def test_the_commands_with_a_handler_are_answered_in_the_order_of_the_page():
    handlers = {commands.Leave.verb: print, commands.CreateArea.verb: print}

    assert commands_of(commands, handlers) == (commands.CreateArea, commands.Leave)


def test_a_stored_aggregate_is_said_as_it_stands():
    area = an_area()
    (kind, cls), *_ = by_kind(facts.AreaRestated).items()

    said = said_again(cls, {"_id": area.id, **encode(area)})

    assert (kind, said) == ("area", facts.AreaRestated(area=area))


def test_a_handler_may_be_given_what_a_schema_reads():
    handler = reading(str.upper, lambda work, read: (work, read))

    assert handler("work", "text") == ("work", "TEXT")
