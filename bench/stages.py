"""Where one contribution's time goes: the saturated server looked at from outside, several hundred times a second.

What the kernel and the threads used is counted by the system; the samples say which code the event loop was in.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench.contenders import Played
from bench.processes import GENERATOR_CORE, Json, on_core
from bench.sections import Form, contender

PARTS = {
    "deciding and folding": ("kring/meeting/", "kring/methods/"),
    "views, facts, encoding": (
        "live/audience.py", "wire/codec.py", "live/attendees.py", "live/bodies.py", "live/version.py", "wire/messages.py",
    ),
    "the room's own care": ("kring_room/",),
    "reading and writing frames": (
        "kring_room/server/transport.py", "kring_room/server/connection.py", "kring_room/wire/limits.py",
        "kring_room/server/serving.py", "websockets/", "uvicorn/", "picows", "httptools",
    ),
    "storing": ("kring_room/store/", "sqlite3/"),
}  # fmt: skip
"""Parts by the files that do them; the more exact one wins."""
REST = "event loop and the rest"
SOCKETS = "the kernel's sockets"
COMMIT = "the writer's thread, with the disk"
_RATE = 400
_KEPT = 150
"""Different stacks that the JSON keeps."""
_FRAME = re.compile(r"^(?P<name>.*) \((?P<place>[^()]+?)(?::\d+)?\)$")


def stages(played: Played, form: Form) -> Json:
    """Microseconds of one contribution by part, and the samples as folded stacks for the flame graph."""
    with tempfile.TemporaryDirectory() as folder, contender("kring", played, form) as one:
        one.generator.fill()
        raw = Path(folder) / "raw"
        command = [str(Path(sys.executable).with_name("py-spy")), "record", "--nonblocking", "--format", "raw"]
        command += ["--threads", "--duration", str(round(form.seconds)), "--rate", str(_RATE), "--pid", str(one.pid)]
        with on_core(GENERATOR_CORE, [*command, "--output", str(raw)]) as spy:
            result = one.generator.play(warm=0.2, seconds=form.seconds)
            try:
                spy.wait(30)
            except subprocess.TimeoutExpired:
                return {}
        stacks = folded(raw.read_text()) if raw.exists() else Counter()
    return {"parts_us": parts(result, stacks), "stacks": dict(stacks.most_common(_KEPT))}


def folded(raw: str) -> Counter[str]:
    """Samples of the event loop's thread: stacks of ``function place``, from the outermost function of ours inwards."""
    found: Counter[str] = Counter()
    for line in raw.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [match for frame in stack.split(";") if (match := _FRAME.match(frame))]
        begun = next((n for n, one in enumerate(frames) if "runners.py" in one["place"]), -1) + 1
        if "MainThread" not in stack or not begun:
            continue  # another thread, or a sample that was taken while the stack changed
        found[";".join(f"{one['name']} {one['place']}" for one in frames[begun:]) or REST] += int(count)
    return found


def part_of(stack: str) -> str:
    """The part to which the innermost frame that we know belongs."""
    for frame in reversed(stack.split(";")):
        place = frame.rpartition(" ")[2]
        for part, files in sorted(PARTS.items(), key=lambda item: "kring_room/" in item[1]):
            if any(file in place for file in files):
                return part
    return REST


def parts(result: Json, stacks: Counter[str]) -> dict[str, float]:
    """Microseconds per contribution: the loop's own time is dealt out by the samples, the rest is as counted."""
    loop, *others = result["threads"][0]
    each = 1e6 / max(1, result["contributions"])
    sampled: Counter[str] = Counter()
    for stack, count in stacks.items():
        sampled[part_of(stack)] += count
    total = max(1, sampled.total())
    found = {part: loop["user"] * each * count / total for part, count in sampled.most_common()}
    found[SOCKETS] = loop["system"] * each
    found[COMMIT] = sum(one["user"] + one["system"] for one in others) * each
    return found
