"""``{% colour "ground" "dark" %}``: a token of colour, where no stylesheet reaches."""

from __future__ import annotations

from django import template

from kring_web.web.tokens import DARK, LIGHT

register = template.Library()


@register.simple_tag
def colour(name: str, scheme: str = "light") -> str:
    """The token's value, by ``light`` or ``dark``."""
    return (DARK if scheme == "dark" else LIGHT)[name]
