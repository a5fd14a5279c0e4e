"""What is said to other programs, in shapes of SensorThings 1.1, and what they may ask."""

from typing import Annotated, Any, Final

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

MOST_ROWS: Final = 5_000
MOST_ON_A_PAGE, PAGE = 1_000, 100
MOST_SKIPPED: Final = 100_000
MOMENT: Final = "2024-07-15T20:00:00+08:00"


class Shape(BaseModel):
    """A shape whose fields are read by their names or as SensorThings writes them."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class Place(Shape):
    """Where a station stands."""

    name: str
    encoding: str = Field(alias="encodingType")
    location: dict[str, Any] = Field(description="A GeoJSON point, longitude and latitude.")


class ThingTold(Shape):
    """A station."""

    id: str = Field(alias="@iot.id", description="Its address.")
    self_link: str = Field(alias="@iot.selfLink")
    name: str
    description: str = Field(description="What kind of station it is.")
    properties: dict[str, Any] = Field(
        description="division, kind, protocol, intervalMinutes, isActive."
    )
    places: list[Place] = Field(alias="Locations")
    series_link: str = Field(alias="Datastreams@iot.navigationLink")


class Unit(Shape):
    """A unit of measurement."""

    name: str
    symbol: str
    definition: str


class DatastreamTold(Shape):
    """One element that a station measures."""

    id: str = Field(alias="@iot.id", description="`<address>:<element>`")
    self_link: str = Field(alias="@iot.selfLink")
    name: str
    description: str
    observation_type: str = Field(alias="observationType")
    unit: Unit = Field(alias="unitOfMeasurement")
    properties: dict[str, Any] = Field(
        description="element, and of the last reading: latestTime, latestResult."
    )
    thing_link: str = Field(alias="Thing@iot.navigationLink")
    readings_link: str = Field(alias="Observations@iot.navigationLink")


class ObservationTold(Shape):
    """A reading."""

    id: str = Field(alias="@iot.id", description="`<address>:<element>:<µs since 1970 UTC>`")
    self_link: str = Field(alias="@iot.selfLink")
    phenomenon_time: str = Field(alias="phenomenonTime", description="When it was measured, UTC.")
    result_time: str | None = Field(alias="resultTime", default=None)
    result: float
    quality: str | None = Field(
        alias="resultQuality",
        default=None,
        description="What is known of the value; from `impossible` on it enters no sum.",
    )
    series_link: str = Field(alias="Datastream@iot.navigationLink")


class Listed(Shape):
    """A page of a collection."""

    count: int | None = Field(
        alias="@iot.count", default=None, description="How many fit, with `$count=true`."
    )
    next_link: str | None = Field(
        alias="@iot.nextLink", default=None, description="The next page, where there is one."
    )


class Things(Listed):
    """A page of stations."""

    value: list[ThingTold]


class Datastreams(Listed):
    """A page of series."""

    value: list[DatastreamTold]


class Observations(Listed):
    """A page of readings."""

    value: list[ObservationTold]


class BatchTold(Shape):
    """What many observations came to."""

    stored: int = Field(description="New, and durable now.")
    repeated: int = Field(description="There already with the same value.")
    observations: list[str] = Field(description="The @iot.id of each, in the order sent.")


class RowFault(BaseModel):
    """What is wrong with one of many observations."""

    row: int = Field(description="Which one, from 0.")
    status: int = Field(description="What a single call would have answered.")
    column: str
    sentence: str


class BatchRefused(Shape):
    """Some of many observations are not stored."""

    detail: str = Field(description="One sentence, with the remedy.")
    faults: list[RowFault] = Field(description="At most 1,000, in the order sent.")
    stored: int = Field(description="New, and durable now; 0 with `all_or_nothing`.")
    repeated: int
    refused: int
    observations: list[str | None] = Field(
        description="The @iot.id of each that is stored, null for the others."
    )


def _bare(value: Any) -> Any:
    """Take an option without a value for a yes."""
    return True if value == "" else value


class HowTaken(BaseModel):
    """How many observations are taken together."""

    all_or_nothing: Annotated[bool, BeforeValidator(_bare)] = Field(
        default=False, description="Store none when one is refused; otherwise the good ones are."
    )


class Turned(BaseModel):
    """Which part of a collection."""

    model_config = ConfigDict(populate_by_name=True)

    top: Annotated[int, Ge(1), Le(MOST_ON_A_PAGE)] = Field(
        alias="$top", default=PAGE, description="Records a page, at most 1,000."
    )
    skip: Annotated[int, Ge(0), Le(MOST_SKIPPED)] = Field(
        alias="$skip", default=0, description="How many to pass over, at most 100,000."
    )
    count: bool = Field(alias="$count", default=False, description="Say also how many fit.")


class Sought(Turned):
    """Which observations, in which order."""

    filter: Annotated[str, MaxLen(400)] | SkipJsonSchema[None] = Field(
        alias="$filter",
        default=None,
        description=(
            "Comparisons joined by `and`: `phenomenonTime ge 2024-07-15T00:00:00Z` with gt, ge, "
            "lt, le, eq; `Datastream/id eq '0990701001:PN05'`; `Datastream/Thing/id eq '…'`."
        ),
    )
    orderby: Annotated[str, MaxLen(60)] | SkipJsonSchema[None] = Field(
        alias="$orderby",
        default=None,
        description="`phenomenonTime asc` (without it) or `phenomenonTime desc`.",
    )


OBSERVATION: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Observation",
    "properties": {
        "phenomenonTime": {
            "type": ["string", "null"],
            "description": "ISO 8601, or an interval, whose end counts; without it, now.",
            "examples": [MOMENT],
        },
        "resultTime": {"type": ["string", "null"], "description": "Read, and not kept."},
        "result": {"type": "number", "description": "In the unit of the element."},
        "Datastream": {
            "type": "object",
            "properties": {"@iot.id": {"type": "string", "examples": ["0990701001:PN05"]}},
            "required": ["@iot.id"],
        },
    },
    "required": ["result"],
    "examples": [
        {
            "phenomenonTime": MOMENT,
            "result": 2.5,
            "Datastream": {"@iot.id": "0990701001:PN05"},
        }
    ],
}
DATA_ARRAY: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "Datastream": OBSERVATION["properties"]["Datastream"],
        "components": {
            "type": "array",
            "items": {"type": "string"},
            "examples": [["phenomenonTime", "result"]],
        },
        "dataArray@iot.count": {"type": "integer"},
        "dataArray": {"type": "array", "items": {"type": "array"}},
    },
    "required": ["Datastream", "components", "dataArray"],
}
# Rows are looked at one by one, so that one that is wrong does not spoil the others.
ObservationsSent = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                OBSERVATION,
                {"type": "array", "items": OBSERVATION, "minItems": 1, "maxItems": MOST_ROWS},
            ]
        }
    ),
]
ArraysSent = Annotated[Any, WithJsonSchema({"type": "array", "items": DATA_ARRAY, "minItems": 1})]
