from __future__ import annotations

from collections.abc import Callable

import pytest
from lab_client import Answer, get, https
from own_upstream import OwnUpstream, Response, own_upstream
from written_cases import only, run

from isolab.lab.client import NOBODY_LISTENS
from isolab.lab.server import open_lab
from isolab.lab.stage import Stage
from isolab.runner.control import control_case
from isolab.scenario.case import Case

HTML = ("Content-Type", "text/html; charset=utf-8")
COOP = "Cross-Origin-Opener-Policy"


def case(url: str, page: str = "{path: /login}") -> Case:
    return only(f"""
    title: Own server
    hosts: {{app: {{upstream: "{url}"}}, idp: cross-site}}
    pages: {{app: {page}, mine: {{host: app, html: mine}}, idp: {{}}}}
    flow: [open: app]
    expect: {{app.url: app}}
    """)


def asked_of(
    own: OwnUpstream, path: str, page: str = "{path: /login}", change: Callable[[Case], Case] = lambda found: found
) -> tuple[Answer, Stage]:
    """What the lab answers for a path of the host, and the stage that it played on."""

    async def work() -> tuple[Answer, Stage]:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(change(case(own.url, page)))
            return await get(lab, f"https://{stage.label}.app.example{path}"), stage

    return run(work())


def test_a_declared_page_has_the_probe_and_is_on_the_record_as_it_was_sent() -> None:
    body = '<!doctype html><html lang="en"><head><title>Own</title><a href="https://idp.example/">in</a>'
    with own_upstream({"/login": Response(body, (HTML, (COOP, "same-origin"), ("ETag", "1")))}) as own:
        answer, stage = asked_of(own, "/login")
    assert answer.config["page"] == "app"
    assert b"<script nonce" in answer.body.partition(b"<title>")[0]
    assert b'href="https://g1.idp.example/"' in answer.body
    assert answer.values(COOP) == ["same-origin"]
    # The page is another one each time, so it must not be kept.
    assert (answer.values("ETag"), answer.values("Cache-Control")) == ([], ["no-store"])
    (served,) = stage.record.requests
    assert (served.page, served.url, served.status) == ("app", "https://app.example/login", 200)
    assert served.values(COOP) == ["same-origin"]
    assert list(stage.record.documents) == [answer.document]


def test_what_no_page_is_at_comes_as_it_is() -> None:
    script, lines = "fetch('https://app.example/api')", (("Content-Type", "text/javascript"), ("ETag", '"1"'))
    with own_upstream({"/a.js?v=1": Response(script, lines)}) as own:
        answer, stage = asked_of(own, "/a.js?v=1")
    assert answer.body == b"fetch('https://g1.app.example/api')"
    assert answer.values("ETag") == ['"1"']
    assert [(s.page, s.url) for s in stage.record.requests] == [(None, "https://app.example/a.js?v=1")]


def test_a_page_with_a_body_in_the_file_is_isolabs_own() -> None:
    with own_upstream({}) as own:
        answer, _ = asked_of(own, "/mine")
    assert answer.body.endswith(b"mine")
    assert own.asked == []


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("https://idp.example/authorize?to=https%3A%2F%2Fapp.example%2Fcb",
         "https://g1.idp.example/authorize?to=https%3A%2F%2Fg1.app.example%2Fcb"),
        ("/else", "/else"),
        ("OWN/else", "https://g1.app.example/else"),
    ],
)  # fmt: skip
def test_a_redirect_leads_to_the_hosts_of_the_stage(location: str, sent: str) -> None:
    with own_upstream({}) as own:
        own.answers["/login"] = Response("", (("Location", location.replace("OWN", own.url)),), 303)
        answer, stage = asked_of(own, "/login")
    assert (answer.status, answer.values("Location")) == (303, [sent])
    assert stage.record.documents == {}
    assert stage.record.strayed() is None


def test_redirects_are_known_of_the_document_that_they_lead_to() -> None:
    async def work(url: str) -> list[str | None]:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(case(url))
            await get(lab, "https://g1.app.example/start")
            await get(lab, "https://g1.app.example/login")
            (document,) = stage.record.documents.values()
            return [served.url for served in document.via]

    with own_upstream({"/start": Response("", (("Location", "/login"),), 302), "/login": Response()}) as own:
        assert run(work(own.url)) == ["https://app.example/start"]


def test_a_request_is_known_before_the_server_answers() -> None:
    class Peeking(dict[str, Response]):
        """Answers only after a look at what the lab knows meanwhile."""

        def get(self, path: str, default: Response) -> Response:  # type: ignore[override]
            known.append(([served.url for served in stages[0].record.under_way], len(stages[0].record.requests)))
            return super().get(path, default)

    async def work(url: str) -> None:
        async with open_lab() as lab:
            stages.append(lab.stage())
            stages[0].play(case(url))
            await get(lab, "https://g1.app.example/login")

    known: list[tuple[list[str], int]] = []
    stages: list[Stage] = []
    with own_upstream(Peeking({"/login": Response()})) as own:
        run(work(own.url))
    assert known == [(["https://app.example/login"], 0)]
    assert (stages[0].record.under_way, len(stages[0].record.requests)) == ([], 1)


