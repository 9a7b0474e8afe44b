from __future__ import annotations

from typing import Any

import pytest

from isolab.conform.kinds.secure_context import rule
from isolab.conform.row import Row

IMAGE = {"type": "img", "relation": "cross-site"}
FRAME = {"type": "iframe", "scheme": "https", "coep": "require-corp"}


def blocked(**setting: Any) -> Any:
    return rule(Row("x", "secure-context", setting, {}))["blocked"].value


@pytest.mark.parametrize(("scheme", "wanted"), [("http", False), ("https", True)])
def test_a_frame_is_as_secure_as_the_page_around_it(scheme: str, wanted: bool) -> None:
    assert blocked(parent={"scheme": scheme}, embed=FRAME, request=IMAGE, resource={"corp": None}) is wanted


@pytest.mark.parametrize(("scheme", "wanted"), [("http", False), ("https", True)])
def test_so_is_a_worker_of_it(scheme: str, wanted: bool) -> None:
    worker = {"type": "dedicated", "coep": "require-corp"}
    asked = {"type": "fetch no-cors", "relation": "cross-site"}
    assert blocked(parent={"scheme": scheme}, embed=FRAME, worker=worker, request=asked) is wanted


def test_the_same_host_by_the_other_scheme_is_another_origin() -> None:
    http = {"coop": None, "coep": None, "scheme": "http"}
    opener, popup = {**http, "coop": "same-origin"}, {**http, "scheme": "https", "relation": "cross-scheme"}
    found = rule(Row("x", "secure-context", {"opener": opener, "popup": {**popup, "coop": "same-origin"}}, {}))
    assert found["state"].value == "severed"
