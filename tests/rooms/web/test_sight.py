"""Nobody sees what lies in another town or village."""

from django.urls import reverse

from anlan.warning.models import Summons
from tests.cast import BANK, FORD, LOWER, SLOPE, UPPER
from tests.evening import Evening
from tests.rooms.web.conftest import Visit

UPPER_NAMES = ("上河镇", "坡下村", "河边村", "独户村")


def test_another_town_sees_nothing_of_the_evening(evening: Evening, visit: Visit) -> None:
    client = visit("lower")
    for name in ("map", "map_data", "warnings", "incidents", "reports", "calls"):
        page = client.get(reverse(name)).content.decode()
        for word in (*UPPER_NAMES, str(evening.warning.uuid), str(evening.incident.uuid)):
            assert word not in page, (name, word)
    call = evening.call_of("slope leader")
    assert client.post(reverse("answer_call", args=[call.uuid])).status_code == 404
    assert client.post(reverse("record_answer", args=[call.uuid])).status_code == 404


def test_a_filter_cannot_reach_into_another_town(evening: Evening, visit: Visit) -> None:
    page = visit("lower").get(reverse("warnings"), {"town": UPPER})
    assert str(evening.warning.uuid) not in page.content.decode()


def test_a_village_sees_its_warning_and_only_its_own_calls(evening: Evening, visit: Visit) -> None:
    page = visit("slope").get(reverse("warning", args=[evening.warning.uuid])).content.decode()
    assert "坡下村" in page
    others = Summons.objects.filter(warning=evening.warning, division_id=BANK)
    assert others
    for call in others:
        assert call.person.name not in page
        assert str(call.uuid) not in page


def test_the_map_draws_what_is_in_sight(evening: Evening, visit: Visit) -> None:
    def codes(who: str) -> set[str]:
        return {row[0] for row in visit(who).get(reverse("map_data")).json()["d"]}

    assert codes("slope") == {SLOPE}
    assert UPPER in codes("upper")
    assert not codes("upper") & {LOWER, FORD}
    assert codes("duty") > codes("upper") | codes("lower")


def test_phones_are_masked(evening: Evening, visit: Visit) -> None:
    page = visit("duty").get(reverse("warning", args=[evening.warning.uuid])).content.decode()
    person = evening.call_of("slope leader").person
    assert person.phone not in page
    assert f"{person.phone[:3]}****{person.phone[-4:]}" in page
