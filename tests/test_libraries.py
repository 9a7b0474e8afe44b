from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import pytest

from isolab import libraries as module
from isolab.libraries import Library, cached_file, fits, libraries, missing_libraries

ALL = list(libraries().values())


@pytest.mark.parametrize("library", ALL, ids=[library.name for library in ALL])
def test_a_library_has_one_version_one_hash_and_one_file(library: Library) -> None:
    assert library.version[0].isdigit()
    algorithm, _, digest = library.integrity.partition("-")
    assert (algorithm, len(base64.b64decode(digest))) == ("sha512", 64)
    assert library.file.endswith((".js", ".html"))
    assert library.title == f"{library.package} {library.version}"


def test_files_of_two_versions_never_meet() -> None:
    assert len({cached_file(library) for library in ALL}) == len(ALL)


def test_what_is_not_there_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "user_cache_path", lambda *_, **__: tmp_path)
    assert missing_libraries() == ALL
    path = cached_file(ALL[0])
    path.parent.mkdir(parents=True)
    path.write_text("")
    assert missing_libraries() == ALL[1:]
    assert tmp_path in path.parents


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be somebody else")
def test_what_belongs_to_somebody_else_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "user_cache_path", lambda *_, **__: tmp_path)
    path = cached_file(ALL[0])
    path.parent.mkdir(parents=True)
    path.write_text("")
    tmp_path.chmod(0o700)
    libraries()
    os.seteuid(65534)
    try:
        missing = missing_libraries()
    finally:
        os.seteuid(0)
    assert missing == ALL


@pytest.mark.parametrize(
    ("integrity", "good"),
    [
        ("sha512-" + base64.b64encode(hashlib.sha512(b"x").digest()).decode(), True),
        ("sha512-" + base64.b64encode(hashlib.sha512(b"y").digest()).decode(), False),
        ("sha1-" + base64.b64encode(hashlib.sha1(b"x").digest()).decode(), False),
        ("", False),
    ],
)
def test_only_the_hash_that_is_written_down_fits(integrity: str, good: bool) -> None:
    assert fits(b"x", integrity) is good
