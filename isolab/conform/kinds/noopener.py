"""Ways of opening that ask for no opener: kind noopener."""

from __future__ import annotations

from collections.abc import Iterator

from isolab.conform.headers import response_of
from isolab.conform.kinds.popup import Opened, rule_on
from isolab.conform.kinds.ways import Way, read_way
from isolab.conform.reader import Reader
from isolab.conform.row import Row
from isolab.conform.ruling import Ruling, Rulings
from isolab.policy.document import Document
from isolab.policy.group_switch import passages
from isolab.policy.life import Navigation
from isolab.policy.opening import CHOOSING_SOURCE, FEATURES_SOURCE
from isolab.policy.referrer import DEFAULT, referrer
from isolab.policy.referrer import SOURCE as REFERRER_SOURCE

ITSELF = "the targeted window itself"
"""How rows call what window.open returns where its target is a window that is there already."""
_LOOKUP = "a name is looked up only where an opener is not refused"


def rule(row: Row) -> Rulings:
    """Rule on a row of this kind. Raises NotStagedError where it has what is not known."""
    setting = Reader(row.setting)
    creator = Document(response_of(setting.part("opener"), "/opener"))
    way = read_way(setting.part("open"))
    popup = response_of(setting.part("popup"), "/popup")
    setting.finish()
    if way.choice == "this":
        return dict(_around())
    opened = Opened(creator, (Navigation((popup,)),), way.noopener, way.name or None)
    rulings = dict(rule_on(opened)) | dict(_on_new(opened, way))
    return rulings | dict(_on_existing(way)) if way.retargets else rulings


def _around() -> Iterator[tuple[str, Ruling]]:
    """Rule on targets that mean the window itself or one around it: noopener is about new windows."""
    why = "the target means a window around the document, which is there already"
    yield "window_open_returns_null", Ruling(False, why, CHOOSING_SOURCE)
    yield "returned", Ruling(ITSELF, why, FEATURES_SOURCE)


def _on_existing(way: Way) -> Iterator[tuple[str, Ruling]]:
    """Rule on a window of that name which is there already, and keeps the opener that it has."""
    yield "existing_window_reused_and_keeps_opener", Ruling(way.choice == "existing", _LOOKUP, CHOOSING_SOURCE)


def _on_new(opened: Opened, way: Way) -> Iterator[tuple[str, Ruling]]:
    """Rule on what the new window knows of itself and of the page that opened it."""
    switched = any(passage.verdict == "switches" for passage in passages(opened.creator, opened.life))
    yield "name", Ruling("" if switched else way.name, "a name is lost where the group is switched", CHOOSING_SOURCE)
    source, target = opened.creator.response.origin, opened.shown.response.origin
    told = referrer("no-referrer" if way.noreferrer else DEFAULT, source, target)
    words = {"nothing": "", "origin": f"{source}/", "url": opened.creator.url}
    yield "referrer", Ruling(words[told], "what the referrer policy tells of the opener", REFERRER_SOURCE)
