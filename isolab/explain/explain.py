"""From a case, or from responses as they were sent, to an explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from isolab.explain.false_fixes import ISOLATION_FACTS, Link, Shown, false_fixes
from isolab.explain.flow import Walk, Window
from isolab.explain.link import link_note
from isolab.explain.mends import Mend, mend
from isolab.explain.model import Explanation, FalseFix, LinkNote, PageNote
from isolab.explain.page import embed_notes, embedded, named_responses, page_note
from isolab.policy.document import Document
from isolab.policy.life import Navigation
from isolab.policy.response import Hop
from isolab.scenario.case import Case


def explain_case(case: Case) -> Explanation:
    """Explain a case as far as its flow tells what its pages load: their scripts are not run."""
    walk = Walk(case)
    windows = {id(window): window for window in walk.windows.values()}.values()
    pages = [
        page_note(window.name, way, tuple(embed_notes(case, window.page, Document(way[-1]))))
        for window in windows
        for way in (walk.way(window),)
    ]
    links = [_link(name, window, window.creator) for name, window in walk.windows.items() if window.creator is not None]
    told = set(_told(pages, links))
    pages = [
        replace(note, named=tuple(named_responses(case, window.page, told)))
        for window, note in zip(windows, pages, strict=True)
    ]
    return Explanation(case.id, case.title, tuple(pages), tuple(links), case_false_fixes(case, walk))


def _told(pages: Sequence[PageNote], links: Sequence[LinkNote]) -> Iterator[str]:
    """The URLs of all responses of which something is said."""
    for page in pages:
        yield from (response.url for response in page.way)
        yield from (each.url for each in page.embeds)
    for link in links:
        yield from (hop.url for hop in link.hops)


def case_false_fixes(case: Case, walk: Walk | None = None) -> tuple[FalseFix, ...]:
    """Name what will not help in a case, and what is not to blame; `walk`: its flow, where that was walked already."""
    walk = walk or Walk(case)
    shown, links = [], []
    for name, window in walk.windows.items():
        document = Document(walk.way(window)[-1])
        embeds = tuple(embedded(case, window.page, document, f"{name}."))
        shown.append(Shown(name, document, embeds, wanted=_wants_isolation(case, name)))
        if window.creator is not None:
            links.append(Link(name, window.opened_by, window.creator, window.life, window.noopener))
    return false_fixes(shown, links)


def case_mend(case: Case, popup: str) -> Mend | None:
    """The change of headers with which a popup of a case keeps its opener, as far as the flow tells; None for none.

    What a server of the user's own sends is not known here.
    """
    window = Walk(case).windows.get(popup)
    if window is None or window.creator is None or case.upstreams:
        return None
    return mend(Link(popup, window.opened_by, window.creator, window.life, window.noopener))


def _wants_isolation(case: Case, window: str) -> bool:
    """Whether the case expects of a window what only isolation gives."""
    return any(c.subject == window and c.fact in ISOLATION_FACTS and c.expected is True for c in case.checks)


def _link(name: str, window: Window, creator: Document) -> LinkNote:
    return link_note(
        name, window.opened_by, creator, window.life, noopener=window.noopener, assumption=window.assumption
    )


def explain_responses(page: Sequence[Hop], popup: Sequence[Hop], *, assumption: str = "") -> Explanation:
    """Explain a page, and a popup that it opens with window.open, by the responses on the way to each."""
    link = link_note("popup", "page", Document(page[-1]), [Navigation(tuple(popup))], assumption=assumption)
    shown = [Shown("page", Document(page[-1])), Shown("popup", Document(popup[-1]))]
    fixes = false_fixes(shown, [Link("popup", "page", shown[0].document, [Navigation(tuple(popup))])])
    return Explanation("", "", (page_note("page", page), page_note("popup", popup)), (link,), fixes)
