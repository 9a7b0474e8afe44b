"""False fixes: headers that people send to mend what they cannot mend, and a message that they take for the cause.

Pure: documents, links and what is embedded go in, one `FalseFix` for each header that fails its purpose comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from isolab.explain import false_words as words
from isolab.explain.model import Explanation, FalseFix
from isolab.policy import coep, corp
from isolab.policy.coop import COOP
from isolab.policy.coop import SOURCE as COOP_SOURCE
from isolab.policy.document import Document
from isolab.policy.embedding import FRAME_SOURCE, WORKER_SOURCE, embed
from isolab.policy.group_switch import SOURCE as MATCHING_SOURCE
from isolab.policy.group_switch import OpenerPrediction, Passage, opener_fate, passages
from isolab.policy.isolation import SOURCE as ISOLATION_SOURCE
from isolab.policy.isolation import document_isolation
from isolab.policy.life import Navigation
from isolab.policy.report_coop import virtually_apart
from isolab.policy.request import Request
from isolab.policy.response import Hop
from isolab.policy.site import schemeless_same_site

WEBKIT_BUG = "https://bugs.webkit.org/show_bug.cgi?id=230550"
REPORT_ONLY_SOURCE = "https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policy-report-only"
ISOLATION_FACTS: Collection[str] = ("crossOriginIsolated", "SharedArrayBuffer", "sharedMemory")
"""What a check is about that only isolation gives."""
_OPENS_POPUPS = ("same-origin-allow-popups", "noopener-allow-popups")


@dataclass(frozen=True, slots=True)
class Embedded:
    """Something in a document: `name` from outside the window (`app.frame`), and the responses on the way to it."""

    name: str
    embedder: Document
    request: Request
    way: Sequence[Hop]


@dataclass(frozen=True, slots=True)
class Shown:
    """A window's document at the end; `wanted`: whether the page asks for isolation otherwise than by COEP."""

    window: str
    document: Document
    embeds: Sequence[Embedded] = ()
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A popup and who opens it, with all that both load."""

    popup: str
    opener: str
    creator: Document
    life: Sequence[Navigation]
    noopener: bool = False


def false_fixes(shown: Iterable[Shown], links: Iterable[Link]) -> tuple[FalseFix, ...]:
    """Name every header that does not do what it is sent for, in the order of the windows; none twice."""
    found = [fix for link in links for fix in _of_link(link)]
    found += [fix for page in shown for fix in _of_page(page)]
    return tuple({(fix.kind, fix.url): fix for fix in reversed(found)}.values())[::-1]


def brought_by(before: Explanation, after: Explanation) -> tuple[FalseFix, ...]:
    """Name what a change of headers brought in: new false fixes, and isolation that was lost by one."""
    old = {(fix.kind, fix.url) for fix in before.false_fixes}
    isolated = {page.window for page in before.pages if page.isolated}
    lost = (page.window for page in after.pages if page.window in isolated and not page.isolated)
    found = [fix for fix in after.false_fixes if (fix.kind, fix.url) not in old]
    told = {fix.url for fix in found if fix.kind == "allow-popups-not-isolated"}
    for window in lost:
        page = next(page for page in after.pages if page.window == window)
        sent = [h for h in page.way[-1].headers if h.name == COOP and h.ignored is None]
        if sent and sent[0].value.startswith(_OPENS_POPUPS) and page.url not in told:
            found.append(_not_isolated(window, page.url, sent[0].value))
    return tuple(found)


# --- links -----------------------------------------------------------------------------------------------------------


def _of_link(link: Link) -> Iterator[FalseFix]:
    fate = opener_fate(link.creator, link.life, noopener=link.noopener)
    passed = list(passages(link.creator, link.life))
    if fate.fate == "severed":
        yield from (_misplaced(link, passage, fate) for passage in passed if _is_misplaced(passage))
    if fate.fate in ("preserved", "severed"):
        yield from _report_only(link, passed, fate)


def _is_misplaced(passage: Passage) -> bool:
    """Whether a popup's own response has the value, which cuts there: it is for those who open."""
    return passage.window == "popup" and passage.policy.value == "same-origin-allow-popups"


