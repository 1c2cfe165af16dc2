"""What may be tuned about the room. All times in seconds unless the name says otherwise."""

from __future__ import annotations

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """A token bucket: ``burst`` at once, then ``per_second``."""

    burst: float
    per_second: float


class RoomSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The defaults are for people; tests shorten the times."""

    hello_within: float = 10
    admit_within: float = 9
    """For a device to be let in: where the store does not answer, it should come again, and is told so."""
    presence_grace: float = 30
    commands: Rate = Rate(20, 5)
    pings: Rate = Rate(10, 1)
    frames: Rate = Rate(64, 16)
    """Frames of one device: a message comes in one or a few of them, and a ping or a pong is one."""
    frame_bytes: Rate = Rate(1024 * 1024, 128 * 1024)
    """Bytes of one device: some five times what its commands can need."""
    frames_before_hello: int = 8
    bytes_before_hello: int = 8 * 1024
    head_within: float = 10
    """For an HTTP request to say what it wants, from its first byte or from the connection on."""
    body_within: float = 60
    answer_within: float = 60
    """For the other side to read some of an answer that it keeps waiting."""
    buffer: int = 256 * 1024
    """Bytes that may wait for a slow reader before the room lets go of it."""
    snapshot_every: int = 500
    """Events of a meeting after which its state is kept, so that a long one opens quickly."""
    beat: float = 2
    """How often nodes that share a store say that they live, and look whether they missed something."""
    takeover: float = 1
    """How often a node looks for what is due in meetings that it has not loaded; so late it may be done."""
    tables: int = 3
    """Table screens per meeting."""
    visitors: int = 32
    """Devices without a seat that may look in at once, per meeting."""
    keepalive: float = 8
    """How often a device is asked for a sign of life. Whoever gives none until the next time is shown to be offline, and is gone
    after eight of them."""
    idle: float = 300
    """A meeting without anyone connected is kept in memory for so long."""
    sweep: float = 60
    """How often expired content is looked for."""
    content_days: int = 30
    intention_days: int | None = None
    """Days for which what people mean to do is kept; ``None``: as long as the rest."""
    gathering_days: int = 14
    """Days that people have for coming together before a meeting in writing begins."""
    stop_within: float = 1.5
    """Seconds for what was asked to become durable and told, when the server stops; then every line ends."""
    origins: tuple[str, ...] = ()
    """Further origins (``https://...``) whose pages may open the room; its own host always may ..."""
    schemes: tuple[str, ...] = ("http", "https")
    """... by one of these schemes."""
    hosts: tuple[str, ...] = ()
    """The names, without a port, that the room answers to; none: any."""
