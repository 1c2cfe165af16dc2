"""Circles: what a server keeps of them, and can't read. Who belongs where it learns from their signed logs."""