def _misplaced(link: Link, passage: Passage, fate: OpenerPrediction) -> FalseFix:
    top = link.creator.top
    both = top.opener_policy.value == "same-origin-allow-popups"
    everywhere = both and schemeless_same_site(passage.origin, top.origin)
    text, instead = words.everywhere(passage, top) if everywhere else words.elsewhere(passage, top, fate)
    return FalseFix(
        kind="allow-popups-everywhere" if everywhere else "allow-popups-elsewhere",
        subject=link.popup,
        url=passage.hop.url,
        text=text,
        instead=instead,
        source=MATCHING_SOURCE,
        opener=link.opener,
    )


def _report_only(link: Link, passed: Sequence[Passage], fate: OpenerPrediction) -> Iterator[FalseFix]:
    """Tell of report-only headers that would cut, and do not."""
    if not virtually_apart(link.creator, link.life):
        return
    top = link.creator.top
    sent = [(top.url, top.opener_policy), *((passage.hop.url, passage.policy) for passage in passed)]
    for url, policy in sent:
        if policy.report_only_value != "unsafe-none":
            text, instead = words.report_only(url, fate)
            yield FalseFix("report-only-noise", link.popup, url, text, instead, REPORT_ONLY_SOURCE, opener=link.opener)


# --- documents and what they embed -----------------------------------------------------------------------------------


def _of_page(page: Shown) -> Iterator[FalseFix]:
    document = page.document
    opener_policy, strict = document.opener_policy.value, document.embedder_policy.strict
    isolated = document_isolation(document).isolated
    if opener_policy in _OPENS_POPUPS and not isolated and (strict or page.wanted):
        yield _not_isolated(page.window, document.url, opener_policy)
    if isolated and document.embedder_policy.value == "credentialless":
        text, instead = words.credentialless(document.url)
        yield FalseFix(
            "credentialless-in-webkit", page.window, document.url, text, instead, WEBKIT_BUG, engines=("webkit",)
        )
    if page.wanted and not isolated and not strict and corp.read_corp(document.response.headers):
        text, instead = words.corp_on_a_page(document)
        yield FalseFix("corp-for-coep", page.window, document.url, text, instead, ISOLATION_SOURCE)
    yield from (_corp(each) for each in page.embeds if _lacks_only_coep(each))


def _not_isolated(window: str, url: str, value: str) -> FalseFix:
    text, instead = words.not_isolated(url, value)
    return FalseFix("allow-popups-not-isolated", window, url, text, instead, COOP_SOURCE)


def _lacks_only_coep(embedded: Embedded) -> bool:
    """Whether it is blocked, sends CORP, and would be loaded with COEP."""
    last, document = embedded.way[-1], embedded.embedder
    if corp.read_corp(last.headers) is None or embed(document, embedded.request, embedded.way).loaded:
        return False
    with_coep = replace(last, headers=(*last.headers, (coep.COEP, "require-corp")))
    return embed(document, embedded.request, [*embedded.way[:-1], with_coep]).loaded


def _corp(embedded: Embedded) -> FalseFix:
    last = embedded.way[-1]
    text, instead = words.corp(embedded.request.kind, last, embedded.embedder)
    source = WORKER_SOURCE if embedded.request.kind == "worker" else FRAME_SOURCE
    return FalseFix("corp-for-coep", embedded.name, last.url, text, instead, source)


def about(fixes: Iterable[FalseFix], subject: str, fact: str, engine: str) -> Iterator[FalseFix]:
    """Choose those that bear on an expectation: `subject` and `fact` as in a check (`popup`, `opener`)."""
    return (fix for fix in fixes if (not fix.engines or engine in fix.engines) and _bears(fix, subject, fact))


_LINK_FACTS: Collection[str] = ("opener", "closed", "open", "ending", "domAccess", "length", "name")


def _bears(fix: FalseFix, subject: str, fact: str) -> bool:
    if fact == "load":
        return fix.kind == "corp-for-coep" and fix.subject == subject
    if fact in ISOLATION_FACTS:
        return not fix.opener and fix.subject == subject.partition(".")[0]
    link = fact in _LINK_FACTS or fact.startswith("says.")
    return link and bool(fix.opener) and subject in (fix.subject, fix.opener.partition(".")[0])
