"""``{% lang_of text.method.name %}``: where a method lacks the page's language, the ``lang`` of what stands in for it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kring.methods.model import Text
from kring_web.methods.labels import read_in

register = template.Library()


@register.simple_tag
def lang_of(text: Text | None) -> SafeString:
    """An attribute for the element around the text, or nothing."""
    page = get_language() or "en"
    language = read_in(text, page)
    return SafeString() if language == page else format_html(' lang="{}"', language)
