"""What asks for subresources: a document or a worker (HTML, "environment settings object")."""

from __future__ import annotations

from typing import TypeAlias

from isolab.policy.document import Document
from isolab.policy.worker import Worker

Environment: TypeAlias = Document | Worker
