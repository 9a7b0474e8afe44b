"""A fixtures folder of the tests' own, so that they do not change with the real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from isolab.scenario import fixtures

NAMES = ("page.html", "image.png", "data.json", "worker.js", "logo.png", "logo.svg", "_part.js", "probe-window.js")


@pytest.fixture(scope="module", autouse=True)
def fixtures_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("fixtures")
    for name in NAMES:
        (folder / name).write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixtures, "resource", lambda _: folder)
        yield
