"""Addresses of the ways out: providers, loudspeakers, a person's own order."""

from django.urls import URLPattern, path

from anlan.warning.screens import channels, loudspeakers, person_channels

urlpatterns: list[URLPattern] = [
    path("warnings/channels/", channels.list_channels, name="channels"),
    path("warnings/channels/new/", channels.new_provider, name="new_channel_provider"),
    path("warnings/channels/<uuid:uuid>/", channels.show_provider, name="channel_provider"),
    path("warnings/channels/<uuid:uuid>/test", channels.send_test, name="try_channel_provider"),
    path("warnings/channels/<uuid:uuid>/end", channels.stop_provider, name="end_channel_provider"),
    path("warnings/channels/loudspeakers/", loudspeakers.list_speakers, name="loudspeakers"),
    path(
        "warnings/channels/loudspeakers/<int:key>/", loudspeakers.show_speaker, name="loudspeaker"
    ),
    path(
        "warnings/channels/loudspeakers/<int:key>/end",
        loudspeakers.stop_speaker,
        name="end_loudspeaker",
    ),
    path(
        "warnings/channels/people/<uuid:uuid>/",
        person_channels.keep_channels_of,
        name="person_channels",
    ),
]
