"""What each key of the language means, in one sentence: for editors (by the schema) and for the reference.

The sentences are in ``texts/meanings.LANGUAGE.json``: ``Phase.ends`` is a key of a part of the model, ``Role`` the part itself.
The schema and the reference speak English; the workbench takes the sentence of its own language by the same name.
"""

from __future__ import annotations

from kring.methods.sentences import sentences


def of_keys() -> dict[str, dict[str, str]]:
    """Return the meanings of keys in English, by part of the model and then by key, in the order of the reference."""
    found: dict[str, dict[str, str]] = {}
    for name, meaning in sentences("meanings", "en").items():
        part, _, key = name.partition(".")
        if key:
            found.setdefault(part, {})[key] = meaning
    return found


def of_parts() -> dict[str, str]:
    """Return the meanings of parts, for those that stand in a file under names that people choose."""
    return {name: meaning for name, meaning in sentences("meanings", "en").items() if "." not in name}
