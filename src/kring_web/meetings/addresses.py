"""What ids look like in an address."""

from __future__ import annotations

MEETING_PATTERN = "[a-z2-7]{20}"


class MeetingId:
    """Path converter: 20 characters of base32, lower case. Anything else is no address of ours."""

    regex = MEETING_PATTERN

    @staticmethod
    def to_python(value: str) -> str:
        """Keep it as it is."""
        return value

    @staticmethod
    def to_url(value: str) -> str:
        """Keep it as it is."""
        return value
