"""Commands of Django's kind."""
