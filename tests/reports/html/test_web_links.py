from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolab.reports.html.web_links import case_link, web_link


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com/",
        "https:",
        "http:alert(1)",
        "https://[",
        "https://example.com/\nx",
        "https://example.com/\u202egnp.exe",
        "",
        "isolation is off by default",
    ],
)
def test_only_the_web_is_linked_to(text: str) -> None:
    assert web_link(text) is None


@pytest.mark.parametrize("text", ["https://bugs.webkit.org/1", "http://example.com/?a=b#c", "HTTPS://EXAMPLE.COM"])
def test_the_web_is_linked_to(text: str) -> None:
    assert web_link(text) == text


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_the_fragment_of_a_case_is_read_as_a_forms_data(id_: str) -> None:
    link = case_link(id_)
    assert link.isascii()
    assert parse_qs(link.removeprefix("#"), keep_blank_values=True) == {"case": [id_]}


def test_a_lone_surrogate_does_no_harm() -> None:
    assert case_link("a\ud800") == "#case=a%3F"
