"""Nobody stays signed in: other tests count who has a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session


@pytest.fixture(autouse=True)
def _signed_out() -> Iterator[None]:
    yield
    Session.objects.all().delete()
