"""``/healthz``, ``/readyz`` and ``/metrics``: answered by the event loop itself, before anything of the pages is asked.

Whoever may reach the port may ask how it is; the numbers are only for who shows the token.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, Final

from kring_room.server.http import PLAIN
from kring_room.server.metrics import CONTENT_TYPE, Metrics
from kring_room.server.pulse import SCOPE
from kring_room.wire import codec

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from kring_room.server.pulse import Pulse

    AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

_JSON: Final = "application/json"
_Answer = tuple[int, str, bytes, dict[str, str]]


class Probes:
    """An ASGI application around another. Without a ``token`` there are no metrics for anybody."""

    def __init__(self, app: AsgiApp, pulse: Pulse, token: str | None = None) -> None:
        self._app = app
        self._pulse = pulse
        self._metrics = Metrics(pulse)
        self._token = token

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's own signature
        """Answer, or pass on what is not for us, with the pulse at hand."""
        answer = self._ASKED.get(scope.get("path")) if scope["type"] == "http" else None
        if answer is None:
            await self._app({**scope, SCOPE: self._pulse}, receive, send)
            return
        if scope["method"] in ("GET", "HEAD"):
            status, kind, body, more = await answer(self, scope)
        else:
            status, kind, body, more = _problem(405, "wrong-method", Allow="GET")
        headers = {"content-type": kind, "content-length": str(len(body)), **PLAIN, **more}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _health(self, _scope: Any) -> _Answer:  # noqa: ANN401 - ASGI's own
        return 200, _JSON, b'{"alive":true}', {}

    async def _readiness(self, _scope: Any) -> _Answer:  # noqa: ANN401 - ASGI's own
        await self._pulse.check_store()
        full = self._pulse.full()
        store, stopping = not self._pulse.store_fails, self._pulse.hub.stopping
        ready = store and not stopping
        said = {
            "ready": ready,
            "store": store,
            "stopping": stopping,
            "overloaded": full is not None and full.code == "overloaded",
        }
        return 200 if ready else 503, _JSON, codec.json(said), {}

    async def _numbers(self, scope: Any) -> _Answer:  # noqa: ANN401 - ASGI's own
        if self._token is None:
            return _problem(404, "metrics-off")
        shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        kind, _, token = shown.partition(b" ")
        if kind.lower() != b"bearer" or not hmac.compare_digest(token.strip(), self._token.encode()):
            return _problem(401, "token-needed", **{"www-authenticate": "Bearer"})
        return 200, CONTENT_TYPE, self._metrics.text(), {}

    _ASKED: Final = {"/healthz": _health, "/readyz": _readiness, "/metrics": _numbers}


def _problem(status: int, code: str, **headers: str) -> _Answer:
    return status, _JSON, codec.json({"code": code}), headers
