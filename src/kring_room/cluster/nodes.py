"""The nodes that share a store: what they tell each other, and which of them live.

All of it is soft: what was written stands in the store, and who is connected where is forgotten with the node. A node
counts as alive while its beats are heard. Beats also tell a node whether it hears anything at all: its own come back.
What follows for the rooms from what was received is given back (``Effect``): whoever holds the rooms does it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from kring_room.store.port import Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kring_room.cluster.fanout import Fanout

NODES: Final = "kring:nodes"
_MEETING: Final = "kring:meeting:"
_MISSED: Final = 3
"""Beats without a sound after which a node is gone."""
_NOTHING: Final[Mapping[str, str]] = {}
_NONE: Final[frozenset[str]] = frozenset()
_UNSURE: Final = 600.0
"""Seconds after a message that was not understood, in which nobody is marked absent: as long as an update of all nodes takes."""


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """I live."""

    node: str


class Bye(msgspec.Struct, frozen=True, tag="bye"):
    """I stop; nobody is connected to me any more."""

    node: str


class Wrote(msgspec.Struct, frozen=True, tag="wrote"):
    """This has been written to a meeting."""

    node: str
    write: Write


class Here(msgspec.Struct, frozen=True, tag="here"):
    """These devices are connected to me in this meeting, and since when (milliseconds on the shared clock).

    ``unsent``: for which step a device holds text that it has not sent. ``silent``: the devices that don't answer.
    ``knocks``: those that knock at the closed doors.
    """

    node: str
    devices: dict[str, int]
    unsent: dict[str, str] = {}
    silent: frozenset[str] = frozenset()
    knocks: frozenset[str] = frozenset()


class Who(msgspec.Struct, frozen=True, tag="who"):
    """Who is connected where in this meeting? I don't know."""

    node: str


Message = Beat | Bye | Wrote | Here | Who
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


class Arrived(msgspec.Struct, frozen=True):
    """These devices are connected to another node, since when."""

    meeting: str
    devices: Mapping[str, int]


class Asked(msgspec.Struct, frozen=True):
    """Another node wants to know who is here."""

    meeting: str


class Changed(msgspec.Struct, frozen=True):
    """A node came or went: others may count as here."""


class Doubtful(msgspec.Struct, frozen=True):
    """Something may have been lost: say and ask who is where, and see what was written."""


Effect = Write | Arrived | Asked | Changed | Doubtful
"""What follows for the rooms from what was received."""


