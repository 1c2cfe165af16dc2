"""The mailbox page: what would have been mailed, to be read on this machine only.

It will show sign-in codes, so it exists only under ``kring practice``, only at a localhost address, and never for a request
that a proxy forwarded; everybody else gets 404.
"""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kring_web.config.current import has_local_mailbox
from kring_web.config.proxies import DROPPED
from kring_web.config.values import is_this_machine
from kring_web.mail import services

_FORWARDED = ("forwarded", "via")
"""What a proxy says of itself ..."""
_FORWARDED_BY = re.compile(r"x[-_]forwarded|(.*[-_])?(client|connecting|real|remote)[-_](ip|addr)\b")
"""... and of whom it asks for."""
_OF_BROWSERS = ("1.1", "2", "3")
"""The versions of HTTP that a browser speaks; a proxy that says nothing of itself often speaks 1.0."""


def _require_local(request: HttpRequest) -> None:
    """Raise ``Http404`` unless the request comes from this machine."""
    names = [name.lower() for name in request.headers]
    forwarded = (
        DROPPED in request.META
        or any(name in _FORWARDED or _FORWARDED_BY.match(name) for name in names)
        or getattr(request, "scope", {}).get("http_version", "1.1") not in _OF_BROWSERS
    )
    host = request.get_host().rpartition(":")[0] or request.get_host()
    here = is_this_machine(str(request.META.get("REMOTE_ADDR", ""))) and is_this_machine(host.strip("[]"))
    if forwarded or not here or not has_local_mailbox():
        raise Http404


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The latest mails, newest first."""
    _require_local(request)
    return render(request, "mail/mailbox.html", {"mails": services.mailbox()})


@require_safe
@never_cache
def message(request: HttpRequest, mail: str) -> HttpResponse:
    """One mail, as plain text."""
    _require_local(request)
    found = services.find_in_mailbox(mail)
    if found is None:
        raise Http404
    return render(request, "mail/message.html", {"mail": found})
