from django.urls import URLPattern, path

from anlan.warning.screens import communication, measures, verdicts

urlpatterns: list[URLPattern] = [
    path("warnings/measures/", measures.show_measures, name="warning_measures"),
    path("warnings/measures/export", measures.export_measures, name="warning_measures_export"),
    path("warnings/<uuid:uuid>/verdict", verdicts.judge, name="judge_warning"),
    path("warnings/tests/", communication.list_tests, name="communication_tests"),
    path("warnings/tests/<uuid:uuid>/", communication.show_test, name="communication_test"),
    path(
        "warnings/tests/<uuid:uuid>/export",
        communication.export_test,
        name="communication_test_export",
    ),
    path("warnings/tests/<uuid:uuid>/end", communication.stop_test, name="end_communication_test"),
    path(
        "warnings/tests/answers/<int:pk>",
        communication.record_test_answer,
        name="record_test_answer",
    ),
]
