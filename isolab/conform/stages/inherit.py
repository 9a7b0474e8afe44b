"""Scenes of documents that have no response of their own: kind inherit."""

from __future__ import annotations

from isolab.conform.row import Row
from isolab.conform.staged import Act
from isolab.conform.stages import inherit_frames, inherit_windows


def act(row: Row) -> Act:
    """Play a row of this kind. Raises NotStagedError."""
    return inherit_frames.act(row) if "parent" in row.setting else inherit_windows.act(row)
