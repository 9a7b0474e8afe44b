"""An engine's version, read without opening a window."""

from __future__ import annotations

import re
import sys

from isolab.engines.system import Run

TIMEOUT_S = 10.0
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
# Libraries may print a line first that has a number in it (a time of day, an address).
_NAMED = re.compile(r"(?:Chrom|Firefox|WebKit)[^\d\n]*(\d+(?:\.\d+)+)")
# MiniBrowser needs a display even for --version; the library that it shows pages with says it without one.
_ASK_LIBRARY = """\
import ctypes, sys
library = ctypes.CDLL(sys.argv[1])
print(*(getattr(library, f"webkit_get_{part}_version")() for part in ("major", "minor", "micro")), sep=".")
"""
_LIBRARIES = {
    "webkit2gtk-4.0": "libwebkit2gtk-4.0.so.37",
    "webkit2gtk-4.1": "libwebkit2gtk-4.1.so.0",
    "webkitgtk-6.0": "libwebkitgtk-6.0.so.4",
}


def program_version(executable: str, run: Run) -> str:
    """Return what `--version` says, as `156.0.8078.79`; "" where the program does not start or says none."""
    ran = run((executable, "--version"), TIMEOUT_S)
    if not ran.ok:
        return ""
    named, number = _NAMED.search(ran.output), _NUMBER.search(ran.output)
    return named[1] if named else number[0] if number else ""


def webkitgtk_version(folder: str, run: Run) -> str:
    """WebKitGTK's version by the name of its folder (`webkit2gtk-4.1`); "" where its library is not to be had.

    Source: webkit_get_major_version() and its siblings, https://webkitgtk.org/reference/webkit2gtk/stable/
    """
    library = _LIBRARIES.get(folder)
    if library is None:
        return ""
    ran = run((sys.executable, "-c", _ASK_LIBRARY, library), TIMEOUT_S)
    number = _NUMBER.search(ran.output) if ran.ok else None
    return number.group() if number else ""


def major(version: str) -> int:
    """Return the first number of a version; 0 where there is none."""
    head = version.partition(".")[0]
    return int(head) if head.isdigit() else 0
