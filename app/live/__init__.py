"""The live stream: one websocket, one session, every step of a run as it happens."""
