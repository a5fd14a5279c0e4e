from django.urls import URLPattern, path

from anlan.warning.screens import answers, warnings

urlpatterns: list[URLPattern] = [
    path("warnings/", warnings.list_warnings, name="warnings"),
    path("warnings/<uuid:uuid>/", warnings.show_warning, name="warning"),
    path("calls/<uuid:uuid>/answer", answers.answer_call, name="answer_call"),
    path("calls/<uuid:uuid>/answer-by-phone", answers.record_answer, name="record_answer"),
]
