from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_pages import FakeDocument, Ways
from flying import flown
from written_cases import POPUP, only, written

from isolab.lab.document import Document, Event, Served
from isolab.lab.record import Record
from isolab.runner.moment import LONGEST, Moment, short
from isolab.runner.named_window import NamedWindow
from isolab.runner.timeline import timeline
from isolab.runner.windows import Windows

FLOW = """
    title: A flow
    hosts: {app: null, idp: cross-site}
    pages:
      app: {embed: {logo: {image: picture}}}
      picture: {host: idp, fixture: image}
      hop: {redirect: popup, coop: same-origin}
      popup: {host: idp}
      other: {host: idp}
    flow:
      - open: app
%s
    expect: {app.open: true}
    timeout: 2
"""


def told(steps: str, ways: Ways | None = None) -> Sequence[Moment]:
    """The timeline of a flow with these steps."""
    lines = "\n".join(f"      - {step}" for step in steps.split("; "))
    return flown(only(FLOW % lines), ways).timeline


def of(moments: Sequence[Moment], kind: str) -> list[dict[str, Any]]:
    """The moments of a kind, without their times."""
    return [
        {key: value for key, value in one.items() if key not in ("at_s", "kind")}
        for one in moments
        if one["kind"] == kind
    ]


def test_a_popup_that_keeps_its_opener_is_told_in_order() -> None:
    plain, _ = written(POPUP)
    moments = flown(plain).timeline
    assert [(one["kind"], one["window"]) for one in moments] == [
        ("step", "app"),
        ("response", "app"),
        ("loaded", "app"),
        ("step", "app"),
        ("opened", "popup"),
        ("response", "popup"),
        ("loaded", "popup"),
        ("message", "app"),
    ]
    assert of(moments, "message") == [{"window": "app", "from": "popup", "text": "greeting", "heard": True}]
    assert of(moments, "opened") == [{"window": "popup", "from": "app", "by": "window.open"}]
    assert [one["at_s"] for one in moments] == sorted(one["at_s"] for one in moments)


def test_the_group_switch_is_where_the_cutting_response_is() -> None:
    _, severed = written(POPUP)
    moments = flown(severed).timeline
    kinds = [one["kind"] for one in moments]
    assert kinds[kinds.index("switch") - 1] == "response"
    assert of(moments, "switch") == [
        {
            "window": "popup",
            "from": "app",
            "url": "https://idp.example/popup",
            "status": 200,
            "header": "",
            "from_policy": "same-origin",
            "to_policy": "unsafe-none",
            "severed": True,
        }
    ]
    assert of(moments, "message") == [{"window": "app", "from": "popup", "text": "greeting", "heard": False}]
    assert of(moments, "reads-closed") == [{"window": "app", "from": "popup"}]
    assert [one["opener"] for one in of(moments, "loaded") if one["window"] == "popup"] == [False]


def test_an_engine_that_does_not_sever_is_told_apart() -> None:
    _, severed = written(POPUP)
    moments = flown(severed, Ways(severs=False)).timeline
    assert [one["severed"] for one in of(moments, "switch")] == [False]
    assert [one["heard"] for one in of(moments, "message")] == [True]


def test_a_popup_that_never_speaks_leaves_open_what_became_of_its_link() -> None:
    _, severed = written(POPUP)
    moments = flown(severed, Ways(mute=frozenset({"popup"})), timeout_s=0.5).timeline
    assert [one["severed"] for one in of(moments, "switch")] == [None]
    assert of(moments, "message") == []


def test_responses_have_their_headers_as_they_were_sent_and_redirects_are_responses() -> None:
    moments = told("{popup: popup, page: hop}")
    mine = [one for one in of(moments, "response") if one["window"] == "popup"]
    assert [(one["url"], one["status"]) for one in mine] == [
        ("https://app.example/hop", 302),
        ("https://idp.example/popup", 200),
    ]
    assert mine[0]["headers"][0] == "Cross-Origin-Opener-Policy: same-origin"
    assert "Location: https://idp.example/popup" in mine[0]["headers"]


def test_a_step_acts_when_its_window_has_loaded() -> None:
    moments = told("popup: popup; {navigate: popup, page: other}")
    kinds = [(one["kind"], one["window"]) for one in moments]
    assert [one["text"] for one in of(moments, "step")] == ["open app", "window.open popup", "go to other by location"]
    assert kinds.index(("step", "popup")) > kinds.index(("loaded", "popup"))
    assert [one["line"] for one in of(moments, "step")] == [11, 12, 13]


def test_a_window_that_is_closed_ends() -> None:
    moments = told("popup: popup; close: popup")
    assert of(moments, "closed") == [{"window": "popup", "by": "user"}]
    # Its opener may know of it before the driver does.
    assert {one["kind"] for one in moments[-2:]} == {"closed", "reads-closed"}