def test_the_server_hears_the_scenarios_names() -> None:
    async def work(url: str) -> None:
        async with open_lab() as lab:
            lab.stage().play(case(url))
            async with https(lab, "g1.app.example") as secure:
                body = "next=https%3A%2F%2Fg1.app.example%2Fcb"
                head = "Origin: https://g1.app.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                await secure.request("g1.app.example", "/login?u=https://g1.idp.example", "POST", body, head)

    with own_upstream({}) as own:
        run(work(own.url))
    (asked,) = own.asked
    assert (asked.target, asked.body) == ("/login?u=https://idp.example", b"next=https%3A%2F%2Fapp.example%2Fcb")
    told = {name: asked.headers[name] for name in ("host", "origin", "x-forwarded-proto", "x-forwarded-host")}
    assert told == {
        "host": "app.example",
        "origin": "https://app.example",
        "x-forwarded-proto": "https",
        "x-forwarded-host": "app.example",
    }


def test_an_upload_arrives_whole() -> None:
    async def work(url: str) -> None:
        async with open_lab() as lab:
            lab.stage().play(case(url))
            async with https(lab, "g1.app.example") as secure:
                head = "Content-Type: application/octet-stream\r\n"
                await secure.request(
                    "g1.app.example", "/upload", "POST", "https://g1.app.example" + "x" * 3_000_000, head
                )

    with own_upstream({}) as own:
        run(work(own.url))
    (asked,) = own.asked
    # Bytes that are no text are left alone.
    assert (len(asked.body), asked.body[:22]) == (3_000_022, b"https://g1.app.example")


@pytest.mark.parametrize(
    ("page", "policies"),
    [
        ("{path: /login}", ["same-origin"]),
        ("{path: /login, coop: same-origin-allow-popups}", ["same-origin-allow-popups"]),
        ("{path: /login, coop: null}", []),
        ("{path: /login, headers: {CROSS-origin-OPENER-policy: null}}", []),
    ],
)
def test_a_header_in_the_file_takes_the_place_of_the_servers(page: str, policies: list[str]) -> None:
    with own_upstream({"/login": Response(headers=(HTML, (COOP.lower(), "same-origin"), ("X-A", "1")))}) as own:
        answer, _ = asked_of(own, "/login", page)
    assert (answer.values(COOP), answer.values("X-A")) == (policies, ["1"])


@pytest.mark.parametrize("path", ["/login", "/a.js"])
def test_a_control_is_without_isolation_headers_whatever_the_server_sends(path: str) -> None:
    lines = (HTML, (COOP, "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"), ("X-A", "1"))
    with own_upstream({path: Response(headers=lines)}) as own:
        answer, _ = asked_of(own, path, change=control_case)
    assert {name.lower() for name, _ in answer.headers} & {COOP.lower(), "cross-origin-resource-policy"} == set()
    assert answer.values("X-A") == ["1"]


@pytest.mark.parametrize("kind", ["application/json", "application/xhtml+xml", "text/plain"])
def test_what_is_no_html_has_no_probe(kind: str) -> None:
    with own_upstream({"/login": Response("<p>", (("Content-Type", kind),))}) as own:
        answer, stage = asked_of(own, "/login")
    assert answer.body == b"<p>"
    assert stage.record.documents == {}


def test_html_that_a_script_fetches_has_no_probe() -> None:
    async def work(url: str) -> bytes:
        async with open_lab() as lab:
            lab.stage().play(case(url))
            async with https(lab, "g1.app.example") as secure:
                return (await secure.request("g1.app.example", "/login", head="Sec-Fetch-Dest: empty\r\n")).body

    with own_upstream({"/login": Response("<p>part")}) as own:
        assert run(work(own.url)) == b"<p>part"


def test_a_policy_has_the_stages_hosts() -> None:
    policy = "frame-src idp.example; script-src 'nonce-isolab' https://idp.example"
    with own_upstream({"/login": Response(headers=(HTML, ("Content-Security-Policy", policy)))}) as own:
        answer, _ = asked_of(own, "/login")
    assert answer.values("Content-Security-Policy") == [
        "frame-src g1.idp.example; script-src 'nonce-isolab' https://g1.idp.example"
    ]


def test_a_host_that_its_pages_ask_for_and_the_scenario_does_not_declare_is_told() -> None:
    async def work(url: str) -> list[str]:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(case(url))
            await get(lab, "https://g1.app.example/login")
            await get(lab, "http://fonts.example/x")
            await get(lab, "http://of-the-browser.example/x")
            return stage.record.refused

    with own_upstream({"/login": Response('<link href="//fonts.example/x">')}) as own:
        assert run(work(own.url)) == ["fonts.example"]


def test_a_server_that_does_not_answer_is_told_to_the_browser_and_the_record() -> None:
    with own_upstream({}) as own:
        pass
    answer, stage = asked_of(own, "/login")
    why = f"{own.url} does not answer: {NOBODY_LISTENS}"
    assert (answer.status, answer.body.decode()) == (502, f"isolab: {why}\n")
    assert stage.record.unanswered == {"app": f"the server that plays host `app` is not to be had: {why}"}
    assert stage.record.lost() == []
