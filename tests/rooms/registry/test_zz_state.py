import json, pytest, schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.rooms.registry.test_api_schema import *
from schemathesis.specs.openapi.checks import use_after_free, ensure_resource_availability
def test_state(town, one_connection):
    key, first = town
    schema = schemathesis.openapi.from_dict(json.loads(document())); schema.app = application
    lead = Lead(first={})
    import collections; met = collections.Counter()
    class Flow(schema.as_state_machine()):
        def before_call(self, case):
            lead.take(case)
        def get_call_kwargs(self, case): return {"headers": {"Authorization": f"Bearer {key}"}}
        def after_call(self, response, case): met[case.method, response.status_code] += 1
        def validate_response(self, response, case, **kw):
            case.validate_response(response, checks=CHECKS+[use_after_free, ensure_resource_availability])
    run_state_machine_as_test(Flow, settings=settings(max_examples=150, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)))
    print(met)
