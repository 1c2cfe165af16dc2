"""One process: serving, health, numbers, and how full is full."""
