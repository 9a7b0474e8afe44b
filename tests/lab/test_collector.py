from __future__ import annotations

import asyncio
import json

import pytest
from lab_client import exchange, get, https
from written_cases import only, run

from isolab.lab import collector
from isolab.lab.collector import Collector
from isolab.lab.server import open_lab
from isolab.waiting import Signal

CASE = only("""
    title: Reports
    pages:
      app:
        html: <p>${{ report.coop }}</p>
        headers: {Reporting-Endpoints: 'coop="${{ report.coop }}"'}
    flow: [open: app]
    expect: {app.url: app}
""")
SENT = {"type": "coop", "url": "https://g1.app.example/app", "body": {"type": "navigation-to-response"}}


def test_reports_are_kept_by_the_endpoint_in_the_order_of_their_coming() -> None:
    found = Collector(Signal())
    found.take("a", json.dumps([SENT, {"type": "coep"}]))
    found.take("a", json.dumps({"csp-report": {}}))
    assert [[*report] for report in found.of("a")] == [["type", "url", "body"], ["type"], ["csp-report"]]
    assert found.of("b") == []


@pytest.mark.parametrize("body", ["", "[", "1", "[1]", '"text"'])
def test_what_is_no_report_is_refused(body: str) -> None:
    found = Collector(Signal())
    with pytest.raises(ValueError, match=r".+"):
        found.take("a", body)
    assert found.of("a") == []


def test_whoever_waits_gets_them_when_there_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        found = Collector(Signal())
        waiting = asyncio.create_task(found.at_least("a", 2))
        found.take("a", json.dumps([SENT]))
        found.take("a", json.dumps([SENT]))
        assert len(await waiting) == 2
        monkeypatch.setattr(collector, "WAIT_S", 0.01)
        assert len(await found.at_least("a", 3)) == 2

    run(work())


def test_browsers_deliver_to_the_page_s_own_host_and_pages_ask() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            host = f"{stage.label}.app.example"
            page = await get(lab, f"https://{host}/app")
            endpoint = page.values("Reporting-Endpoints")[0].removeprefix("coop=").strip('"')
            assert endpoint == f"https://{host}/.isolab/report/1/coop"
            assert endpoint.encode() in page.body
            path = endpoint.removeprefix(f"https://{host}")
            async with https(lab, host) as line:
                asked = await line.request(host, path, method="OPTIONS")
                assert (asked.status, asked.values("Access-Control-Allow-Headers")) == (200, ["content-type"])
                assert (await line.request(host, path, method="POST", body=json.dumps([SENT]))).status == 204
                assert (await line.request(host, path, method="POST", body="?")).status == 400
                late = path.replace("/1/", "/0/")
                assert (await line.request(host, late, method="POST", body=json.dumps([SENT]))).status == 204
            held = {"doc": page.document, "hold": {"reports": "coop", "count": 1}}
            answer = await exchange(lab, host, held)
            assert json.loads(answer.body) == {"reports": [SENT]}

    run(work())
