from anlan.warning.models import HazardWarning
from tests.weather import rain, pass_time

def test_smoke(cast, phones):
    rain([cast.stations["upper rain"]], steps=[6.0]*6)
    print(HazardWarning.objects.values_list("hazard","colour","headline"))
    print([(cast.name_of(p),c) for c,p in phones.rung()])
    pass_time(30)
    print([(cast.name_of(p),c) for c,p in phones.rung()])
    assert 0
