"""Documents that have no response of their own: kind inherit. Windows are here, frames in `inherit_frames`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from isolab.conform.headers import headers_of, origin_of, response_of
from isolab.conform.kinds import inherit_frames
from isolab.conform.kinds.loading import no_cors_rulings
from isolab.conform.kinds.popup import Opened, rule_on
from isolab.conform.kinds.ways import read_way
from isolab.conform.reader import NotStagedError, Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling, Rulings
from isolab.policy.agent_cluster import SOURCE as CLUSTER_SOURCE
from isolab.policy.agent_cluster import same_agent_cluster
from isolab.policy.document import Document
from isolab.policy.inheritance import SOURCE, local_document
from isolab.policy.life import Navigation, Window
from isolab.policy.response import Hop
from isolab.policy.site import same_origin
from isolab.policy.terms import Origin

JAVASCRIPT = "javascript: document navigated from a page with this COOP"
BLOB = "blob: created by opener"
BLANK = "about:blank"
INITIAL = "initial empty document"
CAME_BACK = "after navigating away cross-origin and back to about:blank (driven by the COEP page)"
_BY_NAME = "window.open('about:blank', name)"
_ELSEWHERE = Origin("https", "idp.example")


def rule(row: Row) -> Rulings:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    rulings = dict(inherit_frames.rulings(setting) if setting.has("parent") else _on_windows(setting))
    setting.finish()
    return rulings


def read_windows(setting: Reader) -> Opened:
    """Read who opens which window, and where it goes. Raises NotStagedError where that is not known."""
    main = _read_opener(setting.part("opener"))
    then = setting.part("then_navigate") if setting.has("then_navigate") else None
    frame = _read_frame(setting, main) if then is not None else None
    # Who opens a popup by a name is the one who uses the name again.
    creator = frame if frame and then and then.one_of("via", None, _BY_NAME) else main
    way = read_way(setting.part("open"))
    life = tuple(_read_popup(setting.part("popup"), creator))
    if then is not None:
        initiators = {"popup": Opened(creator, life).shown, "opener": main, **({"iframe": frame} if frame else {})}
        life = (*life, _read_later(then, initiators))
    return Opened(creator, life, way.noopener, way.name or None)


def read_second(then: Reader, opened: Opened) -> Opened:
    """Read what the popup opens in its turn."""
    then.one_of("by", "blob popup", "popup")
    part = then.part("popup")
    part.text("note")
    return Opened(opened.shown, (Navigation((response_of(part, "/second"),)),), name="second")


def _on_windows(setting: Reader) -> Iterator[tuple[str, Ruling]]:
    opened = read_windows(setting)
    yield from _on_popup(opened)
    if setting.has("then_open"):
        second = read_second(setting.part("then_open"), opened)
        yield from ((f"blob_popup.{name}", ruling) for name, ruling in _on_popup(opened))
        yield from ((f"second_popup.{name}", ruling) for name, ruling in rule_on(second))


def _on_popup(opened: Opened) -> Iterator[tuple[str, Ruling]]:
    yield from rule_on(opened)
    link, shown = opened.link, opened.shown
    kept = link.fate == "preserved"
    yield "opener_null_or_closed_seen_by_popup", Ruling(not kept, link.reason, link.source)
    within = kept and same_agent_cluster(opened.creator, shown)
    yield "opener_can_read_popup_location", Ruling(shown.url if within else None, link.reason, CLUSTER_SOURCE)
    same = same_origin(shown.origin, opened.creator.origin)
    yield "origin_equals_opener", Ruling(same, f"{shown.url} is of {shown.origin}", SOURCE)
    yield from no_cors_rulings(shown)


def _read_opener(part: Reader) -> Document:
    page = Document(response_of(part, "/opener"))
    if part.one_of("url", None, JAVASCRIPT) == JAVASCRIPT:
        return local_document("javascript:", page, replaced=page)
    return page


def _read_popup(part: Reader, creator: Document) -> Iterator[Navigation]:
    """Read what the popup goes to first; to stay on its initial about:blank is no navigation."""
    url = part.one_of("url", None, BLOB, BLANK)
    if url is None:
        yield Navigation((response_of(part, "/popup"),))
    elif url == BLOB:
        if origin_of(part) != creator.response.origin:
            raise part.unknown("relation")
        if headers := headers_of(part):
            raise NotStagedError(f"the row's popup is a blob: URL, which has no {headers[0][0]}")
        yield Navigation(shows=local_document("blob:", creator))
    elif part.one_of("stage", INITIAL, CAME_BACK) == CAME_BACK:
        yield Navigation((Hop(f"{_ELSEWHERE}/away", _ELSEWHERE),))
        yield Navigation(shows=local_document(BLANK, creator))


def _read_frame(setting: Reader, main: Document) -> Document | None:
    """Read the frame in the page that opens."""
    if not setting.has("iframe"):
        return None
    return Document(response_of(setting.part("iframe"), "/frame", "relation_to_top"), main)


def _read_later(then: Reader, initiators: Mapping[str, Document]) -> Navigation:
    """Read who navigates which window where."""
    by = then.one_of("by", *initiators) or ""
    then.one_of("via", None, _BY_NAME)
    if not then.flag("user_activation", default=True):
        raise then.unknown("user_activation")
    window: Window = "opener" if then.one_of("target", None, "_top") == "_top" else "popup"
    if isinstance(then.get("to"), dict):
        return Navigation((response_of(then.part("to"), "/later"),), window)
    then.one_of("to", BLANK)
    return Navigation(window=window, shows=local_document(BLANK, initiators[by]))
