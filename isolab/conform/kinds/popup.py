"""Windows that a page opens: kinds popup, popup-redirect, popup-navigates, popup-from-iframe, sandbox, and so on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from isolab.conform.headers import response_of
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling
from isolab.policy.agent_cluster import same_agent_cluster
from isolab.policy.document import Document
from isolab.policy.embedding import embed, embed_local
from isolab.policy.group_switch import OpenerPrediction, opener_fate
from isolab.policy.inheritance import local_document
from isolab.policy.isolation import document_isolation
from isolab.policy.life import Navigation, Window
from isolab.policy.opening import window_open_without_opener
from isolab.policy.request import request_for
from isolab.policy.response import Hop

WAYS = ("window.open", "anchor-rel-opener", "form-GET")
"""Ways of opening that keep the opener; a form with a target does as a link with rel=opener."""
WRITES_FIRST = "window.open() then document.write('<meta http-equiv=refresh ...>') + close()"
BACK = "history.go(-1)"
_NO_MATTER = ("document", "body_part_coop", "served_by", "service_worker_script_headers", "cacheable")
"""What changes nothing: the kind of document, headers of a part of its body, who answers (service worker, cache)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A popup and what it comes to: `name` is the target that it was opened under, None without one."""

    creator: Document
    life: tuple[Navigation, ...]
    noopener: bool = False
    name: str | None = None

    @property
    def link(self) -> OpenerPrediction:
        """What becomes of the link at the end."""
        return opener_fate(self.creator, self.life, noopener=self.noopener)

    @property
    def null(self) -> OpenerPrediction:
        """What window.open returns: the link before anything is loaded."""
        return opener_fate(self.creator, (), noopener=self.noopener)

    @property
    def shown(self) -> Document:
        """The popup's document at the end: its initial about:blank where it goes nowhere."""
        gone = [navigation for navigation in self.life if navigation.window == "popup"]
        if not gone:
            return local_document("about:blank", self.creator)
        return gone[-1].shows or Document(gone[-1].hops[-1])


def rule(row: Row) -> Mapping[str, Ruling]:
    """Rule on a row of these kinds. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    opened = read_opened(setting)
    rulings = dict(rule_on(opened))
    if opened.creator.parent is not None:
        rulings |= _frame(opened.creator, opened.creator.parent)
    if setting.has("then_open"):
        rulings["second_popup_loads"] = _second_popup(setting.part("then_open"), opened)
    setting.finish()
    return rulings


def rule_opener_navigates(row: Row) -> Mapping[str, Ruling]:
    """Rule on the kind opener-navigates: a window opens one that opens another, and the middle one goes elsewhere."""
    setting = Reader(row.setting)
    opener, middle, to = read_opener_navigates(setting)
    setting.finish()
    main = Document(opener)
    first = opener_fate(main, [Navigation((middle,)), Navigation((to,))])
    second = opener_fate(Document(middle), [Navigation((middle,)), Navigation((to,), "opener")])
    return {
        "first_popup_closed_seen_by_main": _of(first, first.fate == "severed"),
        "opener_in_second_popup": _of(second, second.fate == "preserved"),
    }


def read_opener_navigates(setting: Reader) -> tuple[Hop, Hop, Hop]:
    """Read the main window's response, that of both popups, and that to which the first of them goes."""
    main = response_of(setting.part("opener"), "/main")
    middle = response_of(setting.part("popup"), "/middle")
    then = setting.part("then_navigate")
    then.one_of("by", "middle popup (opener of the second popup)")
    return main, middle, response_of(then.part("to"), "/later")


def read_opened(setting: Reader) -> Opened:
    """Read who opens what, and where it goes afterwards."""
    creator = read_creator(setting)
    way = setting.part("open")
    written_first = way.one_of("method", *WAYS, WRITES_FIRST) == WRITES_FIRST
    asked, features = way.flag("noopener"), way.text("features") or ""
    noopener = asked or window_open_without_opener(features)
    way.get("repeat")  # what happens once happens twice
    first = Navigation(_way_to_popup(setting), from_initial_blank=not written_first)
    life = (first, *_later(setting, first))
    return Opened(creator, life, noopener, way.text("name"))


