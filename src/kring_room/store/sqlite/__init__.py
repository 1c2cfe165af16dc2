"""The store in one SQLite file: a journal first, the tables after."""
