"""Signing in: tokens, one-time codes, ending a session, and the public keys."""

import orjson
from falcon.asgi import Request, Response

from contracts.members import commands
from gateway.api.shapes import Acknowledged, Tokens, answer
from gateway.asked import Asked
from gateway.asks import asks, nothing_more
from gateway.describe import Access, Operation, Success, described
from gateway.query import read_query
from gateway.question import Reply
from gateway.resource import Resource
from gateway.shown import Shown

TAG = "Signing in"


def taken_on(_: Asked, __: Reply) -> Shown:
    """The same whether there is such an account or not."""
    return Shown(body={"accepted": True}, etag="")


class Token(Resource):
    """`/v1/auth/token`"""

    on_post = asks(
        commands.SignIn,
        summary="Sign in, or go on with a refresh token",
        tag=TAG,
        access=Access.PUBLIC,
        render=nothing_more,
        answer=answer(Tokens),
        keyed=False,
        auth=True,
        example={"grant_type": "password", "username": "siti@example.org", "password": "…"},
    )


class Codes(Resource):
    """`/v1/auth/codes`"""

    on_post = asks(
        commands.RequestCode,
        summary="Ask for a one-time code",
        tag=TAG,
        access=Access.PUBLIC,
        status=202,
        render=taken_on,
        answer=answer(Acknowledged),
        keyed=False,
        auth=True,
        example={"username": "0812 3456 7890"},
    )


class Revocation(Resource):
    """`/v1/auth/revoke`"""

    on_post = asks(
        commands.Revoke,
        summary="End the session of a refresh token",
        tag=TAG,
        access=Access.PUBLIC,
        render=taken_on,
        answer=answer(Acknowledged),
        keyed=False,
        auth=True,
    )


JWKS = Operation(
    summary="The public keys of access tokens",
    tag=TAG,
    access=Access.PUBLIC,
    success=Success(
        about="A JSON Web Key Set (RFC 7517).",
        schema={
            "type": "object",
            "required": ["keys"],
            "properties": {"keys": {"type": "array", "items": {"type": "object"}}},
        },
    ),
    problems=(503,),
)


class Keys(Resource):
    """`/.well-known/jwks.json`"""

    async def show(self, req: Request, resp: Response) -> None:
        """The keys that the views hold."""
        await self.front.admit(req, JWKS)
        read_query(req, {})
        if self.front.identity.loaded_at is None:
            await self.front.identity.reload()
        resp.data = orjson.dumps({"keys": self.front.identity.published})
        resp.content_type = "application/json"
        resp.set_header("Cache-Control", "public, max-age=300")

    on_get = described(show, JWKS)
