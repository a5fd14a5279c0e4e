"""What the water needs to know of reservoirs and river sections."""

from anlan.registry.data import ReservoirFigures, SectionFigures
from anlan.registry.models import Reservoir, RiverSection


def reservoir_figures() -> list[ReservoirFigures]:
    """Return the hydraulic figures of every reservoir in sight that has them all."""
    known = Reservoir.objects.filter(
        catchment_km2__isnull=False,
        spillway_crest_m__isnull=False,
        spillway_width_m__isnull=False,
    ).exclude(storage_curve=[])
    return [
        ReservoirFigures(
            place_id=row.pk,
            name=row.place.name,
            lon=row.place.lon,
            lat=row.place.lat,
            catchment_km2=row.catchment_km2,
            flood_limit_level_m=row.flood_limit_level_m,
            spillway_crest_m=row.spillway_crest_m,
            spillway_width_m=row.spillway_width_m,
            storage_curve=tuple((level, volume) for level, volume in row.storage_curve),
        )
        for row in known.select_related("place").order_by("pk")
    ]


def section_figures() -> list[SectionFigures]:
    """Return the hydraulic figures of every river section in sight whose channel is surveyed."""
    surveyed = RiverSection.objects.filter(
        catchment_km2__isnull=False,
        zero_m__isnull=False,
        bed_width_m__isnull=False,
        side_slope__isnull=False,
        bed_slope__isnull=False,
        roughness__isnull=False,
    )
    return [
        SectionFigures(
            place_id=row.pk,
            name=row.place.name,
            lon=row.place.lon,
            lat=row.place.lat,
            catchment_km2=row.catchment_km2,
            zero_m=row.zero_m,
            bed_width_m=row.bed_width_m,
            side_slope=row.side_slope,
            bed_slope=row.bed_slope,
            roughness=row.roughness,
        )
        for row in surveyed.select_related("place").order_by("pk")
    ]
