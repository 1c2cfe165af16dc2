"""The method language: how a method is written down, read and checked. Knows nothing of meetings."""
