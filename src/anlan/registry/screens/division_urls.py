from django.urls import URLPattern, path

from anlan.registry.screens import boundaries, divisions

urlpatterns: list[URLPattern] = [
    path("registry/divisions/redraw/", divisions.choose_division, name="redraw_divisions"),
    path("registry/divisions/redraw/rename", divisions.rename, name="rename_division"),
    path("registry/divisions/redraw/recode", divisions.recode, name="recode_division"),
    path("registry/divisions/redraw/merge", divisions.merge, name="merge_divisions"),
    path("registry/divisions/redraw/split", divisions.split, name="split_division"),
    path("registry/divisions/<str:code>/history/", divisions.show_history, name="division_history"),
    path("registry/boundaries/", boundaries.take_boundaries, name="boundaries"),
]
