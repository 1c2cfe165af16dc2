"""How this server is set up: one typed environment, and Django's settings made from it."""
