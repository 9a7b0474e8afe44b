from __future__ import annotations

from pathlib import Path

import pytest
from written_cases import written

from isolab.resources import resource
from isolab.scenario import fixtures
from isolab.scenario.doubts import doubts

SPEAKS = """
    title: t
    pages:
      app: {html: "<script>isolab.say('token', 1)</script>"}
    flow: [open: app]
    expect:
      - app.url: app
        %s
"""


@pytest.fixture
def real_fixtures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that pages are really made of; the folder of these tests has empty ones."""
    monkeypatch.setattr(fixtures, "resource", resource)


def of(text: str) -> tuple[str, ...]:
    return doubts(written(text))


def test_a_misspelt_key_that_is_expected_to_be_null_is_told() -> None:
    (told,) = of(SPEAKS % "app.says.tokne: null")
    place, _, words = told.partition(": ")
    assert Path(place).name == "written.yaml:8"
    assert words == (
        "`app.says.tokne` is null whatever happens, since no page of the file says `tokne`: did you mean `token`?"
    )


@pytest.mark.parametrize(
    "expected",
    [
        "app.says.token: null",
        "app.says.tokne: 1",
        "app.says.tokne: null\n      - when: {engine: webkit}\n        app.says.tokne: 1",
        "app.says.tokne: null\n    differences:\n      - {engine: webkit, observed: {app.says.tokne: 1}, bug: https://x.y}",
    ],
)
def test_what_a_page_says_or_what_can_fail_is_no_slip(expected: str) -> None:
    assert of(SPEAKS % expected) == ()


@pytest.mark.parametrize(
    "call", ["isolab.say(name, 1)", "isolab.say('a' + 1, 1)", "isolab.say(`a`, 1)", "tell(isolab.say)"]
)
def test_a_key_that_a_script_makes_is_not_guessed_at(call: str) -> None:
    text = SPEAKS.replace("isolab.say('token', 1)", call)
    assert of(text % "app.says.tokne: null") == ()


@pytest.mark.usefixtures("real_fixtures")
@pytest.mark.parametrize(("key", "told"), [("signed-in", 0), ("signed-inn", 1)])
def test_what_a_fixture_says_is_read_from_it(key: str, told: int) -> None:
    text = SPEAKS.replace("{html: \"<script>isolab.say('token', 1)</script>\"}", "{fixture: signin-app}")
    assert len(of(text % f"app.says.{key}: null")) == told


def test_what_a_server_of_ones_own_says_nobody_knows() -> None:
    text = (SPEAKS % "app.says.tokne: null").replace(
        "    pages:\n", "    hosts: {app: {upstream: 'http://127.0.0.1:1'}}\n    pages:\n      own: {host: app}\n"
    )
    assert of(text) == ()


def test_a_script_of_a_user_s_server_may_say_it() -> None:
    upstream = "    hosts: {app: null, own: {upstream: 'http://127.0.0.1:1'}}\n    pages:\n"
    assert of((SPEAKS % "app.says.tokne: null").replace("    pages:\n", upstream)) == ()
