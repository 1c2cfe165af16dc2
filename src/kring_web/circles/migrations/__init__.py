"""Tables of circles."""
