"""Of ``kring_client.keyring``."""
