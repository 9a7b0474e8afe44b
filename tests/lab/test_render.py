from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_cases import only

from isolab.lab import render as module
from isolab.lab.render import Renderer, fixture_path, obeying_frames
from isolab.libraries import Library
from isolab.policy.terms import Origin
from isolab.scenario.case import Case, Fixture, Forwarded, Html, Page, Published

PAGE = """
    title: Pages
    hosts: {app: null, api: "https://api.example:8443", idle: https://idle.example}
    pages:
      app: {fixture: signin-app, with: {provider: "${{ url.data }}?x=1", mode: popup, deep: 3}}
      data: {host: api, fixture: data}
      html: {html: '<p>${{ url.data }} ${{ origin.api }} ${{ origin.idle }}</p>'}
      worker: {fixture: worker}
      owner:
        embed:
          w: {worker: worker}
          f: {iframe: app, sandbox: allow-scripts, allow: "autoplay ${{ origin.api }}"}
      away: {redirect: data}
    flow: [open: app]
    expect: {app.sharedMemory: false}
"""
CASE = only(PAGE)

PROBE = '<script nonce="isolab"'
"""How the probe's element begins."""


def place(origin: Origin) -> str:
    return f"{origin.scheme}://g1.{origin.authority}"


def renderer(case: Case = CASE) -> Renderer:
    return Renderer(case, place, "/.isolab/report/1/")


def rendered(html: str) -> str:
    page = Page("p", CASE.pages["app"].origin, "/p", 200, (), Html(html))
    return renderer().body(page, "g1-1").content.decode()


def config(text: str) -> dict[str, object]:
    found = re.search(r"isolab(?:Window|Worker)\((.*)\);\n\}\)\(\);", text)
    assert found
    data: dict[str, object] = json.loads(found.group(1))
    return data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<p>no head at all</p>"),
        ("", "text"),
        ("", ""),
        ("<!doctype html>", "<script>1</script>"),
        ("<!DOCTYPE html>\n", "<title>x</title>"),
        ("<!doctype html><html lang=en>", "<body>"),
        ("<!doctype html>\n<html>\n<head>", "<script>1</script></head>"),
        ('<html data-a="1 > 0"><HEAD class="a">', "<script>1</script>"),
        ("<!doctype html>", "<body><script>isolab.say('a')</script><header>top</header>"),
        ("<!doctype html><!-- not the <head> that it is --><html><head>", "<script>1</script>"),
        ("<!-- <head> -->", "<p>x</p>"),
        ("", "<headline><head>"),
        ("", "<p><!-- <head> --></p>"),
    ],
)
def test_the_probe_stands_before_everything_that_the_page_does(before: str, after: str) -> None:
    text = rendered(before + after)
    assert text.startswith(before + PROBE)
    assert text.endswith("})();</script>" + after)
    assert text.count("isolabWindow({") == 1


def test_no_doctype_is_pushed_out_of_its_place() -> None:
    # Anything before it would put the page into quirks mode (HTML, 13.2.6.4.1).
    assert rendered("\n <!-- a --> <!doctype html><p>x").lstrip().startswith("<!-- a --> <!doctype html>" + PROBE)


def test_the_probe_s_element_has_the_document_s_id_by_which_a_driver_tells_windows_apart() -> None:
    assert rendered("<p>x").startswith(PROBE + ' data-isolab="g1-1">')


@given(st.text(max_size=60))
def test_nothing_of_the_page_is_lost(html: str) -> None:
    text = rendered(html.replace("${{", ""))
    start, end = text.index(PROBE), text.index("})();</script>") + len("})();</script>")
    assert text[:start] + text[end:] == html.replace("${{", "")


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)//", "<!--<script>", "a\u2028b", '"\\</SCRIPT >', "${{ x }}"]
)
def test_no_option_ends_the_script_element(hostile: str) -> None:
    page = Page("p", CASE.pages["app"].origin, "/p", 200, (), Fixture("page", {"text": hostile}))
    text = renderer().body(page, "g1-1").content.decode()
    script = text[text.index(PROBE) : text.index("})();</script>")]
    assert "<" not in script[script.index("isolabWindow({") :]
    assert "\u2028" not in script
    assert config(text)["with"] == {"text": hostile}


def test_options_and_html_get_real_urls() -> None:
    at_lab = renderer()
    app = config(at_lab.body(CASE.pages["app"], "g1-1").content.decode())
    assert app["with"] == {"provider": "https://g1.api.example:8443/data?x=1", "mode": "popup", "deep": 3}
    assert app["doc"] == "g1-1"
    html = at_lab.body(CASE.pages["html"], "g1-2").content.decode()
    data = "https://g1.api.example:8443"
    assert html.endswith(f"<p>{data}/data {data} https://g1.idle.example</p>")


