from __future__ import annotations

from itertools import permutations

import pytest

from isolab.lab.document import WORDS, Document, Event, Served, note
from isolab.resources import resource


@pytest.fixture
def document() -> Document:
    return Document(
        "g1-1", "app", "https://g1.a.example/", Served(0.0, "GET", "https://a.example/", "app", 200, (), ())
    )


def told(document: Document, *events: tuple[str, dict[str, object]]) -> Document:
    for word, data in events:
        note(document, Event(word, data))
    return document


def test_load_and_leave(document: Document) -> None:
    assert (document.loaded, document.top, document.left) == (False, None, False)
    told(document, ("load", {"top": True, "opener": False}))
    assert (document.loaded, document.top, document.facts["opener"]) == (True, True, False)
    told(document, ("leave", {}))
    assert document.left


def test_facts_come_late_and_the_last_word_counts(document: Document) -> None:
    told(document, ("load", {"opener": True}), ("facts", {"opener": False}), ("facts", {"timers": "fine"}))
    assert document.facts == {"opener": False, "timers": "fine"}


def test_handles_keep_what_is_not_said_anew(document: Document) -> None:
    told(document, ("handle", {"n": 0, "opens": 1, "null": False}), ("handle", {"n": 0, "closed": True}))
    told(document, ("handle", {"n": "1", "opens": 2}))
    assert document.handles[0] == {"n": 0, "opens": 1, "null": False, "closed": True}
    assert document.handles[1]["opens"] == 2


def test_messages(document: Document) -> None:
    told(document, ("heard", {"doc": "g1-2", "n": 0}))
    assert document.heard == {"g1-2": 0}


def test_embeds_and_children(document: Document) -> None:
    told(document, ("child", {"name": "f", "doc": "g1-4"}), ("embed", {"name": "f", "state": "loaded"}))
    told(document, ("embed", {"name": "i", "state": "blocked", "detail": "error event"}))
    assert document.children == {"f": "g1-4"}
    assert {name: embed["state"] for name, embed in document.embeds.items()} == {"f": "loaded", "i": "blocked"}


def test_says_done_clicked_error(document: Document) -> None:
    told(document, ("says", {"key": "a", "value": 1}), ("says", {"key": "a", "value": None}), ("says", {"key": "b"}))
    told(document, ("done", {"id": 3, "value": "x"}), ("clicked", {}), ("clicked", {}))
    told(document, ("error", {"message": "x" * 900}), ("error", {"message": "second"}))
    assert document.says == {"a": None, "b": None}
    assert document.done[3]["value"] == "x"
    assert document.clicks == 2
    assert [len(message) for message in document.errors] == [500, 6]


def test_a_page_that_asks_to_be_closed_has_not_left_yet(document: Document) -> None:
    told(document, ("closing", {}))
    assert (document.closing, document.left) == (True, False)
    told(document, ("closing", {"refused": True}))
    assert (document.closing, document.left) == (False, False)


def test_whose_script_closes_a_window_is_told_by_its_page_or_by_the_one_whose_script_it_is(document: Document) -> None:
    told(document, ("closing", {"foreign": True}), ("shut", {"doc": "g1-2"}))
    assert (document.foreign, document.shut) == (True, {"g1-2"})


def test_the_words_are_those_of_the_probe() -> None:
    # fixtures/probe-*.js speak this language: a word that only one side knows is lost.
    scripts = "".join(path.read_text() for path in resource("fixtures").glob("probe-*.js"))
    unspoken = {word for word in WORDS if f"'{word}'" not in scripts}
    assert unspoken == set()


ONE_AFTER_THE_OTHER = [
    Event("load", {"top": True, "opener": True, "name": ""}, 1),
    Event("says", {"key": "state", "value": "begun"}, 2),
    Event("handle", {"n": 0, "null": False, "opens": 1}, 3),
    Event("embed", {"name": "f", "state": "lost"}, 4),
    Event("heard", {"doc": "g1-2", "n": 0, "ping": 1}, 5),
    Event("closing", {}, 6),
    Event("says", {"key": "state", "value": "done"}, 7),
    Event("handle", {"n": 0, "closed": True}, 8),
    Event("embed", {"name": "f", "state": "loaded"}, 9),
    Event("heard", {"doc": "g1-2", "n": 0, "ping": 4}, 10),
    Event("closing", {"refused": True}, 11),
    Event("facts", {"opener": False}, 12),
]


@pytest.mark.parametrize("order", [ONE_AFTER_THE_OTHER, ONE_AFTER_THE_OTHER[::-1]])
def test_what_is_told_last_counts_though_another_request_overtakes_it(document: Document, order: list[Event]) -> None:
    for event in order:
        note(document, event)
    assert document.facts == {"top": True, "opener": False, "name": ""}
    assert document.says == {"state": "done"}
    assert document.handles == {0: {"n": 0, "null": False, "opens": 1, "closed": True}}
    assert document.embeds == {"f": {"name": "f", "state": "loaded"}}
    assert (document.heard, document.pings, document.closing) == ({"g1-2": 0}, {"g1-2": 4}, False)


@pytest.mark.parametrize("order", list(permutations(range(1, 4))))
def test_each_thing_has_a_last_word_of_its_own(document: Document, order: tuple[int, ...]) -> None:
    for number in order:
        note(document, Event("says", {"key": "ab"[number % 2], "value": number}, number))
    assert document.says == {"a": 2, "b": 3}


def test_the_values_of_one_request_header_are_joined() -> None:
    headers = (("Accept", "a"), ("Cookie", "b=1"), ("accept", "c"))
    assert Served(0, "GET", "", None, 200, (), headers).asked() == {"accept": "a, c", "cookie": "b=1"}
