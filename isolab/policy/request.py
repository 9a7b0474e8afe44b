"""What a document asks for when it embeds something: the request's mode and credentials.

Source: HTML, "CORS settings attributes"; Fetch, 2.2.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["iframe", "image", "script", "style", "worker", "sharedworker", "serviceworker", "fetch"]
Mode = Literal["navigate", "same-origin", "no-cors", "cors"]
Credentials = Literal["omit", "same-origin", "include"]


@dataclass(frozen=True, slots=True)
class Request:
    """`kind` is what is embedded, `mode` and `credentials` the request's.

    `credentialless`: the navigation of a frame with that attribute.
    """

    kind: Kind
    mode: Mode
    credentials: Credentials = "include"
    credentialless: bool = False


def request_for(kind: Kind, attributes: Iterable[tuple[str, str]] = ()) -> Request:
    """Make the request of an element or a call with these attributes (names in lower case).

    Elements read `crossorigin` and, for scripts, `type=module`; frames `credentialless`; fetch reads the options `mode`
    and `credentials`. `worker` is a dedicated one.
    """
    given = dict(attributes)
    if kind == "iframe":
        return Request(kind, "navigate", credentialless="credentialless" in given)
    if kind in ("worker", "sharedworker", "serviceworker"):
        return Request(kind, "same-origin", "same-origin")
    if kind == "fetch":
        return _fetch(given)
    return _element(kind, given)


def unforeseen(kind: Kind, attributes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Name what may keep it from loading and is not among the rules here: redirect modes, preflights, integrity."""
    given = dict(attributes)
    found = {"integrity": bool(given.get("integrity"))}
    if kind == "fetch":
        # Other methods and headers have a preflight (Fetch, CORS-safelisted method).
        found |= {
            "redirect": given.get("redirect", "follow") != "follow",
            "method": given.get("method", "GET").upper() not in ("GET", "HEAD", "POST"),
            "headers": "headers" in given,
        }
    return tuple(name for name, matters in found.items() if matters)


def _fetch(given: Mapping[str, str]) -> Request:
    mode = cast("Mode", given.get("mode", "cors"))
    return Request("fetch", mode, cast("Credentials", given.get("credentials", "same-origin")))


def _element(kind: Kind, given: Mapping[str, str]) -> Request:
    crossorigin = given.get("crossorigin")
    if crossorigin is None and given.get("type", "").lower() != "module":
        return Request(kind, "no-cors")
    # Any other value than use-credentials, the empty one too, is anonymous.
    return Request(kind, "cors", "include" if (crossorigin or "").lower() == "use-credentials" else "same-origin")
