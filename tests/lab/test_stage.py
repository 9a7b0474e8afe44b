from __future__ import annotations

import asyncio

import pytest
from lab_client import Answer, get
from written_cases import only, run

from isolab.lab.document import Event
from isolab.lab.server import Lab, open_lab
from isolab.lab.stage import Stage

HOPS = only("""
    title: Redirects
    hosts: {app: null, idp: cross-site}
    pages:
      start: {redirect: middle, status: 307, coop: same-origin}
      middle: {host: idp, redirect: end, headers: {X-Hop: two}}
      end: {headers: {X-Where: "${{ url.start }}", Set-Cookie: [a=1, b=2], X-Last: z}}
      lost: {status: 404}
      query: {path: /q?a=1}
      kept: {headers: {Cache-Control: max-age=60, Content-Type: text/plain}}
      many: {status: 503}
    flow: [{open: app, page: start}]
    expect: {app.url: end}
""")


async def follow(lab: Lab, url: str) -> list[Answer]:
    """All answers of a chain of redirects."""
    answers = [await get(lab, url)]
    while 300 <= answers[-1].status < 400:
        answers.append(await get(lab, answers[-1].values("Location")[0]))
    return answers


def test_every_hop_of_a_redirect_has_its_headers_and_the_document_knows_them() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(HOPS)
            first, second, last = await follow(lab, f"https://{stage.label}.app.example/start")
            assert (first.status, first.values("Cross-Origin-Opener-Policy")) == (307, ["same-origin"])
            assert first.values("Location") == [f"https://{stage.label}.idp.example/middle"]
            assert (second.status, second.values("X-Hop")) == (302, ["two"])
            document = record.documents[last.document]
            assert [hop.url for hop in document.via] == ["https://app.example/start", "https://idp.example/middle"]
            assert document.served.url == "https://app.example/end"
            assert document.address == f"https://{stage.label}.app.example/end"

    run(work())


def test_a_document_asked_for_directly_has_no_hops() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(HOPS)
            await follow(lab, f"https://{stage.label}.app.example/start")
            again = await get(lab, f"https://{stage.label}.app.example/end")
            assert record.documents[again.document].via == ()

    run(work())


