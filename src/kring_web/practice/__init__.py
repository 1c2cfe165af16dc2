"""Practice: simulated colleagues who sit down in a practice meeting over the public protocol."""
