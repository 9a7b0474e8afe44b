from __future__ import annotations

import json

import pytest
from lab_client import get, wire
from written_cases import only, run

from isolab.lab.server import open_lab

PLAIN = only("""
    title: No provider
    hosts: {app: null, idp: cross-site}
    pages: {app: {}}
    flow: [open: app]
    expect: {app.url: app}
""")
MEDIATED = only("""
    title: The browser asks
    hosts: {app: null, idp: https://login.idp.example}
    provider: {fedcm: true, clients: {spa: {redirect_uris: ["${{ url.app }}"]}}}
    pages: {app: {}}
    flow: [open: app]
    expect: {app.url: app}
""")
LOOK_UP = "https://idp.example/.well-known/web-identity"


def test_a_provider_is_found_at_its_registrable_domain_by_one_stage_at_a_time() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            one, two = lab.stage(), lab.stage()
            for stage in (one, two):
                stage.play(MEDIATED)
                async with lab.known_to_browsers(stage):
                    found = await get(lab, LOOK_UP)
                    assert found.status == 200
                    assert json.loads(found.body)["provider_urls"] == [
                        f"https://{stage.label}.login.idp.example/fedcm-config"
                    ]
            assert [served.url for served in two.record.requests] == [LOOK_UP]

    run(work())


@pytest.mark.parametrize("host", ["login", "github.io"])
def test_a_host_that_is_no_domain_is_looked_up_under_its_label(host: str) -> None:
    alone = only(f"""
        title: The browser asks
        hosts: {{app: null, idp: "https://{host}"}}
        provider: {{fedcm: true, clients: {{spa: {{redirect_uris: ["${{{{ url.app }}}}"]}}}}}}
        pages: {{app: {{}}}}
        flow: [open: app]
        expect: {{app.url: app}}
    """)

    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(alone)
            async with lab.known_to_browsers(stage):
                place = f"https://{stage.label}.{host}"
                found = await get(lab, f"{place}/.well-known/web-identity")
            assert json.loads(found.body)["provider_urls"] == [f"{place}/fedcm-config"]
            assert [served.url for served in stage.record.requests] == [f"https://{host}/.well-known/web-identity"]

    run(work())


def test_nothing_else_is_found_there_and_nothing_afterwards() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(MEDIATED)
            async with lab.known_to_browsers(stage):
                assert (await get(lab, "https://idp.example/fedcm-config")).status == 421
                async with wire(lab) as found:
                    assert await found.connect("other.example:443") == 403
            async with wire(lab) as found:
                assert await found.connect("idp.example:443") == 403

    run(work())


def test_a_case_without_such_a_provider_is_not_looked_up() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            stage = lab.stage()
            stage.play(PLAIN)
            async with lab.known_to_browsers(stage), wire(lab) as found:
                assert await found.connect("idp.example:443") == 403

    run(work())


def test_by_hand_it_is_found_under_the_same_name() -> None:
    async def work() -> None:
        async with open_lab() as lab:
            lab.plain_stage().play(MEDIATED)
            found = await get(lab, LOOK_UP)
            assert json.loads(found.body)["provider_urls"] == ["https://login.idp.example/fedcm-config"]

    run(work())