def read_creator(setting: Reader) -> Document:
    """Read the document that opens: the top-level one, or the frame in it."""
    top = Document(response_of(setting.part("opener"), "/opener"))
    if not setting.has("iframe"):
        return top
    frame = setting.part("iframe")
    tokens = frame.text("sandbox")
    sandbox = None if tokens is None else frozenset(tokens.split())
    if frame.flag("srcdoc"):
        return local_document("about:srcdoc", top, parent=top, sandbox=sandbox)
    credentialless = frame.flag("credentialless")
    return Document(response_of(frame, "/frame", "relation_to_top"), top, sandbox, credentialless=credentialless)


def rule_on(opened: Opened) -> Iterator[tuple[str, Ruling]]:
    """Rule on each observation that rows of these kinds make."""
    link, null = opened.link, opened.null
    kept = link.fate == "preserved"
    yield "state", _of(link, link.fate)
    yield "opener_in_popup", _of(link, kept)
    # Before anything is loaded, `not-loaded` is a window that may not be opened.
    yield "window_open_returns_null", _of(null, null.fate != "preserved")
    yield "name_preserved", _of(link, kept)
    yield "name_seen_by_opener", _of(link, opened.name if kept else None)
    yield "popup_loads", _of(link, link.fate != "not-loaded")
    within = kept and same_agent_cluster(opened.creator, opened.shown)
    yield "opener_can_access_popup_document", _of(link, within)
    yield "popup_can_access_opener_document", _of(link, within)
    yield "opener_can_access_cross_origin_props", _of(link, kept)
    if null.fate == "preserved":
        yield "popup_closed_seen_by_opener", _of(link, not kept)
    if not kept:
        yield "popup_length_seen_by_opener", _of(link, 0)
    yield "navigation_loads", Ruling(True, "embedder policies ask nothing of top-level documents")
    before = opener_fate(opened.creator, opened.life[:1], noopener=opened.noopener)
    yield "before.name_preserved", _of(before, before.fate == "preserved")
    isolation = document_isolation(opened.creator)
    yield "crossOriginIsolated_in_opener", Ruling(isolation.isolated, isolation.reason, isolation.source)


def _way_to_popup(setting: Reader) -> tuple[Hop, ...]:
    popup = setting.part("popup")
    for key in _NO_MATTER:
        popup.get(key)
    hops = [response_of(popup, "/popup")]
    if setting.get("redirect_via") is not None:
        via = setting.part("redirect_via")
        via.get("cacheable")
        hops.insert(0, response_of(via, "/via"))
    return tuple(hops)


def _later(setting: Reader, first: Navigation) -> Iterator[Navigation]:
    if not setting.has("then_navigate"):
        return
    then = setting.part("then_navigate")
    window: Window = "popup"
    then.one_of("by", "popup", "opener")
    yield Navigation((response_of(then.part("to"), "/later"),), window)
    if then.one_of("then", None, BACK) == BACK:
        yield first


def _frame(frame: Document, parent: Document) -> Mapping[str, Ruling]:
    """Rule on the frame itself: its opener policy is read by nobody, so no switch takes its name away."""
    found = embed(parent, request_for("iframe"), (frame.response,)) if frame.inherits is None else embed_local(frame)
    ruling = Ruling(found.loaded, found.reason, found.source)
    return {"iframe_loads": ruling, "iframe_name_preserved": ruling}


def _second_popup(then: Reader, opened: Opened) -> Ruling:
    then.one_of("by", "CSP-sandboxed popup")
    second = Navigation((response_of(then.part("popup"), "/second"),))
    link = opener_fate(opened.shown, [second])
    return _of(link, link.fate != "not-loaded")


def _of(link: OpenerPrediction, value: object) -> Ruling:
    return Ruling(value, link.reason, link.source)
