"""Of ``kring.circle``."""
