from django.urls import URLPattern, path

from anlan.warning.screens import (
    answers,
    cap_out,
    channel_urls,
    issuing_urls,
    sources,
    upper_warnings,
    warnings,
)

urlpatterns: list[URLPattern] = [
    *issuing_urls.urlpatterns,
    *channel_urls.urlpatterns,
    path("warnings/", warnings.list_warnings, name="warnings"),
    path("warnings/<uuid:uuid>/", warnings.show_warning, name="warning"),
    path("warnings/upper/", upper_warnings.list_upper_warnings, name="upper_warnings"),
    path("warnings/upper/<uuid:uuid>/", upper_warnings.show_upper_warning, name="upper_warning"),
    path(
        "warnings/upper/<uuid:uuid>/message.xml",
        upper_warnings.send_message,
        name="upper_warning_file",
    ),
    path("warnings/sources/", sources.list_sources, name="warning_sources"),
    path("warnings/sources/<uuid:uuid>/", sources.show_source, name="warning_source"),
    path("warnings/sources/<uuid:uuid>/end", sources.stop_source, name="end_warning_source"),
    path("cap/<str:number>.xml", cap_out.send_cap, name="cap_message"),
    path("feeds/<str:code>.atom", cap_out.send_feed, {"form": "atom"}, name="cap_atom"),
    path("feeds/<str:code>.rss", cap_out.send_feed, {"form": "rss"}, name="cap_rss"),
    path("feeds/<str:code>.geojson", cap_out.send_map, name="cap_map"),
    path("calls/<uuid:uuid>/answer", answers.answer_call, name="answer_call"),
    path("calls/<uuid:uuid>/answer-by-phone", answers.record_answer, name="record_answer"),
]
