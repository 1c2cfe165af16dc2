"""The command line of Kring. It may use everything of ours; nothing uses it."""
