"""What the room tells, applied once: the cursor, and the thread that moves it."""
