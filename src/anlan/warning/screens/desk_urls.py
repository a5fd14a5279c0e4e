from django.urls import URLPattern, path

from anlan.warning.screens import desk, desk_calls

urlpatterns: list[URLPattern] = [
    path("desk/", desk.show_desk, name="desk"),
    path("desk/rows.json", desk.list_rows, name="desk_rows"),
    path("desk/events", desk.send_events, name="desk_events"),
    path("desk/towns.json", desk.list_towns, name="desk_towns"),
    path("desk/<uuid:uuid>/dial", desk_calls.dial, name="desk_dial"),
    path("desk/<uuid:uuid>/answer", desk_calls.record_answer, name="desk_answer"),
    path("desk/<uuid:uuid>/attempt", desk_calls.record_no_answer, name="desk_attempt"),
]
