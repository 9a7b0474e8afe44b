from __future__ import annotations

import pytest
from lab_client import Answer, https
from written_cases import only, run

from isolab.lab.revalidate import is_unchanged
from isolab.lab.server import Lab, open_lab
from isolab.lab.stage import Stage

CASE = only("""
    title: Copies
    pages:
      app: {headers: {ETag: '"app"', Cache-Control: no-cache}}
      script:
        coep: require-corp
        headers: {Content-Type: text/javascript, ETag: '"v1"', Cache-Control: no-cache, Vary: Accept}
        html: go()
      bare:
        coep: require-corp
        headers: {Content-Type: text/javascript, ETag: '"v1"', Cache-Control: no-cache, Vary: Accept}
        html: go()
        not_modified: bare
      plain: {headers: {Content-Type: text/javascript}, html: go()}
      gone: {status: 404, headers: {Content-Type: text/javascript, ETag: '"v1"'}, html: go()}
    flow: [open: app]
    expect: {app.url: app}
""")


async def ask(lab: Lab, stage: Stage, target: str, tag: str | None = None) -> Answer:
    host = f"{stage.label}.app.example"
    async with https(lab, host) as wire:
        return await wire.request(host, target, head=f"If-None-Match: {tag}\r\n" if tag else "")


@pytest.mark.parametrize("asked", ['"v1"', 'W/"v1"', '"v0", "v1"', "*"])
def test_who_has_the_copy_is_told_so_without_the_body(asked: str) -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            first, again = await ask(lab, stage, "/script"), await ask(lab, stage, "/script", asked)
            assert (first.status, first.values("Cross-Origin-Embedder-Policy")) == (200, ["require-corp"])
            assert (again.status, again.body) == (304, b"")
            assert again.values("Cross-Origin-Embedder-Policy") == ["require-corp"]
            assert again.values("Content-Type") == []
            kept = {name: again.values(name) for name in ("ETag", "Cache-Control", "Vary")}
            assert kept == {"ETag": ['"v1"'], "Cache-Control": ["no-cache"], "Vary": ["Accept"]}
            assert [served.status for served in record.requests] == [200, 304]

    run(work())


def test_a_bare_answer_repeats_only_what_it_has_to() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            answer = await ask(lab, stage, "/bare", '"v1"')
            assert answer.status == 304
            assert [name for name, _ in answer.headers if name != "Date"] == ["ETag", "Cache-Control", "Vary"]

    run(work())


@pytest.mark.parametrize(
    ("page", "method", "asked"),
    [
        ("script", "GET", {}),
        ("script", "GET", {"if-none-match": '"v2"'}),
        ("script", "GET", {"if-none-match": '"v"'}),
        ("script", "GET", {"if-none-match": "v1"}),
        ("script", "POST", {"if-none-match": '"v1"'}),
        ("plain", "GET", {"if-none-match": "*"}),
        ("gone", "GET", {"if-none-match": '"v1"'}),
    ],
)
def test_everybody_else_gets_the_whole(page: str, method: str, asked: dict[str, str]) -> None:
    assert not is_unchanged(CASE.pages[page], method, asked)


def test_a_document_with_the_probe_is_always_sent_anew() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            assert (await ask(lab, stage, "/app", '"app"')).status == 200

    run(work())
