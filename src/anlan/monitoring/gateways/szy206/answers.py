"""What the centre answers to frames, once their readings are durable."""

from collections.abc import Sequence
from datetime import datetime

from .encode import encode_confirmation
from .values import UpFrame


def answers_to(frames: Sequence[UpFrame | None], *, sent_at: datetime) -> tuple[bytes | None, ...]:
    """Return the confirmation of each frame; None for a refused one, which is sent again."""
    return tuple(encode_confirmation(frame, sent_at=sent_at) if frame else None for frame in frames)
