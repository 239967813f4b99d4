from typing import Any

import pytest

from d2lzh_pytorch.exercises import engine


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """An empty registry, so that toy exercises do not meet the real ones."""
    empty: dict[str, Any] = {}
    monkeypatch.setattr(engine, "_registry", empty)
    return empty
