from __future__ import annotations

from pathlib import Path

import pytest

from isolab.reports.html import screenshots
from isolab.reports.html.screenshots import Album

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 92


def saved(folder: Path, content: bytes, name: str = "window-0.png") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def test_a_picture_is_in_the_page(tmp_path: Path) -> None:
    name = saved(tmp_path, PNG)
    assert Album().artifact(name) == {
        "name": name,
        "image": "data:image/png;base64,iVBORw0KGgp4" + "eHh4" * 30 + "eA==",
    }


@pytest.mark.parametrize(("name", "content"), [("record.json", PNG), ("window-0.png", b"<svg onload=x>")])
def test_what_is_no_picture_is_named_only(tmp_path: Path, name: str, content: bytes) -> None:
    assert Album().artifact(saved(tmp_path, content, name))["image"] is None


@pytest.mark.parametrize("name", ["gone.png", "nul\0.png", "/.png"])
def test_what_is_not_there_is_named_only(tmp_path: Path, name: str) -> None:
    assert Album().artifact(str(tmp_path / name))["image"] is None
    assert Album().artifact(name)["image"] is None


def test_a_large_picture_is_named_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "LARGEST", len(PNG) - 1)
    assert Album().artifact(saved(tmp_path, PNG))["image"] is None


def test_pictures_are_taken_in_until_there_is_no_more_room(tmp_path: Path) -> None:
    album, name = Album(room=2 * len(PNG)), saved(tmp_path, PNG)
    assert [album.artifact(name)["image"] is not None for _ in range(3)] == [True, True, False]
