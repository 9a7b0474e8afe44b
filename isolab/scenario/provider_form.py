"""The file's form of a sign-in provider."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from isolab.scenario.strict import Strict
from isolab.scenario.values import FILLABLE

_Flag = Annotated[bool, *FILLABLE]
_Uris = Annotated[list[str], Field(min_length=1)]


class ClientForm(Strict):
    """An application that may ask for sign-in."""

    redirect_uris: _Uris = Field(description="where answers may be sent: ${{ url.PAGE }}, or any URI")
    logout_uris: list[str] = Field([], description="where a person may be sent after signing out")
    secret: str | None = Field(None, description="a confidential client's; default: a public client, which uses PKCE")


class ProviderForm(Strict):
    """A sign-in provider. Every endpoint that no page is gets one by its own name."""

    host: Annotated[str, *FILLABLE] | None = Field(None, description="whose the endpoints are; default: the second")
    issuer: str | None = Field(None, description="default: the origin of its host")
    person: str = Field("alice", min_length=1, description="who signs in, unless another name is typed")
    clients: dict[str, ClientForm] = Field(min_length=1, description="client_id -> the client")
    signed_in: _Flag = Field(default=False, description="true: the person is signed in already")
    consented: _Flag = Field(default=False, description="true: the person has agreed already")
    answer: dict[str, str | None] = Field(
        {}, description="parameters of the authorization response that are replaced; null: left out"
    )
