from __future__ import annotations

from pathlib import Path

from scenario_loading import load_text, sample

from isolab.scenario.case import Embed, Fixture, Html, Redirect


def test_headers_are_sent_sugar_first_and_one_line_for_each_value() -> None:
    [case] = sample("headers")
    assert case.pages["app"].headers == (
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Resource-Policy", "same-site"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Cross-Origin-Opener-Policy", "unsafe-none"),
        ("Age", "5"),
        ("X-Who", "${{ origin.app }}"),
    )


def test_default_host_path_and_body() -> None:
    case = sample("popup")[0]
    assert case.pages["app"].url == "https://app.example/"
    assert case.pages["app"].body == Fixture("page")
    assert case.pages["login"].path == "/login"


def test_a_page_goes_to_the_host_of_its_name_else_to_the_first() -> None:
    [case] = sample("hosts")
    assert case.pages["sub"].url == "https://sub.app.example/sub"
    [redirect] = sample("redirect")
    assert redirect.pages["start"].url == "https://app.example/start"


def test_html_keeps_what_the_lab_fills_in() -> None:
    body = sample("popup")[0].pages["login"].body
    assert isinstance(body, Html)
    assert "${{ origin.app }}" in body.text


def test_redirects_have_302_unless_told() -> None:
    [case] = sample("redirect")
    assert (case.pages["start"].status, case.pages["start"].body) == (302, Redirect("middle"))
    assert case.pages["middle"].status == 307


def test_embeds_have_the_attributes_given() -> None:
    [case] = sample("embeds")
    page = case.pages["app"]
    assert page.body == Fixture("page", {"title": "${{ url.ad }}", "size": 5})
    by_name = {embed.name: embed for embed in page.embeds}
    assert by_name["look"] == Embed("look", "style", "look")
    assert by_name["api"].attributes == (("mode", "no-cors"), ("credentials", "include"))
    assert dict(by_name["ad"].attributes) == {
        "allow": "cross-origin-isolated",
        "sandbox": "allow-scripts",
        "credentialless": "",
    }


def test_a_fixture_can_be_named_with_its_ending() -> None:
    [case] = sample("embeds")
    assert case.pages["data"].body == Fixture("data")


def test_a_null_from_the_matrix_sends_no_header_and_numbers_stay_numbers() -> None:
    cases = sample("typed")
    assert [case.pages["app"].status for case in cases] == [200, 200, 200, 404, 404, 404]
    assert all(case.pages["app"].headers == () for case in cases)
    assert cases[0].pages["app"].path == "/200?on=true&none="


def test_anchors_are_copied() -> None:
    [case] = sample("anchors")
    assert case.pages["third"].headers == case.pages["other"].headers == (("X-A", "b"),)


def test_html_of_the_scenarios_own_has_options_too(tmp_path: Path) -> None:
    page = "{html: hi, with: {next: '${{ url.app }}', size: 5, off: null}}"
    text = f"title: t\npages: {{app: {page}}}\nflow: [{{open: app}}]\nexpect: {{app.open: true}}\n"
    [case] = load_text(tmp_path, text)
    assert case.pages["app"].body == Html("hi", {"next": "${{ url.app }}", "size": 5, "off": None})
