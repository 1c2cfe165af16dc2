"""``python -m kring_client.colleagues``: plays simulated colleagues in a practice meeting, over the public protocol.

Reads one line of JSON from standard input::

    {"url": "ws://127.0.0.1:8000", "meeting": "...", "key": "...", "language": "nl", "seats": 5,
     "newcomer": "owner", "seed": 1}

The key comes this way, and not as an argument, because arguments show in the list of processes.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from random import Random
from typing import Literal

import msgspec

from kring.methods.model import Method
from kring.rehearsal.behaviour import Behaviour, Manners
from kring_client.client import Client, new_id
from kring_client.colleague import Colleague, Company, Pace
from kring_client.encoding import SealBroken
from kring_client.keys import LinkKeys
from kring_client.texts import Texts
from kring_client.tickets import Closed, fetch_method


class Config(msgspec.Struct, frozen=True):
    """Which meeting, and whom to play. ``pace``: 1 as people do, 0 at once; ``patience``: seconds without a line."""

    url: str
    meeting: str
    key: str
    language: str = "en"
    seats: int = 5
    newcomer: Literal["owner", "participant", "facilitator", "nobody"] = "participant"
    seed: int = 0
    pace: float = 1.0
    patience: float = 60.0
    alone: float = 300.0
    """Seconds after which they leave, when nobody else came, or came back."""


_LOOK = 5.0
"""Seconds between two looks whether anybody else is there."""
_CONFIG = msgspec.json.Decoder(Config)


class Group:
    """The colleagues of one meeting. Without a newcomer they play among themselves."""

    def __init__(self, config: Config, method: Method) -> None:
        alone = config.newcomer == "nobody"
        self.config, self.method = config, method
        self.count = max(0, min(config.seats, method.group.max - (0 if alone else 1)))
        self.texts = Texts(config.language, _chance(config.seed, "texts"))
        self.company = Company(newcomer=not alone, for_owner=config.newcomer == "owner", favourite=self._person(0))
        self.colleagues = [self._colleague(number) for number in range(self.count)]

    def _colleague(self, number: int) -> Colleague:
        config = self.config
        # The last one facilitates, so that the case they favour (the first one's) is of somebody else.
        leads = number == self.count - 1 and config.newcomer != "facilitator"
        expects = self.count + (1 if self.company.newcomer else 0)
        manners = Manners(facilitates=leads, hosts=leads, expects=expects, writes=1.0, passes=0.04, wanders=0.0)
        client = Client(config.url, config.meeting, LinkKeys.read(config.key), patience=config.patience)
        behaviour = Behaviour(self.method, _chance(config.seed, f"behaviour {number}"), new_id, manners)
        pace = Pace(_chance(config.seed, f"pace {number}"), config.pace)
        return Colleague(client, behaviour, self.texts, pace, person=self._person(number), company=self.company)

    def _person(self, number: int) -> int:
        """The favoured case comes from the complete ones, another with each seed."""
        people = len(self.texts.people)
        complete = self.texts.complete()
        first = complete[self.config.seed % len(complete)]
        order = [first, *(one for one in range(people) if one != first)]
        return order[number % people]

    async def play(self) -> list[str]:
        """All of them, to the end; why each ended. Where nobody else is there for long, they leave."""
        playing = asyncio.gather(*(colleague.play() for colleague in self.colleagues))
        if not self.company.newcomer:
            return await playing
        deserted = asyncio.create_task(self._deserted())
        try:
            await asyncio.wait((playing, deserted), return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                return playing.result()
            return ["deserted"] * self.count
        finally:
            for one in (playing, deserted):
                one.cancel()
            await asyncio.gather(playing, deserted, return_exceptions=True)

    async def _deserted(self) -> None:
        """Wait until nobody else has been there for so long."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while loop.time() - since < self.config.alone:
            await asyncio.sleep(min(_LOOK, self.config.alone / 4))
            if self._in_company():
                since = loop.time()

    def _in_company(self) -> bool:
        clients = [colleague.client for colleague in self.colleagues]
        ours = {client.seat for client in clients}
        seats = next((client.view["seats"] for client in clients if client.seat is not None), ())
        return any(seat["here"] and seat["device"] and seat["id"] not in ours for seat in seats)


def _chance(seed: int, what: str) -> Random:
    """Chance of its own for each purpose, so that one who takes longer changes nothing for another."""
    return Random(f"{seed} {what}")  # noqa: S311 (what simulated people happen to do)


async def play(config: Config) -> list[str]:
    """Play the colleagues of ``config``; raises ``Closed`` when there is no such meeting."""
    me = asyncio.current_task()
    if me is not None and sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)
    return await Group(config, await fetch_method(config.url, config.meeting)).play()


def main() -> int:
    """Read the configuration, play, and leave. 2: the configuration is not one."""
    try:
        config = _CONFIG.decode(sys.stdin.buffer.readline())
        LinkKeys.read(config.key)
    except (msgspec.DecodeError, SealBroken):
        sys.stderr.write(
            "Expected one line of JSON with url, meeting and key.\n"
        )  # Not the line itself: it has the key.
        return 2
    try:
        ends = asyncio.run(play(config))
    except (Closed, OSError) as error:
        sys.stderr.write(f"No meeting to play in: {error}\n")
        return 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        return 0
    sys.stderr.write(f"The colleagues have left: {', '.join(sorted(set(ends)))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
