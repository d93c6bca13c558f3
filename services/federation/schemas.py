"""Keys of other regions, as their officers told them: read once, before anybody relies on them."""

from dataclasses import replace

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from contracts.federation import commands
from services.federation.errors import PeerInvalid


def read_proposal(command: commands.ProposePeer) -> commands.ProposePeer:
    """The proposal with a key that can verify; raises PeerInvalid."""
    key = command.key
    try:
        OKPKey.import_key({"kty": key.kty, "crv": key.crv, "x": key.x})
    except (JoseError, ValueError) as error:
        raise PeerInvalid(f"the key cannot be read: {error}", pointer="/key") from error
    return replace(command, name=" ".join(command.name.split()))
