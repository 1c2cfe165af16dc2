"""What is done with circles: ``logs``, a circle and what it keeps; ``keyrings``, the locks of an account."""
