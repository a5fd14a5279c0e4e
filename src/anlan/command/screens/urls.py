from django.urls import URLPattern, path

from anlan.command.screens import incidents, tasks

urlpatterns: list[URLPattern] = [
    path("incidents/", incidents.list_incidents, name="incidents"),
    path("incidents/<uuid:uuid>/", incidents.show_incident, name="incident"),
    path("tasks/<uuid:uuid>/done", tasks.finish_task, name="complete_task"),
]
