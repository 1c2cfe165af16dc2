"""A method that somebody published, for the tests that want one which Kring has not."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.support import Person

METHOD = Path(__file__).parents[1] / "fixtures" / "methods" / "key-question.yaml"


def published(person: Person) -> str:
    """The page of the method, from which a meeting begins."""
    person.page.goto(person.site)
    answer = person.page.request.post(
        f"{person.site}/api/workbench/publish",
        data={"text": METHOD.read_text("utf-8"), "id": None, "key": None},
        headers={"Origin": person.site},
    )
    assert answer.ok, answer.text()
    return f"{person.site}/methods/{answer.json()['id']}"
