from django.urls import URLPattern, path

from anlan.registry.screens import answers, gaps, organs

urlpatterns: list[URLPattern] = [
    path("registry/gaps/", gaps.list_gaps, name="gaps"),
    path("registry/gaps/export", gaps.export_gaps, name="gaps_export"),
    path("registry/answers/", answers.who_answers, name="who_answers"),
    path("registry/organs/", organs.list_organs, name="organs"),
]
