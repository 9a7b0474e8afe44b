"""The userinfo endpoint: what an access token tells of a person (OpenID Connect Core, 5.3; RFC 6750)."""

from __future__ import annotations

from http import HTTPStatus

from isolab.lab.signin.ledger import Ledger
from isolab.lab.signin.message import Asked, Refused, Told
from isolab.lab.signin.tokens import person_claims

_REALM = 'Bearer realm="isolab"'


def userinfo(asked: Asked, ledger: Ledger) -> Told:
    """The claims. Raises Refused with the error of RFC 6750, 3.1."""
    if asked.method not in ("GET", "POST"):
        allow = (("Allow", "GET, POST"),)
        raise Refused("invalid_request", "userinfo takes GET and POST", HTTPStatus.METHOD_NOT_ALLOWED, allow)
    token = _token(asked)
    if token is None:
        # RFC 6750, 3.1: a request without a token is told no error.
        return Told(None, HTTPStatus.UNAUTHORIZED, (("WWW-Authenticate", _REALM),))
    access = ledger.accesses.get(token)
    if access is None or ledger.now() >= access.ends:
        raise _refused("invalid_token", "the access token is unknown, has expired or was revoked", 401)
    if "openid" not in access.grant.request.scope:
        raise _refused("insufficient_scope", "the scope openid is needed", 403)
    return Told(person_claims(access.grant.session.person, access.grant.request.scope))


def _token(asked: Asked) -> str | None:
    """The access token. Raises Refused where it comes in two ways (RFC 6750, 2)."""
    scheme, _, token = asked.headers.get("authorization", "").partition(" ")
    posted = dict(asked.form).get("access_token")
    if scheme.lower() != "bearer":
        return posted
    if posted is not None:
        raise _refused("invalid_request", "the access token comes in two ways", 400)
    return token.strip()


def _refused(error: str, description: str, status: int) -> Refused:
    challenge = f'{_REALM}, error="{error}", error_description="{description}"'
    return Refused(error, description, status, (("WWW-Authenticate", challenge),))
