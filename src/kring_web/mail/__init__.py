"""Mail: templates in each language, one outbox, SMTP; under ``kring practice`` a mailbox page. Never content, never a key."""
