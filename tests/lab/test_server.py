from __future__ import annotations

import asyncio
import json
import socket

import pytest
from lab_client import exchange, get, https, wire
from written_cases import only, run

from isolab.lab import stage as stages
from isolab.lab.document import Served
from isolab.lab.server import Lab, PortError, open_lab
from isolab.lab.stage import Stage
from isolab.waiting import Deadline

CASE = only("""
    title: Two hosts
    hosts: {app: null, idp: cross-site, plain: http://plain.example, other: http://plain.example:8080}
    pages:
      app: {coop: same-origin}
      other: {}
      idp: {}
      plain: {}
    flow: [open: app]
    expect: {app.url: app}
""")


def coming(url: str, dest: str = "image") -> Served:
    """A request that has come."""
    return Served(0, "GET", url, None, 404, (), (("Sec-Fetch-Dest", dest),))


async def showing(lab: Lab) -> tuple[Stage, str, str]:
    """A stage on which the app has been shown, with its host and its document's name."""
    stage = lab.stage()
    stage.play(CASE)
    host = f"{stage.label}.app.example"
    return stage, host, (await get(lab, f"https://{host}/app")).document


def test_a_plain_origin_is_served_in_absolute_form() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            assert (await get(lab, f"http://{stage.label}.plain.example/plain")).status == 200
            assert (await get(lab, f"http://{stage.label}.plain.example:8080/other")).status == 200
            assert [(s.url, s.page) for s in stage.record.requests] == [
                ("http://plain.example/plain", "plain"),
                ("http://plain.example:8080/other", "other"),
            ]

    run(work())


@pytest.mark.parametrize(
    ("host", "status", "refused"),
    [
        ("g1.other.example", 421, ["other.example"]),
        ("g2.plain.example", 421, []),
        ("plain.example", 421, []),
        ("g1.plain.example:port", 400, []),
        ("g1.plain.example:99999", 400, []),
    ],
)
def test_a_host_that_is_not_declared_is_refused_over_http_as_well(host: str, status: int, refused: list[str]) -> None:
    async def work() -> None:
        async with open_lab() as lab, wire(lab) as found:
            stage = lab.stage()
            stage.play(CASE)
            assert (await found.request(host)).status == status
            assert stage.record.refused == refused

    run(work())


def test_no_page_there_is_404_and_on_the_record() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            assert (await get(lab, f"https://{stage.label}.app.example/favicon.ico")).status == 404
            (served,) = stage.record.requests
            assert (served.url, served.page, served.status) == ("https://app.example/favicon.ico", None, 404)

    run(work())


def test_https_pages_are_not_served_over_http() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            assert (await get(lab, f"http://{stage.label}.app.example/app")).status == 404

    run(work())


def test_two_stages_do_not_see_each_other() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            one, two = lab.stage(), lab.stage()
            one.play(CASE)
            two.play(CASE)
            first = await get(lab, f"https://{one.label}.app.example/app")
            assert (len(one.record.requests), len(two.record.requests)) == (1, 0)
            stranger = await exchange(lab, f"{two.label}.app.example", {"doc": first.document, "events": []})
            assert stranger.status == 400
            lab.leave(one)
            async with wire(lab) as found:
                assert await found.connect(f"{one.label}.app.example:443") == 403
            assert (await get(lab, f"https://{two.label}.app.example/app")).status == 200

    run(work())


def test_it_listens_on_loopback_only() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            with pytest.raises(OSError, match=r"Connect call failed|unreachable"):
                await asyncio.open_connection(_other_address(), lab.port)

    run(work())


