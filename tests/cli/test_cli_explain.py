from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from command_line import CommandLine

COOP = "Cross-Origin-Opener-Policy"


@pytest.fixture
def isolab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch, capsys)


PROVIDER = (
    "HTTP/2 302\r\nlocation: https://login.partner.example/auth\r\n\r\n"
    f"HTTP/2 200\r\n{COOP.lower()}: same-origin\r\n\r\n<p>Sign in</p>"
)


def test_headers_of_a_page(isolab: CommandLine) -> None:
    assert isolab("explain", "-H", f"{COOP}: same-origin") == 0
    assert "page shows https://app.example/" in isolab.out
    assert "popup, opened by page: severed" in isolab.out
    assert "no popup is given" in isolab.out


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("Cross-Origin-Open-Policy", "Cross-Origin-Opener-Policy"),
        ("cross_origin_embedder_policy", "Cross-Origin-Embedder-Policy"),
        ("COEP", "Cross-Origin-Embedder-Policy"),
        ("dip", "Document-Isolation-Policy"),
    ],
)
def test_a_name_that_no_browser_reads_is_told(isolab: CommandLine, given: str, meant: str) -> None:
    for option in ("-H", "-P"):
        assert isolab("explain", option, f"{given}: require-corp") == 0
        assert isolab.err == f"note: no browser reads a header {given}: {meant} is meant, perhaps\n"


@pytest.mark.parametrize("name", ["cross-origin-opener-policy", "Content-Type", "Set-Cookie", "X-Frame-Options"])
def test_a_name_that_means_what_it_says_is_not(isolab: CommandLine, name: str) -> None:
    assert isolab("explain", "-H", f"{name}: x") == 0
    assert isolab.err == ""


def test_a_popup_without_a_page_stays_blank(isolab: CommandLine) -> None:
    header = "Cross-Origin-Opener-Policy: same-origin"
    assert isolab("explain", "-H", header, "-P", "Content-Disposition: attachment") == 0
    assert "the popup stays at its first, blank document" in isolab.out
    assert "every response on the way" not in isolab.out


def test_what_only_a_server_knows_is_not_explained(isolab: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        'title: T\nhosts: {app: {upstream: "http://127.0.0.1:8000"}}\npages: {app: {}}\n'
        "flow: [open: app]\nexpect: {app.url: app}\n"
    )
    assert isolab("explain", "own.yaml") == 2
    assert "what http://127.0.0.1:8000 sends as host `app` is known only once it is asked: run the case" in isolab.err


def test_the_commands_that_are_told_instead_are_such_as_work(isolab: CommandLine) -> None:
    isolab.write(
        "own.yaml",
        'title: T\nhosts: {app: {upstream: "http://127.0.0.1:8000"}}\npages: {app: {}}\n'
        "flow: [open: app]\nexpect: {app.url: app}\n",
    )
    assert isolab("explain", "own.yaml") == 2
    page, popup = re.findall(r"isolab (explain [^`]+)`", " ".join(isolab.err.split()))
    isolab.pipe("HTTP/1.1 200\r\n\r\n")
    assert isolab(*shlex.split(page)) == 0
    assert "page shows https://app.example/" in isolab.out
    isolab.pipe("HTTP/1.1 200\r\n\r\n")
    assert isolab(*shlex.split(popup.replace("URL", "https://partner.example/in"))) == 0
    assert "https://partner.example/in sends no Cross-Origin-Opener-Policy" in isolab.out


def test_headers_of_its_popup_and_where_both_are(isolab: CommandLine) -> None:
    urls = ["--url", "https://shop.example/cart", "--popup-url", "https://pay.shop.example/"]
    assert isolab("explain", "-H", f"{COOP}: same-origin-allow-popups", "-P", "X-Frame-Options: DENY", *urls) == 0
    assert "https://pay.shop.example/ sends no Cross-Origin-Opener-Policy" in isolab.out
    assert "popup, opened by page: preserved" in isolab.out
    assert "no popup is given" not in isolab.out


def test_responses_are_the_popup_s_where_headers_give_the_page(isolab: CommandLine) -> None:
    isolab.pipe(PROVIDER)
    assert isolab("explain", "-H", f"{COOP}: unsafe-none", "--popup-url", "https://partner.example/go", "-") == 0
    assert "hop 1: https://partner.example/go sends no" in isolab.out
    assert f"hop 2: https://login.partner.example/auth sends {COOP}: same-origin while" in isolab.out


def test_responses_alone_are_the_page_s(isolab: CommandLine) -> None:
    isolab.pipe(PROVIDER)
    assert isolab("explain", "-", "--url", "https://partner.example/go") == 0
    assert "page shows https://login.partner.example/auth" in isolab.out
    assert "hop 1, https://partner.example/go (302)" in isolab.out


def test_a_scenario(isolab: CommandLine) -> None:
    assert isolab("explain", "popup.yaml") == 0
    first, second = isolab.out.split("\n\n")
    assert first.startswith(
        "popup[app.coop=unsafe-none]: A popup keeps its opener\napp shows https://app.example/app\n"
    )
    assert "popup, opened by app: preserved" in first
    assert "popup, opened by app: severed" in second


def test_json(isolab: CommandLine) -> None:
    assert isolab("explain", "--json", "-H", f"{COOP}: same-origin;") == 0
    told = json.loads(isolab.out)
    assert told["version"] == 1
    (explanation,) = told["explanations"]
    (header,) = explanation["pages"][0]["way"][0]["headers"]
    assert header["ignored"] == {"reason": "trailing `;`", "character": 12}
    assert explanation["links"][0]["fate"] == "preserved"


def test_what_a_header_holds_does_not_reach_the_terminal_as_it_is(isolab: CommandLine) -> None:
    assert isolab("explain", "-H", f"{COOP}: \x1b[31msame-origin") == 0
    assert "\x1b" not in isolab.out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "nothing to explain: name a scenario, give headers with -H, or pipe responses into `-`"),
        (["-H", "same-origin"], "'same-origin' is not `Name: value`"),
        (["-H", ": x"], "is not `Name: value`"),
        (["--url", "app.example", "-H", "a: b"], "app.example is no http or https URL"),
        (["popup.yaml", "-H", "a: b"], "scenarios have headers of their own"),
        (["popup.yaml", "-"], "scenarios have headers of their own"),
        (["-H", "a: b", "-P", "c: d", "-"], "the responses are the popup's: leave out -P, or -H"),
        (["-"], "standard input: line 1: `<html>` is no status line"),
        (["nothing.yaml"], "nothing.yaml is neither a file or folder nor an id"),
    ],
)
def test_what_cannot_be_explained_is_one_message(isolab: CommandLine, arguments: list[str], why: str) -> None:
    isolab.pipe("<html>")
    assert isolab("explain", *arguments) == 2
    assert why in isolab.err
    assert isolab.out == ""
