"""MQTT: JSON payloads of any device, read by a mapping that a county declares; no program."""
