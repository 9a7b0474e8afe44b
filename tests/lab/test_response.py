from __future__ import annotations

import re

from lab_client import Answer, get, https
from written_cases import only, run

from isolab.lab.server import Lab, open_lab
from isolab.lab.stage import Stage

CASE = only("""
    title: Sign-in
    hosts: {app: null, idp: cross-site, broker: cross-site}
    provider: {clients: {spa: {redirect_uris: ["${{ url.callback }}"]}}, consented: true}
    pages:
      app: {}
      callback: {}
      authorize: {endpoint: authorize, next: hop, coop: same-origin}
      hop: {host: broker, redirect: login, keep_query: true, headers: {X-Hop: broker}}
      login: {endpoint: login, coop: same-origin-allow-popups, headers: {Cache-Control: private}}
      plain: {redirect: app}
    flow: [open: app]
    expect: {app.url: app}
""")


def begin(stage: Stage, **more: str) -> str:
    callback = f"https://{stage.label}.app.example/callback"
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return (
        f"https://{stage.label}.idp.example/authorize?client_id=spa&redirect_uri={callback}"
        f"&response_type=code&code_challenge={'c' * 43}&state=s{extra}"
    )


async def follow(lab: Lab, url: str) -> list[Answer]:
    answers = [await get(lab, url)]
    while answers[-1].values("Location"):
        answers.append(await get(lab, answers[-1].values("Location")[0].partition("#")[0]))
    return answers


def test_a_sign_in_passes_the_pages_of_the_scenario_each_with_its_headers() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            authorize, hop, login = await follow(lab, begin(stage))
            assert (authorize.status, authorize.values("Cross-Origin-Opener-Policy")) == (303, ["same-origin"])
            assert re.match(rf"https://{stage.label}\.broker\.example/hop\?tx=", authorize.values("Location")[0])
            assert (hop.status, hop.values("X-Hop")) == (302, ["broker"])
            assert login.values("Cross-Origin-Opener-Policy") == ["same-origin-allow-popups"]
            assert login.values("Cache-Control") == ["private"]
            document = record.documents[login.document]
            assert [served.page for served in document.via] == ["authorize", "hop"]
            assert login.config["with"]["client"] == "spa"  # type: ignore[index]

    run(work())


def test_a_form_signs_in_and_the_client_gets_its_code() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            record = stage.play(CASE)
            login = (await follow(lab, begin(stage)))[-1]
            host = f"{stage.label}.idp.example"
            tx = login.config["with"]["tx"]  # type: ignore[index]
            form = "Content-Type: application/x-www-form-urlencoded\r\n"
            async with https(lab, host) as secure:
                answer = await secure.request(host, "/login", "POST", f"tx={tx}&person=alice", form)
            assert answer.status == 303
            assert answer.values("Set-Cookie")
            *_, last = await follow(lab, answer.values("Location")[0])
            document = record.documents[last.document]
            assert [served.page for served in document.via] == ["login", "finish"]
            assert re.fullmatch(r"https://app\.example/callback\?code=[\w-]+&state=s&iss=.*", document.served.url)

    run(work())


def test_what_a_client_sends_is_text_and_nothing_is_filled_in() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            hint = "%24%7B%7B%20url.nowhere%20%7D%7D%3C/script%3E"
            login = (await follow(lab, begin(stage, login_hint=hint)))[-1]
            assert login.config["with"]["hint"] == "${{ url.nowhere }}</script>"  # type: ignore[index]

    run(work())


def test_a_redirect_takes_the_query_along_only_where_it_is_told_to() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            answer = await get(lab, f"https://{stage.label}.app.example/plain?a=1")
            assert answer.values("Location") == [f"https://{stage.label}.app.example/app"]
            answer = await get(lab, f"https://{stage.label}.broker.example/hop?tx=%C3%BC&b=")
            assert answer.values("Location") == [f"https://{stage.label}.idp.example/login?tx=%C3%BC&b="]

    run(work())


def test_each_case_has_a_provider_of_its_own() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(CASE)
            login = (await follow(lab, begin(stage)))[-1]
            stage.play(CASE)
            again = await get(lab, f"https://{stage.label}.idp.example/login?tx={login.config['with']['tx']}")  # type: ignore[index]
            assert again.status == 400
            assert again.config["with"]["error"] == "invalid_request"  # type: ignore[index]

    run(work())
