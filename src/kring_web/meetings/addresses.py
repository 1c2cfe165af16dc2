"""The id of a meeting in an address."""

from __future__ import annotations

MEETING_PATTERN = "[a-z2-7]{20}"


class MeetingId:
    """Path converter: 20 characters of base32, lower case; anything else is not found."""

    regex = MEETING_PATTERN

    @staticmethod
    def to_python(value: str) -> str:
        """Unchanged."""
        return value

    @staticmethod
    def to_url(value: str) -> str:
        """Unchanged."""
        return value
