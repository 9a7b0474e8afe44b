from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_browser import FakeSession
from fake_pages import Ways
from lab_client import wire
from written_cases import only, run

from isolab.engines.engine import Launch
from isolab.lab.server import open_lab
from isolab.runner.place import Place
from isolab.runner.trial import Flown, fly
from isolab.scenario.case import Case

TEXT = """
    title: One after the other
    pages: {app: {}, popup: {%s}}
    flow: [open: app, popup: popup]
    expect: {popup.opener: preserved}
"""
PLAIN = only(TEXT % "")
STORES = only(TEXT % "headers: {Set-Cookie: a=1}")
REDIRECTS = only(TEXT % "redirect: app")
AT_HOME = only(TEXT.replace("app: {}", "app: {coop: same-origin}") % "coop: same-origin")


def _as_it_was(flown: Flown) -> Flown:
    return flown


def _nothing(_flown: Flown) -> None:
    pass


def two(
    first: Case,
    second: Case,
    told: Callable[[Flown], Flown] = _as_it_was,
    between: Callable[[Flown], None] = _nothing,
) -> tuple[bool, bool]:
    """Whether the second case goes on under the names of the first, and whether in its document."""

    async def work() -> tuple[bool, bool]:
        async with open_lab() as lab:
            session = FakeSession(Launch(lab.port, lab.authority.spki), Ways())
            place = Place(lab, await session.slot(), "chromium")
            stage, keep = place.prepare(first)
            assert keep is None
            flown = await fly(first, "chromium", stage, place.slot, timeout_s=2)
            place.settle(told(flown))
            await place.slot.clear()
            between(flown)
            again, kept = place.prepare(second)
            place.leave()
            await session.close()
            return again is stage, kept is not None and kept is flown.first

    return run(work())


@pytest.mark.parametrize(
    ("first", "second", "seen"),
    [
        (PLAIN, PLAIN, (True, True)),
        (PLAIN, REDIRECTS, (True, True)),
        (PLAIN, AT_HOME, (True, False)),
        (PLAIN, STORES, (False, False)),
        (STORES, PLAIN, (False, False)),
    ],
)
def test_what_a_case_leaves_to_the_next(first: Case, second: Case, seen: tuple[bool, bool]) -> None:
    assert two(first, second) == seen


@pytest.mark.parametrize("change", [{"settled": False}, {"step_error": "x"}, {"contradiction": "x"}, {"observed": {}}])
def test_a_flight_with_anything_wrong_leaves_nothing(change: dict[str, object]) -> None:
    wrong = change if "observed" not in change else {"observed": {PLAIN.checks[0]: "severed"}}
    assert two(PLAIN, PLAIN, lambda flown: replace(flown, **wrong)) == (False, False)


@pytest.mark.parametrize(
    ("case", "change", "something"),
    [
        (PLAIN, {}, False),
        (STORES, {}, True),
        (only(TEXT % "html: <p>x"), {}, True),
        (only(TEXT % "embed: {picture: {image: app}}"), {}, False),
        (PLAIN, {"step_error": "x"}, True),
        (PLAIN, {"settled": False}, True),
    ],
)
def test_what_the_browser_has_to_forget(case: Case, change: dict[str, Any], something: bool) -> None:
    async def work() -> bool:
        async with open_lab() as lab:
            session = FakeSession(Launch(lab.port, lab.authority.spki), Ways())
            place = Place(lab, await session.slot(), "firefox")
            stage, _ = place.prepare(case)
            flown = await fly(case, "firefox", stage, place.slot, timeout_s=2)
            found = place.settle(replace(flown, **change))
            place.leave()
            await session.close()
            return found

    assert run(work()) is something


def test_a_document_that_left_after_its_case_is_not_the_next_ones() -> None:
    def crash(flown: Flown) -> None:
        assert flown.first
        flown.first.left = True

    assert two(PLAIN, PLAIN, between=crash) == (True, False)


@pytest.mark.parametrize(("fedcm", "status"), [("true", 200), ("false", 403)])
def test_browsers_find_a_provider_that_is_for_them_while_its_case_is_flown(fedcm: str, status: int) -> None:
    case = only(f"""
    title: The browser asks
    hosts: {{app: null, idp: cross-site}}
    provider: {{fedcm: {fedcm}, clients: {{spa: {{redirect_uris: ["${{{{ url.app }}}}"]}}}}}}
    pages: {{app: {{}}}}
    flow: [open: app]
    expect: {{app.url: app}}
    """)

    async def work() -> list[int]:
        async with open_lab() as lab:
            session = FakeSession(Launch(lab.port, lab.authority.spki), Ways())
            place = Place(lab, await session.slot(), "chromium")
            stage, _ = place.prepare(case)
            stage.play(case)
            found = []
            async with place.found_by_browsers(case), wire(lab) as one:
                found.append(await one.connect("idp.example:443"))
            async with wire(lab) as other:
                found.append(await other.connect("idp.example:443"))
            place.leave()
            await session.close()
            return found

    assert run(work()) == [status, 403]
