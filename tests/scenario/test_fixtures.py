from __future__ import annotations

import pytest

from isolab.scenario.fixtures import Fixtures, is_page


def test_names_have_no_ending_where_that_is_unique() -> None:
    names = Fixtures().names
    assert names["page"] == names["page.html"] == "page"
    assert names["logo.png"] == "logo.png"
    assert "logo" not in names, "there are two"


@pytest.mark.parametrize(("file", "page"), [("_part.js", False), ("probe-window.js", False), ("page.html", True)])
def test_parts_and_the_probe_are_not_pages(file: str, page: bool) -> None:
    assert is_page(file) is page
    assert (file in Fixtures().names) is page
