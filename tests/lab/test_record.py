from __future__ import annotations

from dataclasses import replace

import pytest

from isolab.lab.document import Document, Event, Served
from isolab.lab.record import Record
from isolab.policy.csp import CSP


@pytest.fixture
def document() -> Document:
    return Document(
        "g1-1", "app", "https://g1.a.example/", Served(0.0, "GET", "https://a.example/", "app", 200, (), ())
    )


def test_reports_are_kept_as_they_came(document: Document) -> None:
    record = Record()
    record.report(document, Event("says", {"key": "a"}, 2))
    record.report(document, Event("load", {"top": True}, 1))
    assert [(r.document, r.page, r.word, r.data) for r in record.reports] == [
        ("g1-1", "app", "says", {"key": "a"}),
        ("g1-1", "app", "load", {"top": True}),
    ]
    assert document.loaded


def test_a_frame_has_its_parent_say_what_it_measured(document: Document) -> None:
    record = Record()
    frame = Document("g1-2", "inner", "https://g1.b.example/", document.served)
    record.adopt(frame)
    record.report(document, Event("child", {"name": "f", "doc": "g1-2", "facts": {"top": False, "length": 0}}, 1))
    assert (frame.loaded, frame.top, frame.facts["length"]) == (True, False, 0)


def test_a_request_has_run_once_the_page_that_came_of_it_has_reported() -> None:
    record = Record()
    hop = Served(0.0, "GET", "https://a.example/", "start", 302, (("Location", "/end"),), ())
    assert record.ran(hop) is False
    end = Document("g1-2", "end", "https://g1.a.example/end", replace(hop, status=200, headers=()), via=(hop,))
    record.adopt(end)
    assert (record.ran(hop), record.ran(end.served)) == (False, False)
    record.report(end, Event("load", {"top": True}, 1))
    assert (record.ran(hop), record.ran(end.served)) == (True, True)
    again = replace(hop, at_s=1.0)
    assert record.ran(again) is False, "another request has not run by that"


def test_of_what_is_no_document_nothing_is_to_run() -> None:
    assert Record().ran(Served(0.0, "GET", "https://a.example/logo", "logo", 200, (), ())) is None


def test_of_a_page_that_no_browser_shows_nothing_is_to_run(document: Document) -> None:
    record = Record()
    document.served.status = 204
    record.adopt(document)
    assert record.ran(document.served) is None


def test_refusals_are_told_once_each() -> None:
    record = Record()
    assert record.refusals() is None
    for host in ("a.example", "b.example", "a.example"):
        record.refuse(host)
    assert record.refusals() == "the browser asked for a host that the scenario does not declare: a.example, b.example"


def test_a_window_that_went_where_no_page_is_is_told() -> None:
    record = Record()
    for url, page, to in (("/", "app", "document"), ("/gone?x=1", None, "document"), ("/icon", None, "image")):
        record.serve(Served(0.0, "GET", f"https://a.example{url}", page, 404, (), (("Sec-Fetch-Dest", to),)))
    assert (
        record.strayed()
        == "a window went where the scenario has no page: https://a.example/gone?x=1 (give a page this `path:`)"
    )
    assert Record().strayed() is None


def test_a_page_that_its_own_policy_silences_is_told() -> None:
    record = Record()
    policies = {
        "mute": ("content-security-policy", "default-src 'none'"),
        "other": ("Content-Type", "text/html"),
        "unframed": ("Content-Security-Policy", "frame-ancestors 'none'"),
    }
    for page, header in policies.items():
        served = Served(0.0, "GET", f"https://app.example/{page}", page, 200, (header,), ())
        record.documents[page] = Document(page, page, served.url, served)
    told = record.silenced() or ""
    assert "mute (default-src 'none')" in told
    assert "other" not in told
    assert "unframed" not in told
    record.documents["mute"].loaded = True
    assert record.silenced() is None


@pytest.mark.parametrize(("policy", "lost"), [("default-src 'none'", []), ("frame-ancestors 'none'", ["app"])])
def test_only_a_policy_that_may_silence_a_page_explains_its_silence(policy: str, lost: list[str]) -> None:
    record = Record()
    headers, asked = ((CSP, policy),), (("Sec-Fetch-Dest", "document"),)
    served = Served(0.0, "GET", "https://app.example/app", "app", 200, headers, asked)
    record.documents["1"] = Document("1", "app", served.url, served)
    assert record.lost() == lost


def test_a_record_begins_its_own_time() -> None:
    assert 0 <= Record().now_s() < 1


def test_a_frame_that_neither_ran_nor_was_blocked_is_lost_as_long_as_it_does_not_speak(document: Document) -> None:
    record = Record()
    record.adopt(document)
    record.report(document, Event("embed", {"name": "frame", "state": "lost", "detail": ""}))
    record.report(document, Event("embed", {"name": "other", "state": "blocked", "detail": ""}))
    assert record.lost() == ["app.frame"]
    record.report(document, Event("embed", {"name": "frame", "state": "loaded", "detail": ""}))
    assert record.lost() == []


@pytest.mark.parametrize(
    ("status", "header", "why"),
    [
        (200, ("content-type", "Text/HTML; charset=utf-8"), None),
        (404, ("Content-Type", "application/xhtml+xml"), None),
        (204, ("Content-Type", "text/html"), "status 204"),
        (200, ("Content-Type", "text/plain"), "Content-Type: text/plain"),
        (200, ("Content-Disposition", "Attachment; filename=x"), "Content-Disposition: attachment"),
    ],
)
def test_a_response_that_shows_no_page_is_told_and_was_not_lost(
    status: int, header: tuple[str, str], why: str | None
) -> None:
    record = Record()
    asked = (("Sec-Fetch-Dest", "document"),)
    served = Served(0.0, "GET", "https://app.example/login", "login", status, (header,), asked)
    record.documents["1"] = Document("1", "login", served.url, served)
    assert record.no_pages() == (f"only an HTML page can report, and this is none: login ({why})" if why else None)
    assert record.lost() == ([] if why else ["login"])
    record.documents["1"].loaded = True
    assert (record.no_pages(), record.lost()) == (None, [])


_OVER_HTTP = (("Accept", "text/html"), ("Upgrade-Insecure-Requests", "1"))


@pytest.mark.parametrize(
    ("asked", "lost"),
    [
        (_OVER_HTTP, ["app"]),
        ((*_OVER_HTTP, ("Sec-Fetch-Dest", "iframe")), []),
        ((("Accept", "*/*"),), []),
    ],
)
def test_a_page_over_plain_http_is_lost_too_where_browsers_do_not_say_what_they_ask_for(
    asked: tuple[tuple[str, str], ...], lost: list[str]
) -> None:
    record = Record()
    served = Served(0.0, "GET", "http://app.example/app", "app", 200, (("Content-Type", "text/html"),), asked)
    record.documents["1"] = Document("1", "app", served.url, served)
    assert record.lost() == lost
    record.documents["1"].left = True
    assert record.lost() == []


@pytest.mark.parametrize(("state", "lost"), [("loaded", ["popup"]), ("blocked", []), ("lost", ["app.frame"])])
def test_what_may_be_the_page_of_a_frame_that_shows_nothing_is_not_lost_by_itself(
    document: Document, state: str, lost: list[str]
) -> None:
    record = Record()
    record.adopt(document)
    record.report(document, Event("embed", {"name": "frame", "state": state, "detail": ""}))
    served = Served(0.0, "GET", "http://idp.example/popup", "popup", 200, (), _OVER_HTTP)
    record.documents["2"] = Document("2", "popup", served.url, served)
    assert record.lost() == lost