def _other_address() -> str:
    """An address of this machine that is no loopback interface's, or one that nothing listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.2"
        return str(probe.getsockname()[0])


def test_a_port_that_is_taken_is_an_error() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            with pytest.raises(PortError, match=r"cannot listen on 127\.0\.0\.1 port"):
                async with open_lab(port=lab.port):
                    raise AssertionError("two labs on one port")

    run(work())


def test_nothing_is_left_when_it_ends_while_pages_wait() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            host = f"{stage.label}.app.example"
            document = (await get(lab, f"https://{host}/app")).document
            said = {"doc": document, "events": [["load", {}]], "hold": True}
            waiting = asyncio.create_task(exchange(lab, host, said))
            await stage.record.signal.until(lambda: stage.record.documents[document].loaded or None, _soon())
            port = lab.port
        with pytest.raises((OSError, asyncio.IncompleteReadError)):
            await waiting
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", port)

    run(work())


# --- the exchange ----------------------------------------------------------------------------------------------------


def test_a_command_reaches_the_page_that_waits_for_it() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            host = f"{stage.label}.app.example"
            name = (await get(lab, f"https://{host}/app")).document
            async with https(lab, host) as page:
                await page.send(_post(host, {"doc": name, "events": [["load", {"top": True}]], "hold": True}))
                document = record.documents[name]
                await record.signal.until(lambda: document.loaded or None, _soon())
                stage.order(document, id=7, do="ping")
                answer = await page.answer()
            assert answer.body == b'{"commands": [{"id": 7, "do": "ping"}], "got": 1}'

    run(work())


def test_commands_wait_for_the_page_and_come_in_order_to_it_alone() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            host = f"{stage.label}.app.example"
            one = (await get(lab, f"https://{host}/app")).document
            two = (await get(lab, f"https://{host}/app")).document
            for number in (1, 2):
                stage.order(record.documents[one], id=number, do="ping")
            stage.order(record.documents[two], id=3, do="ping")
            answer = await exchange(lab, host, {"doc": one, "hold": True})
            assert answer.body == b'{"commands": [{"id": 1, "do": "ping"}, {"id": 2, "do": "ping"}], "got": 2}'

    run(work())


def test_a_command_whose_answer_was_lost_is_told_again_and_one_that_was_got_is_not() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            host = f"{stage.label}.app.example"
            name = (await get(lab, f"https://{host}/app")).document
            document = record.documents[name]
            async with https(lab, host) as page:
                await page.send(_post(host, {"doc": name, "events": [["load", {"top": True}]], "hold": True, "got": 0}))
                await record.signal.until(lambda: document.loaded or None, _soon())
                # The answer is on its way when the connection breaks: nobody reads it.
                stage.order(document, id=7, do="look")
            answer = await exchange(lab, host, {"doc": name, "hold": True, "got": 0})
            assert answer.body == b'{"commands": [{"id": 7, "do": "look"}], "got": 1}'
            stage.order(document, id=8, do="ping")
            answer = await exchange(lab, host, {"doc": name, "hold": True, "got": 1})
            assert answer.body == b'{"commands": [{"id": 8, "do": "ping"}], "got": 2}'
            assert not document.left

    run(work())


def test_a_page_that_does_not_wait_is_answered_at_once_and_may_be_read_by_any_origin() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            host = f"{stage.label}.app.example"
            name = (await get(lab, f"https://{host}/app")).document
            answer = await exchange(lab, host, {"doc": name, "events": [["says", {"key": "a", "value": 1}]]})
            assert (answer.status, answer.body) == (200, b"{}")
            assert answer.values("access-control-allow-origin") == ["*"]
            assert answer.values("cross-origin-resource-policy") == ["cross-origin"]
            assert record.documents[name].says == {"a": 1}

    run(work())


def test_an_url_is_told_of_as_soon_as_it_is_served() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            idp = f"https://{stage.label}.idp.example/idp"
            asked = asyncio.create_task(exchange(lab, host, {"doc": name, "hold": {"served": idp}}))
            await get(lab, idp)
            assert (await asked).body == b'{"requests": 2}'

    run(work())


def test_an_url_that_is_asked_for_is_waited_for_as_long_as_its_answer_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "SERVED_S", 0.05)
    waits: list[asyncio.Event] = [asyncio.Event(), asyncio.Event()]

    class Noted(Deadline):
        def __init__(self, seconds: float) -> None:
            super().__init__(seconds)
            next(event for event in waits if not event.is_set() or event is waits[-1]).set()

    async def work() -> None:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            idp = f"https://{stage.label}.idp.example/idp"
            with stage.record.answering(coming("https://idp.example/idp")):
                monkeypatch.setattr(stages, "Deadline", Noted)
                asked = asyncio.create_task(exchange(lab, host, {"doc": name, "hold": {"served": idp}}))
                # It waits for the second time: the first was over, and nothing was concluded from that.
                await waits[1].wait()
                await get(lab, idp)
            assert json.loads((await asked).body)["requests"] >= 2

    run(work())


def test_a_frame_that_waits_for_its_answer_may_be_where_a_redirect_led_to(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            held = asyncio.Event()
            answers = stage.served

            async def noted(document: str, url: str, **how: bool) -> int:
                held.set()
                return await answers(document, url, **how)

            monkeypatch.setattr(stage, "served", noted)
            with stage.record.answering(coming("https://idp.example/slow", "iframe")):
                hold = {"served": f"https://{host}/app"}
                asked = asyncio.create_task(exchange(lab, host, {"doc": name, "hold": hold}))
                await held.wait()
            # At once it would have been two: one answered, and one on its way to an answer.
            assert (await asked).body == b'{"requests": 1}'

    run(work())


def test_an_answer_that_never_ends_keeps_no_frame_from_being_told_as_blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "SERVED_S", 0.02)

    async def work(dest: str, url: str) -> bytes:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            hold = {"served": f"https://{stage.label}.idp.example/idp"}
            with stage.record.answering(coming(url, dest)):
                return (await exchange(lab, host, {"doc": name, "hold": hold})).body

    for dest, url in (("empty", "https://app.example/events"), ("iframe", "https://idp.example/idp")):
        assert run(work(dest, url)) == b'{"requests": -1}'


@pytest.mark.parametrize(("wait_s", "how"), [(0.05, {}), (3600.0, {"asked": True})])
def test_an_url_that_nobody_asks_for_is_told_as_that(
    wait_s: float, how: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "SERVED_S", wait_s)

    async def work() -> None:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            hold = {"served": f"https://{stage.label}.idp.example/idp", **how}
            assert (await exchange(lab, host, {"doc": name, "hold": hold})).body == b'{"requests": -1}'

    run(work())


def test_an_url_that_has_been_asked_for_is_waited_for() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage, _host, name = await showing(lab)
            idp = f"https://{stage.label}.idp.example/idp"
            with stage.record.answering(coming("https://idp.example/idp")):
                asked = asyncio.create_task(stage.served(name, idp, only_asked=True))
                await asyncio.wait({asked}, timeout=0.01)
                assert not asked.done()
                await get(lab, idp)
            assert await asked >= len(stage.record.requests)

    run(work())


def test_what_is_on_its_way_to_an_answer_counts_as_asked() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            hold = {"served": f"https://{host}/app"}
            assert (await exchange(lab, host, {"doc": name, "hold": hold})).body == b'{"requests": 1}'
            with stage.record.answering(coming("https://idp.example/idp")):
                assert (await exchange(lab, host, {"doc": name, "hold": hold})).body == b'{"requests": 2}'

    run(work())


def test_a_page_learns_what_the_server_was_asked_for_another() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage, host, name = await showing(lab)
            await get(lab, f"https://{stage.label}.idp.example/idp")
            answer = json.loads((await exchange(lab, host, {"doc": name, "hold": {"requests": "idp"}})).body)
            (asked,) = answer["requests"]
            assert (asked["method"], asked["headers"]["host"]) == ("GET", "idp.example")
            none = await exchange(lab, host, {"doc": name, "hold": {"requests": "nothing"}})
            assert none.body == b'{"requests": []}'

    run(work())


@pytest.mark.parametrize(
    "said",
    [
        "no JSON",
        "",
        "[]",
        "null",
        '{"events": []}',
        '{"doc": "g1-99", "events": []}',
        '{"doc": ["DOC"], "events": []}',
        '{"doc": "DOC", "events": [], "hold": "long"}',
        '{"doc": "DOC", "events": [], "hold": true, "got": "all"}',
        '{"doc": "DOC", "events": 7}',
        '{"doc": "DOC", "events": [["load"]]}',
        '{"doc": "DOC", "events": [["load", 7]]}',
        '{"doc": "DOC", "events": [["load", {}, "one"]]}',
        '{"doc": "DOC", "events": [["load", {}, 1, 2]]}',
        '{"doc": "DOC", "events": [["sing", {}]]}',
        '{"doc": "DOC", "events": [["handle", {"n": "one"}]]}',
        '{"doc": "DOC", "events": [["handle", {}]]}',
        '{"doc": "DOC", "events": [["done", {"id": null}]]}',
    ],
)
def test_what_is_no_report_is_answered_with_400(said: str) -> None:
    async def work() -> None:
        async with open_lab() as lab:
            _, host, name = await showing(lab)
            answer = await exchange(lab, host, said.replace("DOC", name))
            assert answer.status == 400
            assert answer.body.startswith(b"isolab: not a report")

    run(work())


def test_the_witness_says_where_it_is_and_is_blocked_by_nothing() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            answer = await get(lab, f"https://{stage.label}.idp.example/.isolab/witness")
            assert answer.status == 200
            assert answer.values("Cross-Origin-Embedder-Policy") == ["require-corp"]
            assert answer.values("Cross-Origin-Resource-Policy") == ["cross-origin"]
            assert stage.record.requests == []

    run(work())


def _post(host: str, said: dict[str, object]) -> str:
    body = json.dumps(said)
    return f"POST /.isolab/exchange HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n\r\n{body}"


def _soon() -> Deadline:
    return Deadline(5)
