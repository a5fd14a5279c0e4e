"""A threshold is on a sum that the program keeps, or it is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from anlan.monitoring.models import Threshold
from anlan.registry.data import Colour, Hazard


@pytest.mark.parametrize(
    ("element", "window_h"), [("PN05", 0), ("PN05", 25), ("Z", 3), ("Q", 0), ("PJ", 24)]
)
def test_a_sum_that_nobody_keeps_is_refused(cast, element, window_h):
    with pytest.raises(IntegrityError), transaction.atomic():
        Threshold.objects.create(
            hazard=Hazard.RAINSTORM,
            element=element,
            window_h=window_h,
            colour=Colour.RED,
            value=200.0,
            source="test",
            effective_from=date(2024, 1, 1),
        )
    assert cast
