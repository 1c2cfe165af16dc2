"""The mailbox page: what would have been mailed, to be read on this machine alone.

It will show codes to sign in, so it is there only under ``kring practice``, only on a localhost address, and never for what a
proxy passed on; to everybody else there is no such page.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kring_web.config.current import has_local_mailbox
from kring_web.config.values import is_this_machine
from kring_web.mail import services

_FORWARDED = ("Forwarded", "Via", "X-Real-Ip")


def _only_here(request: HttpRequest) -> None:
    """Raise ``Http404`` unless somebody on this very machine asks."""
    passed_on = any(name in request.headers for name in _FORWARDED) or any(
        name.lower().startswith("x-forwarded-") for name in request.headers
    )
    host = request.get_host().rpartition(":")[0] or request.get_host()
    here = is_this_machine(str(request.META.get("REMOTE_ADDR", ""))) and is_this_machine(host.strip("[]"))
    if passed_on or not here or not has_local_mailbox():
        raise Http404


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """What was mailed lately, the newest first."""
    _only_here(request)
    return render(request, "mail/mailbox.html", {"mails": services.mailbox()})


@require_safe
@never_cache
def message(request: HttpRequest, mail: str) -> HttpResponse:
    """One mail, as its reader sees it without pictures and colours."""
    _only_here(request)
    found = services.from_mailbox(mail)
    if found is None:
        raise Http404
    return render(request, "mail/message.html", {"mail": found})