def test_what_is_embedded_is_told_with_its_attributes() -> None:
    told = config(renderer().body(CASE.pages["owner"], "g1-1").content.decode())["embeds"]
    assert told == [
        {"name": "w", "kind": "worker", "url": "https://g1.app.example/worker", "attributes": {}},
        {
            "name": "f",
            "kind": "iframe",
            "url": "https://g1.app.example/app",
            "attributes": {"sandbox": "allow-scripts", "allow": "autoplay https://g1.api.example:8443"},
        },
    ]


@pytest.mark.parametrize(
    ("name", "content_type", "probed"),
    [
        ("app", "text/html; charset=utf-8", True),
        ("html", "text/html; charset=utf-8", True),
        ("worker", "text/javascript; charset=utf-8", True),
        ("data", "application/json", False),
        ("away", "text/html; charset=utf-8", False),
    ],
)
def test_the_type_of_each_and_who_reports(name: str, content_type: str, probed: bool) -> None:
    body = renderer().body(CASE.pages[name], "g1-1")
    assert (body.content_type, body.probed) == (content_type, probed)
    assert (b"isolab" in body.content) == probed


def test_facts_that_cost_time_are_measured_only_if_asked_for() -> None:
    assert renderer().measure == ("sharedMemory",)
    assert renderer(_unasked()).measure == ()


def _unasked() -> Case:
    return only(PAGE.replace("app.sharedMemory: false", "app.url: app"))


def test_a_fixture_may_be_named_with_its_ending() -> None:
    assert fixture_path("page") == fixture_path("page.html")
    with pytest.raises(FileNotFoundError, match="no fixture `nosuch`"):
        fixture_path("nosuch")


def test_html_of_the_scenarios_own_reads_its_options() -> None:
    body = Html("<p>hi", {"next": "${{ url.data }}", "size": 5})
    page = Page("p", CASE.pages["app"].origin, "/p", 200, (), body)
    text = renderer().body(page, "g1-1").content.decode()
    assert config(text)["with"] == {"next": "https://g1.api.example:8443/data", "size": 5}


@pytest.mark.parametrize(
    ("content_type", "probed"),
    [
        ("text/javascript", False),
        ("Application/JavaScript; charset=utf-8", False),
        ("text/html", True),
        ("application/xhtml+xml", True),
        ("text/plain", False),
        ("application/xml; charset=utf-8", False),
    ],
)
def test_what_is_no_html_is_served_as_it_is(content_type: str, probed: bool) -> None:
    script = Html("onfetch = () => '${{ url.data }}';")
    page = Page("sw", CASE.pages["app"].origin, "/sw", 200, (("content-type", content_type),), script)
    body = renderer().body(page, "g1-1")
    assert body.probed is probed
    assert (body.content == b"onfetch = () => 'https://g1.api.example:8443/data';") is not probed


@pytest.mark.parametrize(
    ("step", "expected", "frames"),
    [
        ("{popup: popup, from: app.ad}", "popup.opener: preserved", {"ad"}),
        ("{click: x, in: app.ad, opens: popup}", "popup.opener: preserved", {"ad"}),
        ("{click: x, in: app.ad.inner}", "app.open: true", {"ad", "inner"}),
        ("{wait: app.ad, says: x}", "app.open: true", {"ad"}),
        ("{wait: app, says: x}", "app.ad.says.x: 1", {"ad"}),
        ("{wait: app, says: x}", "app.ad: loaded", set()),
    ],
)
def test_only_frames_that_act_or_are_asked_for_their_words_take_commands(
    step: str, expected: str, frames: set[str]
) -> None:
    case = only(f"""
    title: t
    pages:
      app: {{embed: {{ad: {{iframe: away}}, other: {{iframe: other}}}}}}
      away: {{redirect: ad}}
      ad: {{embed: {{inner: {{iframe: inner}}}}}}
      inner: {{}}
      other: {{}}
      popup: {{}}
    flow: [open: app, {step}]
    expect: {{{expected}}}
    """)
    assert obeying_frames(case) == frames


@pytest.mark.parametrize(
    ("library", "kind", "probed"),
    [
        ("swagger-ui-redirect", "text/html; charset=utf-8", True),
        ("swagger-ui-redirect-script", "text/javascript; charset=utf-8", False),
    ],
)
def test_a_published_page_has_the_probe_and_a_published_script_is_as_it_is(
    library: str, kind: str, probed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cached(found: Library) -> Path:
        (tmp_path / found.file).write_text("<html><body>published")
        return tmp_path / found.file

    monkeypatch.setattr(module, "cached_file", cached)
    page = Page("p", CASE.pages["app"].origin, "/p", 200, (), Published(library))
    body = renderer().body(page, "g1-1")
    assert (body.content_type, body.probed, PROBE in body.content.decode()) == (kind, probed, probed)
    assert body.content.decode().endswith("<body>published")


def test_somebody_elses_page_has_the_probe_before_its_first_script() -> None:
    page = Page("app", CASE.pages["app"].origin, "/p", 200, (), Forwarded())
    html = renderer().with_probe(page, b"<!doctype html><html><head><script>mine()</script>", "g1-7").decode()
    assert config(html)["doc"] == "g1-7"
    assert html.index(PROBE) < html.index("mine()")
