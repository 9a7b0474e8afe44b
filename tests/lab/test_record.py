from __future__ import annotations

import pytest

from isolab.lab.record import WORDS, Document, Record, Served
from isolab.resources import resource


@pytest.fixture
def document() -> Document:
    return Document(
        "g1-1", "app", "https://g1.a.example/", Served(0.0, "GET", "https://a.example/", "app", 200, (), ())
    )


def told(document: Document, *events: tuple[str, dict[str, object]]) -> Document:
    record = Record()
    for word, data in events:
        record.report(document, word, data)
    assert [(r.word, r.data) for r in record.reports] == list(events)
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
    assert [len(message) for message in document.facts["errors"]] == [500, 6]


def test_a_page_that_asks_to_be_closed_has_not_left_yet(document: Document) -> None:
    told(document, ("closing", {}))
    assert (document.closing, document.left) == (True, False)
    told(document, ("closing", {"refused": True}))
    assert (document.closing, document.left) == (False, False)


def test_the_words_are_those_of_the_probe() -> None:
    # fixtures/probe-*.js speak this language: a word that only one side knows is lost.
    scripts = "".join(path.read_text() for path in resource("fixtures").glob("probe-*.js"))
    unspoken = {word for word in WORDS if f"'{word}'" not in scripts}
    assert unspoken == set()


def test_refusals_are_told_once_each() -> None:
    record = Record()
    assert record.refusals() is None
    for host in ("a.example", "b.example", "a.example"):
        record.refuse(host)
    assert record.refusals() == "the browser asked for a host that the scenario does not declare: a.example, b.example"


def test_a_page_that_its_own_policy_silences_is_told() -> None:
    record = Record()
    policies = {"mute": ("content-security-policy", "default-src 'none'"), "other": ("Content-Type", "text/html")}
    for page, header in policies.items():
        served = Served(0.0, "GET", f"https://app.example/{page}", page, 200, (header,), ())
        record.documents[page] = Document(page, page, served.url, served)
    told = record.silenced() or ""
    assert "mute (default-src 'none')" in told
    assert "other" not in told
    record.documents["mute"].loaded = True
    assert record.silenced() is None


def test_a_record_begins_its_own_time() -> None:
    assert 0 <= Record().now_s() < 1


def test_a_frame_that_neither_ran_nor_was_blocked_is_lost_as_long_as_it_does_not_speak(document: Document) -> None:
    record = Record()
    record.adopt(document)
    record.report(document, "embed", {"name": "frame", "state": "lost", "detail": ""})
    record.report(document, "embed", {"name": "other", "state": "blocked", "detail": ""})
    assert record.lost() == ["app.frame"]
    record.report(document, "embed", {"name": "frame", "state": "loaded", "detail": ""})
    assert record.lost() == []
