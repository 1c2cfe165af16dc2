"""Knocking: who has no link comes to the door by a join code, and in by a check by voice."""
