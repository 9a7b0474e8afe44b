from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from isolab import libraries as known
from isolab.engines.npm import get_libraries
from isolab.engines.system import Ran
from isolab.libraries import Library, cached_file


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as opened:
        for name in names:
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(name)
            opened.addfile(info, io.BytesIO(name.encode()))
    return data.getvalue()


PACKED = archive("dist/a.js", "dist/b.js")
HASH = "sha512-" + base64.b64encode(hashlib.sha512(PACKED).digest()).decode()
A = Library("a", "@x/lib", "1.0.0", HASH, "dist/a.js")
B = Library("b", "@x/lib", "1.0.0", HASH, "dist/b.js")


class Npm:
    """Packs what it is told to."""

    def __init__(self, packed: bytes | None = PACKED, output: str = "") -> None:
        self.packed = packed
        self.output = output
        self.asked: list[str] = []

    def __call__(
        self, command: Sequence[str], timeout_s: float | None = None, environ: Mapping[str, str] | None = None
    ) -> Ran:
        self.asked.append(command[2])
        if self.packed is not None:
            (Path(command[-1]) / "x-lib-1.0.0.tgz").write_bytes(self.packed)
        return Ran(tuple(command), 0 if self.packed is not None else 1, self.output)


@pytest.fixture(autouse=True)
def two_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "libraries", lambda: {"a": A, "b": B})
    monkeypatch.setattr(known, "user_cache_path", lambda *_, **__: tmp_path)
    monkeypatch.setattr("shutil.which", lambda _: "/bin/npm")


def test_one_archive_gives_all_its_files_and_is_got_once() -> None:
    told: list[str] = []
    run = Npm()
    assert get_libraries(told.append, run=run) == []
    assert run.asked == ["@x/lib@1.0.0"]
    assert [cached_file(library).read_text() for library in (A, B)] == ["dist/a.js", "dist/b.js"]
    assert not list(cached_file(A).parent.glob("*.js.*"))
    assert get_libraries(told.append, run=run) == []
    assert told == ["get @x/lib 1.0.0 from npm"]


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (Npm(archive("dist/a.js")), "the archive is not the one whose hash is written down"),
        (Npm(None, "npm error 404\nnpm error no such package\n"), "npm error no such package"),
        (Npm(None), "npm gave nothing"),
    ],
)
def test_what_is_not_what_was_written_down_is_not_kept(run: Npm, why: str) -> None:
    told: list[str] = []
    assert get_libraries(told.append, run=run) == [A, B]
    assert told[1] == f"@x/lib 1.0.0 is not to be had, its scenarios will be skipped: {why}"
    assert not cached_file(A).exists()


def test_a_file_that_the_archive_has_not_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Library("c", "@x/lib", "1.0.0", HASH, "dist/c.js")
    monkeypatch.setattr(known, "libraries", lambda: {"c": gone})
    told: list[str] = []
    assert get_libraries(told.append, run=Npm()) == [gone]
    assert told[1].endswith("the package has no file dist/c.js")


def test_without_npm_nothing_is_got_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    told: list[str] = []
    assert get_libraries(told.append, run=Npm()) == [A, B]
    assert told == ["npm is not here: the scenarios with published sign-in libraries will be skipped, all others run"]
