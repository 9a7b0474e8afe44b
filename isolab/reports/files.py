"""Where reports are written: tried before a run, replaced in one go after it, so no reader sees half a file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TextIO

STDOUT = "-"


def obstacle(target: str) -> str | None:
    """Why a file cannot be written at `target`, as one message, or None where it can. `-` is standard output."""
    try:
        return None if target == STDOUT else _obstacle(Path(target))
    except OSError as error:
        return error.strerror or str(error)


def _obstacle(path: Path) -> str | None:
    """The same of a path. Raises OSError where the system refuses to look: a name too long, a folder closed to us."""
    if _is_device(path):
        return None
    if path.is_dir():
        return f"{path} is a folder"
    folder = path.resolve().parent
    if not folder.is_dir():
        return f"the folder {folder} does not exist"
    try:
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{folder}: {error.strerror}"


def write(target: str, text: str) -> None:
    """Write a report. A file appears complete or not at all.

    Raises OSError when that fails; what stood at `target` before is then still there.
    """
    path = Path(target)
    if target == STDOUT:
        put_out(sys.stdout, text)
    elif _is_device(path):
        path.write_text(text, encoding="utf-8")
    else:
        _replace(path.resolve(), text)


def append(target: str, text: str) -> None:
    """Add text to the end of a file, which is made where there is none. Raises OSError."""
    with Path(target).open("a", encoding="utf-8", newline="\n") as file:
        file.write(text)


def put_out(stream: TextIO, text: str) -> None:
    """Write to a standard stream in UTF-8, whatever its own encoding is: a pipe on Windows has another.

    Raises OSError.
    """
    stream.flush()
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text)
        stream.flush()
    else:
        buffer.write(text.encode("utf-8"))
        buffer.flush()


def _is_device(path: Path) -> bool:
    """Whether something is there that must be written to and never replaced: a pipe, /dev/null."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
