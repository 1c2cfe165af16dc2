"""The live room: one WebSocket per device around the pure engine of ``kring.meeting``. Knows no Django."""
