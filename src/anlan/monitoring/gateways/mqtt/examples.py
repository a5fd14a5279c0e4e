"""Two device models to start from: a rain gauge that speaks for itself, a gateway for many."""

from typing import Any, Final, NamedTuple


class Example(NamedTuple):
    """A model ready to be changed, with a payload that it reads."""

    key: str
    name: str
    topic: str
    mapping: dict[str, Any]
    sample_topic: str
    sample: str


EXAMPLES: Final = (
    Example(
        key="rain-gauge",
        name="雨量计 rain gauge",
        topic="rain/+/up",
        mapping={
            "address": {"topic": 2},
            "time": {"path": "ts", "as": "epoch_ms"},
            "values": [
                {"path": "data.rain5", "element": "PN05", "scale": 0.1},
                {"path": "data.total", "element": "PT", "scale": 0.1, "optional": True},
                {"path": "bat", "element": "VT", "scale": 0.001, "optional": True},
            ],
        },
        sample_topic="rain/0990701001/up",
        sample=('{"ts": 1721044800000, "data": {"rain5": 25, "total": 1302}, "bat": 3612}'),
    ),
    Example(
        key="gateway",
        name="多站网关 gateway of many stations",
        topic="gateway/+/readings",
        mapping={
            "address": {"path": "station"},
            "time": {"path": "time", "as": "local", "form": "%Y-%m-%d %H:%M:%S"},
            "each": "$.records",
            "values": [
                {"path": "level", "element": "Z", "optional": True},
                {"path": "weather.0.value", "element": "AI", "optional": True},
                {"path": "weather.1.value", "element": "MST", "optional": True},
            ],
        },
        sample_topic="gateway/7/readings",
        sample=(
            '{"gateway": 7, "records": [\n'
            '  {"station": "0990701003", "time": "2024-07-15 20:00:00", "level": 101.25},\n'
            '  {"station": "W001", "time": "2024-07-15 20:00:00",\n'
            '   "weather": [{"name": "air", "value": "26.4"}, {"name": "humidity", "value": 91}]}\n'
            "]}"
        ),
    ),
)
"""In the order in which the form offers them."""


def example_named(key: str) -> Example | None:
    """Return the example of this key, None when there is none."""
    return next((each for each in EXAMPLES if each.key == key), None)
