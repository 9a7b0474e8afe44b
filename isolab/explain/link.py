"""What becomes of the link between a popup and the page that opens it, response by response."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from isolab.explain.model import HopNote, LinkNote
from isolab.explain.setters import usual_setters
from isolab.policy.document import Document
from isolab.policy.group_switch import Passage, opener_fate, passages
from isolab.policy.life import Navigation
from isolab.policy.terms import Fate

AFTER_CUT = (
    "From here `window.opener` is null, the opener's handle reads closed although the window is open, "
    "and coming back does not mend it."
)
BY_REDIRECT = "This response is a redirect ({status}): it counts although no page of it is ever shown."


def link_note(
    popup: str,
    opener: str,
    creator: Document,
    life: Sequence[Navigation],
    *,
    noopener: bool = False,
    assumption: str = "",
) -> LinkNote:
    """Explain a link by all that the popup and its opener load. `popup` and `opener` are the windows' names."""
    found = opener_fate(creator, life, noopener=noopener)
    notes = tuple(_hops(passages(creator, life), found.fate))
    switches = (number for number, note in enumerate(notes, 1) if note.switches)
    return LinkNote(
        popup=popup,
        opener=opener,
        fate=found.fate,
        reason=found.reason,
        source=found.source,
        hops=notes,
        cut=next(switches) if found.fate == "severed" else None,
        usually_set_by=tuple(map(str, usual_setters(found.cut, creator.origin))) if found.cut else (),
        assumption=assumption,
    )


def _hops(passed: Iterable[Passage], fate: Fate) -> Iterator[HopNote]:
    linked = fate in ("preserved", "severed")
    for number, passage in enumerate(passed, 1):
        yield HopNote(
            navigation=passage.navigation + 1,
            hop=passage.index + 1,
            window=passage.window,
            url=passage.hop.url,
            status=passage.hop.status,
            from_policy=passage.before.policy,
            to_policy=passage.policy.value,
            switches=passage.verdict == "switches",
            text=f"hop {number}: {_sentence(passage, linked=linked)}",
        )
        linked = linked and passage.verdict == "stays"


def _sentence(passage: Passage, *, linked: bool) -> str:
    if passage.verdict == "switches" and linked:
        redirect = f"{BY_REDIRECT.format(status=passage.hop.status)} " if passage.redirect else ""
        return f"{passage.reason}. {redirect}{AFTER_CUT}"
    if linked or passage.verdict == "refused":
        return passage.reason
    return f"{passage.fact}: there is no link any more that it could cut"
