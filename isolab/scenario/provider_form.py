"""The file's form of a sign-in provider."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from isolab.scenario.placeholders import OPEN
from isolab.scenario.strict import Strict
from isolab.scenario.values import FILLABLE, wrong

_Flag = Annotated[bool, *FILLABLE]


def _uri(value: str) -> str:
    """RFC 6749, 3.1.2."""
    if OPEN not in value and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+", value):
        message = f"`{value}` is no absolute URI without a fragment"
        raise wrong("not-a-uri", message, "write `${{ url.PAGE }}`, or a URI such as https://app.example/callback")
    return value


_Uri = Annotated[str, AfterValidator(_uri)]
_Uris = Annotated[list[_Uri], Field(min_length=1)]


class ClientForm(Strict):
    """An application that may ask for sign-in."""

    redirect_uris: _Uris = Field(description="where answers may be sent: ${{ url.PAGE }}, or any URI")
    logout_uris: list[_Uri] = Field([], description="where a person may be sent after signing out")
    secret: str | None = Field(None, description="a confidential client's; default: a public client, which uses PKCE")


class ProviderForm(Strict):
    """A sign-in provider. Every endpoint that no page is gets one by its own name."""

    host: Annotated[str, *FILLABLE] | None = Field(None, description="whose the endpoints are; default: the second")
    issuer: str | None = Field(None, description="default: the origin of its host")
    person: str = Field("alice", min_length=1, description="who signs in, unless another name is typed")
    clients: dict[str, ClientForm] = Field(min_length=1, description="client_id -> the client")
    signed_in: _Flag = Field(default=False, description="true: the person is signed in already")
    consented: _Flag = Field(default=False, description="true: the person has agreed already")
    fedcm: _Flag = Field(
        default=False, description="true: the browser itself may ask the person who signs in (FedCM), where it can"
    )
    answer: dict[str, str | None] = Field(
        {}, description="parameters of the authorization response that are replaced; null: left out"
    )
