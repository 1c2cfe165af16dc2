"""Where meetings are kept: one port, and the adapters behind it."""
