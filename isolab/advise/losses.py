"""What the app's page loads now, and no more with other headers: by the rules, as the scenario has its responses."""

from __future__ import annotations

from isolab.explain.model import EmbedNote, Explanation
from isolab.policy.coep import COEP
from isolab.scenario.case import Case, Forwarded


def losses(given: Explanation, now: Explanation) -> tuple[str, ...]:
    """Say of each thing that loads in the given case, and is blocked now, why it is; a sentence each."""
    blocked = {name for name, embed in _embeds(given).items() if embed.load == "blocked"}
    return tuple(
        f"{name} ({embed.url}) is blocked: {embed.reason}"
        for name, embed in _embeds(now).items()
        if embed.load == "blocked" and name not in blocked
    )


def _embeds(told: Explanation) -> dict[str, EmbedNote]:
    return {f"{page.window}.{embed.name}": embed for page in told.pages for embed in page.embeds}


def unseen(case: Case, app: str) -> bool:
    """Whether the page sends COEP and comes from a server of the user's own: nobody knows what it loads."""
    page = case.pages[app]
    return isinstance(page.body, Forwarded) and bool(page.header(COEP))
