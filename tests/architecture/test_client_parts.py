"""The parts of the TypeScript client: leaves that know nothing above them, and screens that keep to themselves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.architecture import house

ROOT: Final = "client/src/"
MAY_IMPORT: Final = {
    "protocol": set[str](),
    "crypto": set[str](),
    "transport": {"protocol"},
    "design": {"protocol"},
    "knock": {"protocol", "crypto", "transport"},
    "circle": {"protocol", "crypto", "transport"},
    "room": {"protocol", "crypto", "transport", "design", "knock"},
    "workbench": {"protocol", "transport", "design", "room"},
    "site": {"crypto", "transport", "design", "knock"},
}
"""Every part, from leaf to top, with the parts that it may import."""
DOORS: Final = {"room": "room/index.ts"}
"""What the other parts may import of a part; of the rest, any file."""
INSIDE: Final = {"texts": set[str](), "state": {"texts"}, "sound": set[str](), "ui": {"texts", "state", "sound"}}
"""The folders of a part with screens, and which of the others each may import."""
TEXT: Final = "design/MethodText.svelte"
"""What shows a text of a method, and says in which language it is."""
OPTION: Final = "workbench/ui/OpenMethod.svelte"
"""An ``<option>`` holds no element, so it says its language itself."""
SPECIFIER: Final = re.compile(r"""(?:\bfrom|\bimport|\bimport\()\s*["'](\.[^"'?]*)""")


def imports(path: str, source: str) -> Iterator[str]:
    """What a file of the client imports from the client, relative to its root."""
    for match in SPECIFIER.finditer(source):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match.group(1)))
        if not target.startswith("../"):
            yield target


def fault(path: str, target: str) -> str | None:
    """Why this import is wrong, or nothing. Both are paths relative to the client's root."""
    part, *inner = path.split("/")
    other, *beyond = target.split("/")
    if part not in MAY_IMPORT:
        return f"{path}: `{part}` is no part of the client; say in MAY_IMPORT what it may import"
    if part != other:
        allowed = other in MAY_IMPORT[part] and DOORS.get(other, target) == target
        return None if allowed else f"{path} imports {target}"
    if len(inner) > 1 and len(beyond) > 1 and inner[0] in INSIDE and inner[0] != beyond[0]:
        return None if beyond[0] in INSIDE[inner[0]] else f"{path} imports {target}"
    return None


def test_the_parts_of_the_client_import_only_what_they_may() -> None:
    paths = [path for path in house.code(ROOT) if path.suffix in {".ts", ".svelte", ".css"}]
    client = {path.as_posix().removeprefix(ROOT): house.text(path) for path in paths}
    found = [fault(path, target) for path, source in client.items() for target in imports(path, source)]
    assert len(found) > 300
    assert [one for one in found if one] == []


def test_one_component_says_in_which_language_a_text_of_a_method_is() -> None:
    screens = {path.as_posix().removeprefix(ROOT): house.text(path) for path in house.code(ROOT)}
    asks = {path for path, source in screens.items() if path.endswith(".svelte") and "langOf(" in source}
    assert asks == {TEXT, OPTION}


def test_every_part_stands_in_a_folder() -> None:
    assert {Path(path).parts[2] for path in house.code(ROOT)} == set(MAY_IMPORT)


def test_an_import_that_goes_up_is_seen() -> None:
    assert fault("protocol/codes.ts", "transport/api.ts")
    assert fault("design/Ask.svelte", "room/ui/context.ts")
    assert fault("room/ui/App.svelte", "workbench/state/api.ts")
    assert fault("workbench/ui/Rehearsal.svelte", "room/ui/App.svelte")
    assert fault("room/state/fold.ts", "room/ui/reading.ts")
    assert fault("somewhere/new.ts", "protocol/index.ts")
    assert not fault("workbench/ui/Rehearsal.svelte", "room/index.ts")
    assert not fault("transport/api.ts", "protocol/method.ts")
    assert not fault("room/main.ts", "room/ui/App.svelte")


def test_every_way_to_import_is_seen() -> None:
    source = 'import a from "../a.ts";\nexport { b } from "./b.ts";\nimport "../c.css";\nawait import("../d.ts");\n'
    assert list(imports("room/ui/x.ts", source)) == ["room/a.ts", "room/ui/b.ts", "room/c.css", "room/d.ts"]
    assert list(imports("room/ui/x.ts", 'import y from "../../../../src/kring/z.yaml?raw";')) == []
