"""Where the fixtures and the catalogue lie: in the checkout beside the package, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The folder `fixtures` or `scenarios`.

    Raises FileNotFoundError when the installation lacks it.
    """
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"isolab's {name}/ is missing beside {_PACKAGE}: install isolab again")
