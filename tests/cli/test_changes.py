from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from written_cases import run

from isolab.cli.changes import Changes, changes_below


async def seen(changes: Changes, wanted: set[Path]) -> set[Path]:
    """All that is told until every wanted file was."""
    told: set[Path] = set()
    while not wanted <= told:
        told |= await changes.get()
    return told


def told_of(places: Sequence[Path], work: Sequence[tuple[Path, str]], wanted: set[Path]) -> set[Path]:
    async def watch() -> set[Path]:
        async with changes_below(places) as changes:
            for file, text in work:
                file.write_text(text, encoding="utf-8")
            return await seen(changes, wanted)

    return run(watch())


def test_a_folder_tells_of_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    files = [tmp_path / "a.yaml", tmp_path / "deep" / "er" / "b.yaml"]
    assert told_of([tmp_path], [(file, "x") for file in files], set(files)) >= set(files)


def test_a_file_tells_of_itself_and_not_of_what_is_in_folders_beside_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    file, other = tmp_path / "a.yaml", tmp_path / "sub" / "b.yaml"
    file.touch()
    assert other not in told_of([file], [(other, "x"), (file, "y")], {file})


def test_a_file_that_an_editor_replaces_is_told_each_time(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.touch()

    async def watch() -> None:
        async with changes_below([file]) as changes:
            for text in ("x", "y", "z"):
                draft = tmp_path / "draft"
                draft.write_text(text, encoding="utf-8")
                draft.replace(file)
                await seen(changes, {file})

    run(watch())


def test_files_and_folders_are_watched_side_by_side(tmp_path: Path) -> None:
    folder, file = tmp_path / "folder", tmp_path / "a.yaml"
    folder.mkdir()
    file.touch()
    inner = folder / "b.yaml"
    assert told_of([folder, file], [(inner, "x"), (file, "y")], {inner, file})


def test_links_are_followed_to_what_they_name(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (tmp_path / "link").symlink_to(real)
    assert told_of([tmp_path / "link"], [(tmp_path / "link" / "a.yaml", "x")], {real / "a.yaml"})
