"""The pages: the start page, the page around the room, and kind words when something is not there."""
