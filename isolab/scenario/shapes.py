"""Which of several forms a host, an embed or a step has: told by its keys, with a message where none fits."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, get_args

from isolab.scenario.case import EmbedKind
from isolab.scenario.values import wrong
from isolab.scenario.wording import SIMILAR, listing, shown, suggestion

VERBS = ("open", "popup", "click", "navigate", "close", "wait", "choose")
KINDS: tuple[str, ...] = get_args(EmbedKind)

RELATED, UPSTREAM = "\0related", "\0upstream"
"""Tags of the models of a host that is a mapping."""


def step_verb(value: Any) -> str:
    """The tag of the step's model."""
    return _tag(value, VERBS)


def embed_kind(value: Any) -> str:
    """The tag of the embed's model."""
    return _tag(value, KINDS)


def host_form(value: Any) -> str:
    """The tag of the host's model."""
    if isinstance(value, dict):
        return UPSTREAM if _means_upstream(value) else RELATED
    return "\0null" if value is None else "\0text"


def _means_upstream(host: dict[Any, Any]) -> bool:
    """Whether a host has an upstream, or a key that only such a host has, or that is nearly called so."""
    if "relation" in host and "upstream" not in host:
        return False
    return "origin" in host or any(get_close_matches(str(key).lower(), ["upstream"], cutoff=SIMILAR) for key in host)


def require_step(value: Any) -> Any:
    """Exactly one verb."""
    return _require_one(value, VERBS, "a step", "verb")


def require_embed(value: Any) -> Any:
    """Exactly one kind."""
    return _require_one(value, KINDS, "an embed", "kind")


def require_host(value: Any) -> Any:
    """Null, text or a mapping."""
    if isinstance(value, dict) and set(value) == {"origin"}:
        raise wrong("wrong-type", "a host that only has an origin is no mapping", "write the origin in its place")
    if value is None or isinstance(value, str | dict):
        return value
    hint = "write null, a relation (same-origin, same-site, cross-site) or an origin"
    raise wrong("wrong-type", f"{shown(value)} is not a host", hint)


def _tag(value: object, choices: tuple[str, ...]) -> str:
    keys = value if isinstance(value, dict) else {}
    return "\0" + next((choice for choice in choices if choice in keys), choices[0])


def _require_one(value: object, choices: tuple[str, ...], what: str, role: str) -> object:
    rule = f"{what} has exactly one of: {listing(choices)}"
    if not isinstance(value, dict):
        raise wrong("wrong-type", f"{shown(value)} is not {what}", rule)
    found = [choice for choice in choices if choice in value]
    if not found:
        first = next(iter(value), "")
        raise wrong(f"no-{role}", f"{what} without a {role}", suggestion(first, choices, rule))
    if len(found) > 1:
        raise wrong(f"two-{role}s", f"{what} with {len(found)} {role}s: {listing(found)}", rule)
    return value
