"""The Python client: take a seat, seal and unseal, act. Knows the public protocol and ``kring``, nothing of the server."""
