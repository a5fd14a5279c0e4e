"""What people and providers reach without a login: a signed link, a signed callback."""

from django.urls import URLPattern, path

from anlan.warning.screens import callbacks, one_tap

urlpatterns: list[URLPattern] = [
    path("a/<str:token>", one_tap.answer_by_link, name="one_tap"),
    path("channels/<uuid:uuid>/callback", callbacks.hear, name="channel_callback"),
]
