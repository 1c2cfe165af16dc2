"""Addresses of the JSON API about circles."""

from __future__ import annotations

from django.urls import path, register_converter

from kring_web.circles import api


class CircleConverter:
    """A circle's id: the hash of the first entry of its log."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    to_url = to_python


register_converter(CircleConverter, "circle")
urlpatterns = [
    path("api/keyring", api.keyring, name="keyring"),
    path("api/keyring/lock", api.lock, name="keyring-lock"),
    path("api/keyring/unlock", api.unlock, name="keyring-unlock"),
    path("api/keyring/keep", api.keep, name="keyring-keep"),
    path("api/keyring/renew", api.renew, name="keyring-renew"),
    path("api/keyring/restore", api.restore, name="keyring-restore"),
    path("api/circles", api.circles, name="circles"),
    path("api/circles/found", api.found, name="circle-found"),
    path("api/circles/<circle:circle>/log/<int:since>", api.log, name="circle-log"),
    path("api/circles/<circle:circle>/append", api.append, name="circle-append"),
    path("api/circles/<circle:circle>/visit", api.visit, name="circle-visit"),
    path("api/circles/<circle:circle>/consents", api.consents, name="circle-consents"),
    path("api/circles/<circle:circle>/consent", api.consent, name="circle-consent"),
    path("api/circles/<circle:circle>/withdraw", api.withdraw, name="circle-withdraw"),
    path("api/circles/<circle:circle>/items/<slug:kind>", api.items, name="circle-items"),
    path("api/circles/<circle:circle>/item", api.item, name="circle-item"),
    path("api/circles/<circle:circle>/forget", api.forget, name="circle-forget"),
]
