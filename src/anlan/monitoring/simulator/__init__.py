"""Stations that do not exist, speaking SL 651 over real sockets: for drills of the gateway."""
