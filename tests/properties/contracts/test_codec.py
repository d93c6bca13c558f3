"""Any contract survives the wire; any other JSON is malformed."""

import json
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.catalogue import COMMANDS, FACTS
from contracts.codec import Malformed, decode, encode, field_types
from tests.support.any_contract import any_of

QUICK = settings(suppress_health_check=[HealthCheck.too_slow])
STATES = sorted({field_types(fact)[fact.kind] for fact in FACTS.values()}, key=lambda c: c.__name__)


@QUICK
@given(st.sampled_from([*STATES, *COMMANDS.values()]).flatmap(any_of))
def test_a_contract_survives_the_wire(value):
    assert decode(type(value), json.loads(json.dumps(encode(value)))) == value


@QUICK
@given(
    st.sampled_from([*STATES, *COMMANDS.values()]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "version", "codes", "lines", "name"]), inner)
        ),
        max_leaves=10,
    ),
)
def test_any_other_json_is_malformed_and_nothing_worse(cls, raw):
    with suppress(Malformed):
        decode(cls, raw)
