"""Accounts: who somebody is. They live in Django's own database; the room knows none of them."""
