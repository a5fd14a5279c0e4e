from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.i18n import set_language

from anlan.web.screens import calls, entrance, health, map
from anlan.web.sign_on import SignOnBack, SignOnStart

urlpatterns: list[URLPattern] = [
    path("", map.show_map, name="map"),
    path("map/data.json", map.map_data, name="map_data"),
    path("map/replay.json", map.map_replay, name="map_replay"),
    path("calls/", calls.my_calls, name="calls"),
    path("login/", entrance.Entrance.as_view(), name="login"),
    path("logout/", entrance.WayOut.as_view(), name="logout"),
    path("sign-on/", login_not_required(SignOnStart.as_view()), name="sign_on"),
    path("sign-on/back/", login_not_required(SignOnBack.as_view()), name="sign_on_back"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", health.favicon, name="favicon"),
    path("robots.txt", health.robots, name="robots"),
]
