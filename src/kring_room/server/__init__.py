"""One process: serving, the socket and connection of each device, health, numbers, and how full is full."""
