"""AsyncAPI 3.0: the exchange of facts, the command queues and everything that passes through."""

from typing import Any

from contracts.catalogue import COMMANDS, FACTS, REFUSALS
from contracts.command import Command
from contracts.envelope import CONTENT_TYPE, PREFIX, Envelope
from contracts.fact import Fact
from contracts.publish.schemas import HOME, inside, schema, schema_name

Document = dict[str, Any]

MESSAGES = "#/components/messages/"
EXCHANGE = {"name": "jejaring.facts", "type": "topic", "durable": True, "vhost": "/"}
REGION = {"region": {"description": "The region's id, such as `kediri-raya`."}}
RETRIED = {
    "type": "object",
    "properties": {
        "x-attempt": {"type": "integer", "description": "How often a hearer has tried it before."},
        "x-reason": {"type": "string", "description": "Why the last try failed."},
    },
}
REFUSAL: Document = {
    "type": "object",
    "required": ["code", "detail", "pointer", "allowed", "retry_after_seconds", "errors"],
    "properties": {
        "code": {"type": "string", "enum": sorted(REFUSALS)},
        "detail": {"type": "string"},
        "pointer": {"type": ["string", "null"]},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "retry_after_seconds": {"type": ["integer", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "additionalProperties": {"type": "string"},
            },
        },
    },
}
ANSWER: Document = {
    "oneOf": [
        {
            "type": "object",
            "required": ["result", "facts", "replayed"],
            "properties": {
                "result": {"description": "What the command came to."},
                "facts": {"type": "array", "items": {"$ref": HOME + schema_name(Envelope)}},
                "replayed": {"type": "boolean"},
            },
        },
        {
            "type": "object",
            "required": ["refusal"],
            "properties": {
                "refusal": REFUSAL,
                "facts": {"type": "array", "items": {"$ref": HOME + schema_name(Envelope)}},
            },
        },
        {
            "type": "object",
            "required": ["outage"],
            "properties": {
                "outage": {"type": "string"},
                "retry_after_seconds": {"type": "integer"},
            },
        },
        {"type": "object", "required": ["bug"], "properties": {"bug": {"type": "string"}}},
    ]
}


def document(version: str) -> Document:
    """The whole document."""
    services = sorted({verb.partition(".")[0] for verb in COMMANDS})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Jejaring",
            "version": version,
            "description": "Facts and commands of one region's cell, over RabbitMQ.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {
            **{name: _fact_channel(fact) for name, fact in FACTS.items()},
            **{f"ask.{service}": _ask_channel(service) for service in services},
            "answers": {"address": None, "messages": {"answer": {"$ref": MESSAGES + "answer"}}},
        },
        "operations": {
            **{f"say.{name}": _say(name) for name in FACTS},
            **{f"ask.{service}": _ask(service) for service in services},
        },
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _fact_channel(fact: type[Fact]) -> Document:
    return {
        "address": fact.route("{region}"),
        "description": fact.__doc__,
        "parameters": REGION,
        "messages": {fact.name: {"$ref": MESSAGES + fact.name}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": EXCHANGE, "bindingVersion": "0.3.0"}},
    }


def _ask_channel(service: str) -> Document:
    queue = {"name": f"ask.<region>.{service}", "durable": True, "exclusive": False, "vhost": "/"}
    return {
        "address": f"ask.{{region}}.{service}",
        "description": f"Commands that {service} decides; the answer goes to `reply_to`.",
        "parameters": REGION,
        "messages": {verb: {"$ref": MESSAGES + verb} for verb in _verbs(service)},
        "bindings": {"amqp": {"is": "queue", "queue": queue, "bindingVersion": "0.3.0"}},
    }


def _verbs(service: str) -> list[str]:
    return [verb for verb in COMMANDS if verb.partition(".")[0] == service]


def _say(name: str) -> Document:
    channel = f"#/channels/{name}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "bindingVersion": "0.3.0"}},
    }


def _ask(service: str) -> Document:
    channel = f"#/channels/ask.{service}"
    return {
        "action": "receive",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{verb}"} for verb in _verbs(service)],
        "reply": {
            "channel": {"$ref": "#/channels/answers"},
            "messages": [{"$ref": "#/channels/answers/messages/answer"}],
            "address": {
                "location": "$message.header#/reply_to",
                "description": "The AMQP property; `amq.rabbitmq.reply-to` for direct replies.",
            },
        },
    }


def _messages() -> Document:
    facts = {name: _fact_message(fact) for name, fact in FACTS.items()}
    commands = {verb: _command_message(command) for verb, command in COMMANDS.items()}
    answer = {"name": "answer", "title": "Answer", "payload": ANSWER}
    return {**facts, **commands, "answer": answer}


def _fact_message(fact: type[Fact]) -> Document:
    """A CloudEvent in structured mode: its attributes are fields of the payload."""
    sure = {
        "specversion": {"const": "1.0"},
        "type": {"const": PREFIX + fact.name},
        "data": {"$ref": HOME + schema_name(fact)},
    }
    return {
        "name": PREFIX + fact.name,
        "title": fact.__name__,
        "summary": fact.__doc__,
        "contentType": CONTENT_TYPE,
        "headers": RETRIED,
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [{"$ref": HOME + schema_name(Envelope)}, {"properties": sure}]},
    }


def _command_message(command: type[Command]) -> Document:
    """A command with who asks and until when."""
    word: Document = {"type": "string"}
    maybe: Document = {"type": ["string", "null"]}
    actor = {"member_id": maybe, "session_id": maybe, "address": word}
    return {
        "name": command.verb,
        "title": command.__name__,
        "summary": command.__doc__,
        "contentType": "application/json",
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": {
            "type": "object",
            "required": ["verb", "command", "actor", "deadline"],
            "properties": {
                "verb": {"const": command.verb},
                "command": {"$ref": HOME + schema_name(command)},
                "actor": {"type": "object", "properties": actor},
                "request_id": word,
                "traceparent": word,
                "key": maybe,
                "fingerprint": maybe,
                "if_match": {"type": ["integer", "null"]},
                "deadline": {"type": "number", "description": "Seconds since 1970, UTC."},
            },
        },
    }


def _schemas() -> Document:
    roots: list[type] = [Envelope, *FACTS.values(), *COMMANDS.values()]
    classes = {schema_name(cls): cls for root in roots for cls in inside(root)}
    return {name: schema(cls) for name, cls in sorted(classes.items())}