class Nodes:
    """This node among the others. ``shared``: whether there may be others at all; if not, nothing is said. ``beat``: seconds."""

    def __init__(self, fanout: Fanout, beat: float, *, shared: bool) -> None:
        self.me = secrets.token_hex(8)
        self.shared = shared
        self._fanout, self._beat = fanout, beat
        self._alive: dict[str, float] = {}
        self._here: dict[str, dict[str, Here]] = {}
        """By meeting and node: what it said last."""
        self._receiving_since: float | None = None
        self._unsure_until = 0.0

    async def start(self, receive: Callable[[str, bytes], None], restored: Callable[[], None]) -> None:
        """Begin to receive: ``receive`` gets what comes, for ``received`` to read; ``restored`` when something may be lost."""
        self._loop = asyncio.get_running_loop()
        if self.shared:
            await self._fanout.start(receive, restored)
            await self._fanout.listen(NODES)

    async def stop(self) -> None:
        """Say goodbye."""
        if self.shared:
            self._publish(NODES, Bye(self.me))
            await self._fanout.stop()

    def beat(self) -> bool:
        """Tell the others that this node lives, to be called every ``beat``; whether one of them no longer does."""
        if not self.shared:
            return False
        self._publish(NODES, Beat(self.me))
        now = self._loop.time()
        gone = [node for node, at in self._alive.items() if now - at > _MISSED * self._beat]
        for node in gone:
            self._leave(node)
        if self.me in gone:
            self._receiving_since = None
        return bool(gone)

    def is_receiving(self, seconds: float = 0) -> bool:
        """Whether this node has heard what is said for so long: its own beats came back."""
        return not self.shared or (
            self._receiving_since is not None
            and self._loop.time() >= self._unsure_until
            and self._loop.time() - self._receiving_since >= seconds
            and self._loop.time() - self._alive.get(self.me, 0) <= _MISSED * self._beat
        )

    async def listen(self, meeting: str) -> None:
        """Hear what is said of this meeting."""
        if self.shared:
            await self._fanout.listen(_MEETING + meeting)
            self.ask(meeting)

    def ask(self, meeting: str) -> None:
        """Ask the others who is connected to them."""
        if self.shared:
            self._publish(_MEETING + meeting, Who(self.me))

    def forget(self, meeting: str) -> None:
        """Hear it no longer."""
        if self.shared:
            self._fanout.forget(_MEETING + meeting)
            self._here.pop(meeting, None)

    def wrote(self, write: Write) -> None:
        """Tell what is durable."""
        if self.shared:
            sent = msgspec.structs.replace(write, snapshot=None) if write.snapshot else write
            self._publish(_MEETING + write.meeting, Wrote(self.me, sent))

    def here(
        self,
        meeting: str,
        devices: Mapping[str, int],
        unsent: Mapping[str, str] = _NOTHING,
        silent: frozenset[str] = _NONE,
        knocks: frozenset[str] = _NONE,
    ) -> None:
        """Tell who is connected to this node, for which step they hold unsent text, who doesn't answer, and who knocks."""
        if self.shared:
            self._publish(_MEETING + meeting, Here(self.me, dict(devices), dict(unsent), silent, knocks))

    def elsewhere(self, meeting: str) -> frozenset[str]:
        """The devices that are connected to other nodes, as far as is known."""
        nodes = self._here.get(meeting)
        return frozenset(device for here in nodes.values() for device in here.devices) if nodes else frozenset()

    def unsent_elsewhere(self, meeting: str) -> Mapping[str, str]:
        """For which step devices that are connected to other nodes hold text that they have not sent."""
        nodes = self._here.get(meeting)
        return {device: step for here in nodes.values() for device, step in here.unsent.items()} if nodes else _NOTHING

    def silent_elsewhere(self, meeting: str) -> frozenset[str]:
        """The devices that are connected to other nodes and don't answer them."""
        nodes = self._here.get(meeting)
        return frozenset(device for here in nodes.values() for device in here.silent) if nodes else _NONE

    def knocking_elsewhere(self, meeting: str) -> frozenset[str]:
        """The devices that knock at the closed doors of other nodes."""
        nodes = self._here.get(meeting)
        return frozenset(device for here in nodes.values() for device in here.knocks) if nodes else _NONE

    def _publish(self, channel: str, message: Message) -> None:
        self._fanout.publish(channel, _encoder.encode(message))

    def received(self, channel: str, raw: bytes) -> Iterator[Effect]:
        """What follows from what was published on a channel."""
        try:
            message = _decoder.decode(raw)
        except msgspec.MsgspecError:
            # Of another release. What was written stands in the store; but it may have said who is with it.
            self._unsure_until = self._loop.time() + _UNSURE
            return
        new = message.node not in self._alive
        self._alive[message.node] = self._loop.time()
        if message.node == self.me:
            if new or self._receiving_since is None:
                self._receiving_since = self._loop.time()
            return
        meeting = channel.removeprefix(_MEETING)
        match message:
            case Wrote(write=write):
                yield write
            case Here(devices=devices):
                self._here.setdefault(meeting, {})[message.node] = message
                yield Arrived(meeting, devices)
            case Who():
                yield Asked(meeting)
            case Bye():
                self._leave(message.node)
                yield Changed()
            case Beat():
                pass
        if new and not isinstance(message, Bye):
            yield Doubtful()  # it was away, or this one was: what each knew of the other is gone

    def restored(self) -> None:
        """The others can be heard again; what they said meanwhile is lost."""
        self._receiving_since = None
        self._alive.pop(self.me, None)

    def _leave(self, node: str) -> None:
        self._alive.pop(node, None)
        for nodes in self._here.values():
            nodes.pop(node, None)
