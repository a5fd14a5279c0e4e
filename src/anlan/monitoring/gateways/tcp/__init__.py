"""Listen to stations over TCP: one port a protocol, one intake for all.

A link cuts its bytes into frames (`link.py`, with the conversation of its protocol). They wait in
one bounded intake (`intake.py`), which stores what is there in one transaction and confirms only
when that has committed. When the intake is full nobody is read from any more: the senders wait,
and their readings with them.
"""
