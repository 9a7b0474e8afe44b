"""Published libraries that scenarios may serve: which there are, and where this machine keeps those that it has got."""

from __future__ import annotations

import base64
import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from platformdirs import user_cache_path

_FILE = Path(__file__).with_name("libraries.toml")


@dataclass(frozen=True, slots=True)
class Library:
    """One file of an npm package. `integrity` is that of the package's archive (Subresource Integrity)."""

    name: str
    package: str
    version: str
    integrity: str
    file: str

    @property
    def title(self) -> str:
        """`@azure/msal-browser 4.30.0`."""
        return f"{self.package} {self.version}"


@cache
def libraries() -> Mapping[str, Library]:
    """All of them, by the name that scenarios have for them."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: Library(name=name, **entry) for name, entry in data.items()}


def cached_file(library: Library) -> Path:
    """Where this machine has the file, once it has been got."""
    digest = hashlib.sha256(library.integrity.encode()).hexdigest()[:16]
    folder = f"{library.package.replace('/', '+')}-{library.version}-{digest}"
    return user_cache_path("isolab", appauthor=False) / "npm" / folder / library.file


def missing_libraries() -> list[Library]:
    """Those that this machine has not got, or not for this user: a container's user may not be that of its home."""
    return [library for library in libraries().values() if not _readable(cached_file(library))]


def _readable(path: Path) -> bool:
    # Unlike `is_file` it is no error where a folder on the way is somebody else's.
    return os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids)


def fits(archive: bytes, integrity: str) -> bool:
    """Whether an archive has the hash that was written down: `ALGORITHM-BASE64`, sha512 for all that npm publishes."""
    algorithm, _, expected = integrity.partition("-")
    return algorithm == "sha512" and base64.b64encode(hashlib.sha512(archive).digest()).decode() == expected
