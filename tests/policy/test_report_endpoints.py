from __future__ import annotations

import pytest

from isolab.policy.report_endpoints import REPORT_TO, REPORTING_ENDPOINTS, reporting_endpoints

GROUP = '{"group": "a", "max_age": 10, "endpoints": [{"url": "https://r.example/a"}, {"url": "https://r.example/b"}]}'


@pytest.mark.parametrize(
    ("values", "endpoints"),
    [
        ((), {}),
        (('a="https://r.example/"',), {"a": "https://r.example/"}),
        (('a="/x", b="/y"; p=1', 'a="/z"'), {"a": "/z", "b": "/y"}),
        (('a=token, b=1, c, d=:aGk=:, e=("/x")',), {}),
        (('A="https://r.example/"',), {}),
        (('a="/x", =',), {}),
    ],
)
def test_endpoints_are_the_strings_of_a_dictionary(values: tuple[str, ...], endpoints: dict[str, str]) -> None:
    assert reporting_endpoints([(REPORTING_ENDPOINTS, value) for value in values]) == endpoints


@pytest.mark.parametrize(
    ("values", "endpoints"),
    [
        ((GROUP,), {"a": "https://r.example/a"}),
        ((GROUP, '{"max_age": 1, "endpoints": [{"url": "/d"}]}'), {"a": "https://r.example/a", "default": "/d"}),
        (("{",), {}),
        (('[1], "x", {"group": 3}, {"group": "b", "endpoints": []}, {"group": "c", "endpoints": [{"url": 1}]}',), {}),
    ],
)
def test_groups_are_the_objects_of_report_to(values: tuple[str, ...], endpoints: dict[str, str]) -> None:
    assert reporting_endpoints([(REPORT_TO, value) for value in values]) == endpoints


def test_the_newer_header_goes_first() -> None:
    assert reporting_endpoints([(REPORT_TO, GROUP), (REPORTING_ENDPOINTS, 'a="/new"')]) == {"a": "/new"}
