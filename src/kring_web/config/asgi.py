"""The pages and the API as an ASGI application; the room stands beside it on the same port."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kring_web.config.settings")
application = get_asgi_application()
