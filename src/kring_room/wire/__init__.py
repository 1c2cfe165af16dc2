"""The wire: bytes in and bytes out of one connection, its frames and its messages."""
