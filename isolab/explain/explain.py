"""From a case, or from responses as they were sent, to an explanation."""

from __future__ import annotations

from collections.abc import Sequence

from isolab.explain.flow import Walk, Window
from isolab.explain.link import link_note
from isolab.explain.model import Explanation, LinkNote
from isolab.explain.page import embed_notes, page_note
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
    return Explanation(case.id, case.title, tuple(pages), tuple(links))


def _link(name: str, window: Window, creator: Document) -> LinkNote:
    return link_note(
        name, window.opened_by, creator, window.life, noopener=window.noopener, assumption=window.assumption
    )


def explain_responses(page: Sequence[Hop], popup: Sequence[Hop], *, assumption: str = "") -> Explanation:
    """Explain a page, and a popup that it opens with window.open, by the responses on the way to each."""
    link = link_note("popup", "page", Document(page[-1]), [Navigation(tuple(popup))], assumption=assumption)
    return Explanation("", "", (page_note("page", page), page_note("popup", popup)), (link,))
