"""Loudspeakers in villages: a text to be read aloud, with the message in CAP behind it."""
