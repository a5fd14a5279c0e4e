"""How crossings gather into warnings."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from anlan.monitoring.data import Crossing, Measure
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.areas import drafts_for

NOW = datetime(2024, 7, 15, 12, 0, tzinfo=UTC)
VILLAGES = ("990701101201", "990701101202", "990701102201", "990701102202")
colours = st.sampled_from(list(Colour))
hazards = st.sampled_from([Hazard.FLASH_FLOOD, Hazard.GEOHAZARD])


def crossing(number, colour, villages, *, hazard=Hazard.FLASH_FLOOD, value=40.0, minutes=0):
    return Crossing(
        id=number,
        hazard=hazard.value,
        colour=colour,
        station_name="gauge",
        element="PN05",
        measure=Measure.SUM,
        window_min=60,
        value=value,
        threshold=30.0,
        at=NOW + timedelta(minutes=minutes),
        villages=tuple(villages),
    )


crossings = st.lists(
    st.tuples(colours, st.lists(st.sampled_from(VILLAGES), unique=True), hazards), max_size=6
).map(
    lambda rows: [
        crossing(number, colour, villages, hazard=hazard)
        for number, (colour, villages, hazard) in enumerate(rows, start=1)
    ]
)
standings = st.dictionaries(st.tuples(st.sampled_from(VILLAGES), hazards), colours)


@given(crossings, standings)
def test_a_village_gets_the_worst_colour_once_and_never_a_milder_one(found, standing):
    drafts = drafts_for(found, standing=standing)
    given_to = {}
    for draft in drafts:
        for under in draft.villages:
            key = (under.village, draft.hazard)
            assert key not in given_to
            given_to[key] = draft.colour
            assert under.crossing is not None
            assert under.crossing.colour == draft.colour
            assert under.village.startswith(draft.town[:9])
    for village in VILLAGES:
        for hazard in (Hazard.FLASH_FLOOD, Hazard.GEOHAZARD):
            worst = max(
                (c.colour for c in found if c.hazard == hazard and village in c.villages), default=0
            )
            stands = standing.get((village, hazard), 0)
            assert given_to.get((village, hazard), 0) == (worst if worst > stands else 0)


@given(crossings, standings)
def test_one_warning_a_town_hazard_and_colour(found, standing):
    keys = [(d.town, d.hazard, d.colour) for d in drafts_for(found, standing=standing)]
    assert len(keys) == len(set(keys))


@given(crossings, standings)
def test_drafting_again_over_what_now_stands_drafts_nothing(found, standing):
    stands = dict(standing)
    for draft in drafts_for(found, standing=standing):
        stands |= {(under.village, draft.hazard): draft.colour for under in draft.villages}
    assert drafts_for(found, standing=stands) == []


def test_a_draft_tells_its_first_crossing_and_the_one_furthest_over():
    (draft,) = drafts_for(
        [
            crossing(1, Colour.ORANGE, VILLAGES[:1], value=33.0, minutes=0),
            crossing(2, Colour.ORANGE, VILLAGES[1:2], value=48.0, minutes=5),
        ],
        standing={},
    )
    assert draft.crossed_at == NOW
    assert draft.worst is not None
    assert draft.worst.id == 2
    assert draft.town == "990701101000"
