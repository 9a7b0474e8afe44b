"""Get the libraries that scenarios serve from npm: archives, checked against the hashes that are written down."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from isolab.engines.system import Run, run_command
from isolab.libraries import Library, cached_file, fits, missing_libraries

Echo = Callable[[str], None]

PACK_TIMEOUT_S = 120.0


class NotObtainedError(Exception):
    """A library is not to be had; the message says why."""


def get_libraries(echo: Echo, *, run: Run = run_command) -> list[Library]:
    """Get what is missing; returns what still is. `echo` gets one line a package. Nothing else needs them."""
    missing = missing_libraries()
    if missing and (npm := shutil.which("npm")) is None:
        echo("npm is not here: the scenarios with published sign-in libraries will be skipped, all others run")
        return missing
    for title, those in _by_package(missing).items():
        echo(f"get {title} from npm")
        try:
            _obtain(those, str(npm), run)
        except NotObtainedError as error:
            echo(f"{title} is not to be had, its scenarios will be skipped: {error}")
    return missing_libraries()


def _by_package(libraries: Sequence[Library]) -> dict[str, list[Library]]:
    found: dict[str, list[Library]] = {}
    for library in libraries:
        found.setdefault(library.title, []).append(library)
    return found


def _obtain(libraries: Sequence[Library], npm: str, run: Run) -> None:
    """Get files that are all of one package."""
    first = libraries[0]
    with TemporaryDirectory(prefix="isolab-npm-") as folder:
        wanted = f"{first.package}@{first.version}"
        ran = run((npm, "pack", wanted, "--silent", "--pack-destination", folder), PACK_TIMEOUT_S)
        archives = list(Path(folder).glob("*.tgz"))
        if not ran.ok or len(archives) != 1:
            raise NotObtainedError(ran.output.strip().splitlines()[-1] if ran.output.strip() else "npm gave nothing")
        archive = archives[0].read_bytes()
    if not fits(archive, first.integrity):
        raise NotObtainedError("the archive is not the one whose hash is written down")
    with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as opened:
        for library in libraries:
            _keep(library, opened)


def _keep(library: Library, archive: tarfile.TarFile) -> None:
    try:
        member = archive.extractfile(f"package/{library.file}")
    except KeyError:
        member = None
    if member is None:
        raise NotObtainedError(f"the package has no file {library.file}")
    path = cached_file(library)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two that get it at the same time write the same: whoever comes last replaces a whole file by a whole file.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(member.read())
    draft.replace(path)
