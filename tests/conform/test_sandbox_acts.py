from __future__ import annotations

import pytest
from conform_rows import PLAIN

from isolab.conform.reader import NotStagedError
from isolab.conform.row import Row
from isolab.conform.stages import sandbox, secure_context


def test_a_sandboxed_frame_that_opens_nothing_loads() -> None:
    frame = {"sandbox": "allow-scripts", "coop": "same-origin", "relation_to_top": "same-origin"}
    expect = {"iframe_loads": True, "iframe_name_preserved": True}
    played = sandbox.act(Row("sandbox/a/01", "sandbox", {"opener": PLAIN, "iframe": frame}, expect))
    assert played.scene.expect == {"opener.frame": "loaded"}
    assert list(played.unseen) == ["iframe_name_preserved"]


def test_the_handle_of_what_never_loaded_is_not_read() -> None:
    expect = {"state": "not-loaded", "popup_closed_seen_by_opener": True}
    frame = {"sandbox": "allow-popups allow-scripts", "relation_to_top": "same-origin"}
    setting = {"opener": PLAIN, "iframe": frame, "popup": {**PLAIN, "coop": "same-origin"}}
    played = sandbox.act(Row("sandbox/a/01", "sandbox", setting, expect))
    assert played.claims == {"state": "popup.opener"}
    assert list(played.unseen) == ["popup_closed_seen_by_opener"]


def test_a_window_that_may_not_be_opened_is_not_waited_for() -> None:
    frame = {"sandbox": "allow-scripts", "relation_to_top": "same-origin"}
    row = Row("sandbox/a/01", "sandbox", {"opener": PLAIN, "iframe": frame, "popup": PLAIN}, {"state": "not-loaded"})
    with pytest.raises(NotStagedError, match="a sandbox without allow-popups opens no window"):
        sandbox.act(row)


def test_a_sandboxed_popup_opens_another() -> None:
    sandboxed = {**PLAIN, "csp": "sandbox allow-popups allow-scripts"}
    then = {"by": "CSP-sandboxed popup", "popup": {**PLAIN, "coop": "same-origin", "relation": "same-origin"}}
    setting = {"opener": PLAIN, "popup": sandboxed, "then_open": then}
    for loads, expected in ((False, {"second.opener": "not-loaded"}), (True, {"second.url": "second"})):
        played = sandbox.act(Row("sandbox/a/01", "sandbox", setting, {"second_popup_loads": loads}))
        assert played.scene.expect == expected
        assert played.scene.flow[-1] == {"popup": "second", "from": "popup"}


def test_what_a_frame_in_an_http_page_asks_for() -> None:
    setting = {
        "parent": {"scheme": "http"},
        "embed": {"type": "iframe", "scheme": "https", "coep": "require-corp"},
        "request": {"type": "img", "relation": "same-site"},
        "resource": {"corp": None},
    }
    played = secure_context.act(Row("secure-context/a/01", "secure-context", setting, {"blocked": False}))
    assert list(played.scene.expect.values()) == ["loaded"]
    assert list(played.claims) == ["blocked"]
    assert played.scene.case("secure-context/a/01").checks


def test_what_the_worker_of_a_frame_in_an_http_page_asks_for() -> None:
    setting = {
        "parent": {"scheme": "http"},
        "embed": {"type": "iframe", "scheme": "https"},
        "worker": {"type": "dedicated", "coep": "require-corp"},
        "request": {"type": "fetch no-cors", "relation": "same-site"},
        "resource": {"corp": None},
    }
    played = secure_context.act(Row("secure-context/a/02", "secure-context", setting, {"blocked": False}))
    assert played.scene.expect == {"page.says.resource": "allowed"}
    case = played.scene.case("secure-context/a/02")
    assert [str(case.pages[name].origin) for name in ("page", "owner-1", "worker")] == [
        "http://app.example",
        "https://app.example",
        "https://app.example",
    ]
    image = {**setting, "request": {"type": "img", "relation": "same-site"}}
    with pytest.raises(NotStagedError, match="without CORS"):
        secure_context.act(Row("secure-context/a/03", "secure-context", image, {"blocked": False}))
