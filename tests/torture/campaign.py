"""Faults, one after the other, on one installation full of meetings; what came of it, and how soon all was well again."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from random import Random

import msgspec

from tests.torture.checker import judge
from tests.torture.faults import Limits, Over, Site
from tests.torture.history import Asked, Ended, Evidence, Heard, Violation
from tests.torture.installation import Installation, method_of
from tests.torture.meeting import Meeting

METHODS = ("linxx-9", "leading-org-7", "tietze-6", "troika")
RECOVERS_WITHIN = 60.0
LONGEST = 100.0
"""Seconds of one meeting at most; then another begins."""
WATCHES = 0.2
"""Seconds between two looks at whether a node fell by itself."""
BREATH = (0.05, 0.3)
"""Seconds between two faults."""


class Recovery(msgspec.Struct, frozen=True):
    """How soon all was well after the end of a fault, in seconds; ``None`` when that never came.

    ``acknowledged``: a first command is done in the last affected meeting; ``all_here``: every device has a line.
    """

    kind: str
    acknowledged: float | None
    all_here: float | None


class Verdict(msgspec.Struct, frozen=True):
    """What the checker found in one meeting, and how much it looked at."""

    meeting: str
    events: int
    asked: int
    acknowledged: int
    refused: int
    heard: int
    again: int
    """How often the room said that it could not write something down."""
    ended: dict[str, int]
    """Why lines ended, by the room's word; ``cut`` where nobody said why."""
    violations: list[Violation]


class Campaign:
    """One installation, its meetings and its faults. ``folder``: where what was found guilty is left, to be looked at."""

    def __init__(
        self, installation: Installation, executor: Executor, folder: Path, *, seed: str, rooms: int, limits: Limits
    ) -> None:
        self.installation = installation
        self.recoveries: list[Recovery] = []
        self.verdicts: list[Verdict] = []
        self.trouble: list[str] = []
        self._executor = executor
        self._folder = folder
        self._random = Random(seed)
        self._seed = seed
        self._rooms = rooms
        self._limits = limits
        self._meetings: list[Meeting] = []
        self._opened = 0
        self._judging: set[asyncio.Task[None]] = set()

    async def run(self, take: Callable[[str], bool]) -> None:
        """Begin the meetings, do faults as long as ``take`` gives one, end and judge all meetings."""
        await self.installation.start()
        watch = asyncio.create_task(self._watch())
        try:
            for number in range(self._rooms):
                self._meetings.append(await self._open(number))
            await self._recovered("start", Over(time.monotonic(), self._meetings))
            due = list(self.installation.kinds)
            self._random.shuffle(due)
            while take(kind := due.pop() if due else self._by_chance()):
                await self._once(kind)
            await asyncio.gather(*(self._retire(meeting) for meeting in self._meetings))
            while self._judging:
                await asyncio.gather(*self._judging)
        finally:
            watch.cancel()
            await asyncio.wait((watch,))  # it may be starting a node, which must not outlive it
            await asyncio.gather(*(meeting.abandon() for meeting in self._meetings))
            await self.installation.stop()

    def _by_chance(self) -> str:
        kinds = self.installation.kinds
        return self._random.choices(list(kinds), [kind.weight for kind in kinds.values()])[0]

    async def _once(self, name: str) -> None:
        """One fault of this kind; then fresh meetings for those that are over."""
        site = Site(self.installation, self._meetings, self._random, self._limits)
        over = await self.installation.kinds[name].do(site)
        await self._recovered(name, over)
        if over.then:
            await over.then()
        await asyncio.sleep(self._random.uniform(*BREATH))
        for number, meeting in enumerate(self._meetings):
            if meeting.closed or time.monotonic() - meeting.began > LONGEST:
                await self._retire(meeting)
                self._meetings[number] = await self._open(number)

    async def _watch(self) -> None:
        """Note each node that falls by itself, which none may, and start it so that the others' faults go on."""
        while True:
            await asyncio.sleep(WATCHES)
            for node in self.installation.nodes:
                if node.process.fell is not None:
                    self.trouble.append(f"a node of {self.installation.name} fell by itself ({node.process.fell})")
                    await node.process.start(wait=False)

    async def _recovered(self, name: str, over: Over) -> None:
        acknowledged = here = None
        try:
            async with asyncio.timeout(RECOVERS_WITHIN):
                waits = (meeting.acknowledged(over.at) for meeting in over.meetings if not meeting.closed)
                times = await asyncio.gather(*waits)
                acknowledged = max(times, default=over.at) - over.at
                await asyncio.gather(*(meeting.all_here() for meeting in over.meetings))
                here = time.monotonic() - over.at
        except TimeoutError:
            self.trouble.append(f"no recovery from {name} on {self.installation.name}")
        if name != "start":
            self.recoveries.append(Recovery(name, acknowledged, here))

    async def _open(self, number: int) -> Meeting:
        method = METHODS[(self._opened + number) % len(METHODS)]
        self._opened += 1
        opened = await self.installation.open_meeting(method)
        seed = f"{self._seed} {self._opened}"
        meeting = Meeting(opened, method_of(method), self.installation.place, seed)
        meeting.start()
        return meeting

    async def _retire(self, meeting: Meeting) -> None:
        """End a meeting, and let it be judged beside what goes on."""
        if not await meeting.finish():
            self.trouble.append(f"a meeting did not settle on {self.installation.name}")
        evidence = await self.installation.evidence(meeting.id, meeting.method, meeting.histories)
        task = asyncio.create_task(self._judge(meeting.id, evidence))
        self._judging.add(task)
        task.add_done_callback(self._judging.discard)

    async def _judge(self, meeting: str, evidence: Evidence) -> None:
        loop = asyncio.get_running_loop()
        violations = await loop.run_in_executor(self._executor, judge, evidence)
        if violations:
            self._keep(meeting, evidence, violations)
        self.verdicts.append(verdict(meeting, evidence, violations))

    def _keep(self, meeting: str, evidence: Evidence, violations: list[Violation]) -> None:
        """Sealed bodies of made-up meetings: nobody's content."""
        path = self._folder / f"{self.installation.name}-{meeting}.json"
        path.write_bytes(msgspec.json.encode(evidence))
        print(f"guilty: {path}: {violations[0]}", flush=True)  # noqa: T201 - for whoever looks into it


def verdict(meeting: str, evidence: Evidence, violations: list[Violation]) -> Verdict:
    """What was found, with how much was looked at."""
    entries = [entry for history in evidence.histories for entry in history.entries]
    frames = [entry.frame for entry in entries if isinstance(entry, Heard)]
    refused = [frame for frame in frames if frame.startswith('{"type":"refused"')]
    again = sum('"code":"try-again"' in frame for frame in refused)
    return Verdict(
        meeting=meeting,
        events=len(evidence.log),
        asked=sum(isinstance(entry, Asked) for entry in entries),
        acknowledged=sum(frame.startswith('{"type":"done"') for frame in frames),
        refused=len(refused) - again,
        heard=len(frames),
        again=again,
        ended=Counter(entry.reason or "cut" for entry in entries if isinstance(entry, Ended)),
        violations=violations,
    )
