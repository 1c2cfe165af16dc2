"""Mail: templates in each language, one outbox, SMTP; on one's own machine a mailbox page. Never content, never a key."""
