"""Outlines of towns in as few digits as a small map needs. Pure."""

from typing import Any, Final

DIGITS: Final = 4  # of a degree: some ten metres


def rounded(outline: Any) -> Any:
    """Return a ring, a list of rings or a GeoJSON geometry with its degrees rounded."""
    if isinstance(outline, dict):
        return {**outline, "coordinates": rounded(outline.get("coordinates"))}
    if isinstance(outline, float):
        return round(outline, DIGITS)
    if isinstance(outline, list | tuple):
        return [rounded(part) for part in outline]
    return outline
