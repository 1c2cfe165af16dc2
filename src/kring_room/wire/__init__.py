"""The wire: bytes to messages and back, frames, and how fast they may come."""
