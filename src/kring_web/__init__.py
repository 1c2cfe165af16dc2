"""The Django side of Kring: pages, the small JSON API, retention. Case content never passes through it unsealed."""
