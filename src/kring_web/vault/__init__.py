"""The vault: sealed content with an end date. The room writes it; this app sees to it that it is forgotten."""
