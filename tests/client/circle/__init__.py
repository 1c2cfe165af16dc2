"""Of ``kring_client.circle``."""