def test_a_popup_without_a_handle_says_so() -> None:
    moments = told("{popup: popup, features: noopener}")
    assert [one["by"] for one in of(moments, "opened")] == ["window.open, which returned null"]


def test_what_pages_say_is_told() -> None:
    async def click(document: FakeDocument) -> None:
        await document.say("token", {"a": 1})
        await document.tell("error", message="oh")

    moments = told('{click: "#x"}', Ways(clicks={"#x": click}))
    assert of(moments, "said") == [{"window": "app", "name": "token", "text": '{"a": 1}'}]
    assert of(moments, "error") == [{"window": "app", "text": "oh"}]


# --- by a record made by hand ---------------------------------------------------------------------------------------


def by_hand() -> tuple[Record, Windows, Document, Document]:
    """An app with a popup, both loaded."""
    case, record = only(FLOW % "      - popup: popup"), Record()
    windows = Windows(case, record)
    documents = []
    for name, page in (("1", "app"), ("2", "popup")):
        served = Served(0.1, "GET", case.pages[page].url, page, 200, (), (("Sec-Fetch-Dest", "document"),), name)
        record.serve(served)
        documents.append(Document(name, page, case.pages[page].url, served))
        record.documents[name] = documents[-1]
    app, popup = documents
    windows.add(NamedWindow("app", documents=[app]))
    windows.add(NamedWindow("popup", "app", app, app, handle=0, documents=[popup]))
    return record, windows, app, popup


def hand_told(*events: tuple[str, str, dict[str, Any]]) -> Sequence[Moment]:
    record, windows, *documents = by_hand()
    for name, word, data in events:
        record.report(next(one for one in documents if one.id == name), Event(word, data))
    return timeline(only(FLOW % "      - popup: popup"), record, windows, (), lambda _window: None)


def test_a_message_has_its_sender() -> None:
    moments = hand_told(
        ("1", "message", {"n": 0, "by": "popup", "text": "t0k3n"}),
        ("2", "message", {"n": -1, "by": "opener", "text": "thanks"}),
        ("1", "message", {"n": -1, "by": "frame", "text": "resize"}),
        ("1", "message", {"n": -1, "by": "other", "text": "?"}),
    )
    assert [(one["window"], one["from"], one["text"]) for one in of(moments, "message")] == [
        ("app", "popup", "t0k3n"),
        ("popup", "app", "thanks"),
        ("app", "app", "resize"),
        ("app", "", "?"),
    ]


def test_what_is_embedded_is_told_with_its_reason() -> None:
    moments = hand_told(
        ("1", "embed", {"name": "logo", "state": "blocked", "detail": "error event"}),
        ("1", "embed", {"name": "logo", "state": "loaded", "detail": ""}),
    )
    assert of(moments, "embedded") == [
        {"window": "app", "name": "logo", "state": "blocked", "text": "error event"},
        {"window": "app", "name": "logo", "state": "loaded"},
    ]


def test_a_page_that_closes_itself_ends_its_window_unless_the_browser_refuses() -> None:
    assert [one["by"] for one in of(hand_told(("2", "closing", {})), "closed")] == ["self"]
    assert of(hand_told(("2", "closing", {}), ("2", "closing", {"refused": True})), "closed") == []


def test_a_page_that_another_page_has_close_its_window_is_closed_by_the_opener() -> None:
    by_its_own_word = hand_told(("2", "closing", {"foreign": True}), ("2", "closing", {"foreign": True}))
    by_the_openers = hand_told(("2", "closing", {}), ("1", "shut", {"doc": "2"}))
    for moments in (by_its_own_word, by_the_openers):
        assert [one["by"] for one in of(moments, "closed")] == ["opener"]


def test_subresources_belong_to_the_window_that_embeds_them() -> None:
    record, windows, *_ = by_hand()
    record.serve(Served(0.2, "GET", "https://idp.example/picture", "picture", 200, (), ()))
    record.serve(Served(0.3, "GET", "https://app.example/favicon.ico", None, 404, (), ()))
    asked = (("Referer", "https://idp.example/"),)
    record.serve(Served(0.4, "POST", "https://app.example/hop", "hop", 200, (("X", "y"),), asked))
    case = only(FLOW % "      - popup: popup")
    moments = of(timeline(case, record, windows, (), lambda _window: None), "response")
    assert moments[2:] == [
        {"window": "app", "url": "https://idp.example/picture", "status": 200, "headers": [], "frame": "logo"},
        # By its referrer's origin.
        {"window": "popup", "url": "https://app.example/hop", "status": 200, "headers": ["X: y"], "method": "POST"},
    ]


def test_long_words_are_cut() -> None:
    assert short("x" * LONGEST) == "x" * LONGEST
    assert short("x" * (LONGEST + 1)) == "x" * (LONGEST - 1) + "…"