def test_headers_are_sent_in_order_with_repeats_and_with_real_urls() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(HOPS)
            answer = await get(lab, f"https://{stage.label}.app.example/end")
            ours = [(name, value) for name, value in answer.headers if name[:2] in ("X-", "Se") and name != "Server"]
            start = f"https://{stage.label}.app.example/start"
            assert ours == [("X-Where", start), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Last", "z")]
            assert dict(record.requests[0].headers)["X-Where"] == "https://app.example/start"
            assert answer.values("Cache-Control") == ["no-store"]

    run(work())


def test_a_page_s_own_caching_and_type_are_kept() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(HOPS)
            answer = await get(lab, f"https://{stage.label}.app.example/kept")
            assert answer.values("Cache-Control") == ["max-age=60"]
            assert answer.values("Content-Type") == ["text/plain"]

    run(work())


@pytest.mark.parametrize(
    ("path", "status"), [("lost", 404), ("many", 503), ("end", 200), ("q?a=1", 200), ("q?a=2", 404)]
)
def test_the_status_is_the_page_s(path: str, status: int) -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(HOPS)
            assert (await get(lab, f"https://{stage.label}.app.example/{path}")).status == status

    run(work())


def test_a_page_without_a_query_answers_with_any() -> None:
    stage = Stage("g1")
    stage.play(HOPS)
    assert stage.page("https://app.example/end?token=1") is HOPS.pages["end"]
    assert stage.page("https://app.example/q?a=1") is HOPS.pages["query"]
    assert stage.page("http://app.example/end") is None


def test_names_have_the_label_outside_and_not_inside() -> None:
    stage = Stage("g1")
    assert stage.address(HOPS.pages["middle"]) == "https://g1.idp.example/middle"
    assert stage.canonical("at https://g1.idp.example/x and http://g1.a") == "at https://idp.example/x and http://a"
    assert stage.canonical("https://g1.g1.example") == "https://g1.example"
    assert stage.canonical("https://g12.example g1.example") == "https://g12.example g1.example"


def test_pages_of_the_case_before_rest_and_the_one_that_stays_does_not() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(HOPS)
            kept, popup = [
                record.documents[(await get(lab, f"https://{stage.label}.app.example/{page}")).document]
                for page in ("end", "many")
            ]
            kept.top = popup.top = True
            stage.play(HOPS, keep=kept)
            stage.order(kept, id=7, do="ping")
            assert (await stage.orders(popup.id, 0)).commands == ({"id": 0, "do": "rest"},)
            batch = await stage.orders(kept.id, 0)
            assert batch.commands == ({"id": 0, "do": "forget"}, {"id": 7, "do": "ping"})
            lab.leave(stage)
            assert (await stage.orders(kept.id, batch.last)).commands == ({"id": 0, "do": "rest"},)

    run(work())


def test_a_request_that_breaks_off_means_that_the_page_left_unless_it_has_asked_again() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(HOPS)
            document = record.documents[(await get(lab, f"https://{stage.label}.app.example/end")).document]
            first, second = (asyncio.create_task(stage.orders(document.id, 0)) for _ in range(2))
            for request, left in ((first, False), (second, True)):
                # Only then has it begun.
                asyncio.get_running_loop().call_soon(request.cancel)
                await asyncio.wait([request])
                assert document.left is left

    run(work())


def test_a_document_that_stays_reports_to_the_next_case() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            before = stage.play(HOPS)
            name = (await get(lab, f"https://{stage.label}.app.example/end")).document
            other = (await get(lab, f"https://{stage.label}.app.example/end")).document
            after = stage.play(HOPS, keep=before.documents[name])
            stage.hear(name, [Event("load", {})])
            stage.hear(other, [Event("load", {})])
            assert [report.document for report in after.reports] == [name]
            assert [report.document for report in before.reports] == [other]

    run(work())


def test_what_a_page_says_again_as_it_goes_away_counts_once() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(HOPS)
            name = (await get(lab, f"https://{stage.label}.app.example/end")).document
            stage.hear(name, [Event("clicked", {}, 2)])
            stage.hear(name, [Event("load", {"top": True}, 1), Event("clicked", {}, 2), Event("clicked", {}, 3)])
            assert [(report.word, record.documents[name].clicks) for report in record.reports] == [
                ("clicked", 2),
                ("load", 2),
                ("clicked", 2),
            ]

    run(work())


def test_a_document_that_stays_goes_by_the_name_that_the_next_case_has_for_it() -> None:
    renamed = only(
        "title: T\npages: {last: {path: /end, host: app}}\nhosts: {app: null}\nflow: [open: last]\n"
        "expect: {last.url: last}\n"
    )

    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            before = stage.play(HOPS)
            name = (await get(lab, f"https://{stage.label}.app.example/end")).document
            stage.play(renamed, keep=before.documents[name])
            assert stage.record.documents[name].page == "last"

    run(work())


NAMED = """
    title: It names a host
    pages:
      app: {%s}
    flow: [open: app]
    expect: {app.url: app}
"""


@pytest.mark.parametrize(
    "where",
    [
        "html: '<img src=https://cdn.other.example/x.png>'",
        "fixture: signin-app, with: {provider: 'https://cdn.other.example/login'}",
        "headers: {Link: '<https://cdn.other.example/x.css>; rel=preload; as=style'}",
    ],
)
def test_a_host_that_the_scenario_names_and_does_not_declare_is_laid_to_its_charge(where: str) -> None:
    lab = Lab()
    guilty, innocent = lab.stage(), lab.stage()
    guilty.play(only(NAMED % where))
    innocent.play(HOPS)
    with pytest.raises(PermissionError):
        lab.admit("cdn.other.example", 443)
    with pytest.raises(PermissionError):
        lab.admit("updates.of-the-browser.example", 443)
    assert (guilty.record.refused, innocent.record.refused) == (["cdn.other.example"], [])
