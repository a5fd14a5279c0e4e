"""A threshold is on a measure that the program keeps, or it is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from anlan.monitoring.data import Measure
from anlan.monitoring.models import Threshold
from anlan.registry.data import Colour, Hazard


@pytest.mark.parametrize(
    ("measure", "window_min"),
    [
        (Measure.SUM, 0),
        (Measure.SUM, 4321),
        (Measure.LAST, 60),
        (Measure.RISE, 0),
        (Measure.ANTECEDENT, 60),
    ],
)
def test_a_measure_that_nobody_keeps_is_refused(cast, measure, window_min):
    with pytest.raises(IntegrityError), transaction.atomic():
        Threshold.objects.create(
            hazard=Hazard.RAINSTORM,
            element="PN05",
            measure=measure,
            window_min=window_min,
            colour=Colour.RED,
            value=200.0,
            source="test",
            effective_from=date(2024, 1, 1),
        )
    assert cast
