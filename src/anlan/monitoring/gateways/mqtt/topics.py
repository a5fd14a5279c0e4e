"""Topics and the filters by which they are subscribed to (MQTT 5.0, section 4.7)."""

LONGEST = 120
ONE, REST = "+", "#"


def is_filter(text: str) -> bool:
    """Tell whether a text is a filter: `+` stands for one part, `#` at the end for all others."""
    if not text or len(text) > LONGEST or "\0" in text:
        return False
    *parts, last = text.split("/")
    inner_is_good = all(part == ONE or not {ONE, REST} & set(part) for part in parts)
    return inner_is_good and (last in (ONE, REST) or not {ONE, REST} & set(last))


def matches(pattern: str, topic: str) -> bool:
    """Tell whether a topic falls under a filter; the broker's own (`$…`) do only by name."""
    wanted, given = pattern.split("/"), topic.split("/")
    if given[0].startswith("$") and wanted[0] in (ONE, REST):
        return False
    if wanted[-1] == REST:
        wanted = wanted[:-1]
        return len(given) >= len(wanted) and _fit(wanted, given)
    return len(given) == len(wanted) and _fit(wanted, given)


def precision(pattern: str) -> tuple[int, int]:
    """Return how narrow a filter is: the one with more plain parts, then with more parts, wins."""
    parts = pattern.split("/")
    return sum(part not in (ONE, REST) for part in parts), sum(part != REST for part in parts)


def _fit(wanted: list[str], given: list[str]) -> bool:
    return all(one in (ONE, part) for one, part in zip(wanted, given, strict=False))
