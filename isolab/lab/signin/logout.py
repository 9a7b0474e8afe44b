"""The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from isolab.lab.signin.interaction import Interaction
from isolab.lab.signin.keys import SigningKey
from isolab.lab.signin.message import Answer, Asked, Refused, Sent, Shown, single, with_query
from isolab.scenario.provider import Client, Provider


class Logout:
    """Ends sessions. `fill` gives the real URL for one with placeholders."""

    def __init__(
        self, provider: Provider, key: SigningKey, interaction: Interaction, fill: Callable[[str], str]
    ) -> None:
        self._provider = provider
        self._key = key
        self._interaction = interaction
        self._fill = fill

    def answer(self, asked: Asked) -> Answer:
        """Sign out, and go where the client asks, if it may. Raises Refused."""
        params = single(asked.params)
        to = self._destination(params)
        return replace(to, headers=self._interaction.sign_out(asked))

    def _destination(self, params: Mapping[str, str]) -> Shown | Sent:
        uri = params.get("post_logout_redirect_uri")
        client = self._client(params)
        if uri is None:
            return Shown("_provider-signed-out", {})
        if client is None or uri not in [self._fill(known) for known in client.logout_uris]:
            raise Refused("invalid_request", f"the post_logout_redirect_uri {uri} is not one of the client's")
        state = (("state", params["state"]),) if "state" in params else ()
        return Sent(url=with_query(uri, state))

    def _client(self, params: Mapping[str, str]) -> Client | None:
        """Who asks; an ID Token that it holds may be long expired (section 2)."""
        name = params.get("client_id")
        if "id_token_hint" in params:
            try:
                audience = str(self._key.verified(params["id_token_hint"]).get("aud"))
            except ValueError as error:
                raise Refused("invalid_request", f"the id_token_hint is none of ours: {error}") from error
            if name not in (None, audience):
                raise Refused("invalid_request", "the id_token_hint was made for another client")
            name = audience
        return self._provider.client(name) if name else None
