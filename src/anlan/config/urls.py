"""Every address of the program: the pages of each room, then the one house around them."""

from django.urls import include, path

from anlan.monitoring.http.routes import join_readings
from anlan.registry.http.service import service

# Readings stand beside the register, under the same keys and in the same document.
join_readings(service)

urlpatterns = [
    path("", include("anlan.warning.screens.urls")),
    path("", include("anlan.warning.screens.answer_urls")),
    path("", include("anlan.warning.screens.desk_urls")),
    path("", include("anlan.warning.screens.measure_urls")),
    path("", include("anlan.command.screens.urls")),
    path("", include("anlan.assessment.screens.urls")),
    path("", include("anlan.monitoring.screens.urls")),
    path("", include("anlan.monitoring.screens.hand_urls")),
    path("", include("anlan.monitoring.screens.rule_urls")),
    path("", include("anlan.monitoring.screens.device_urls")),
    path("", include("anlan.registry.screens.account_urls")),
    path("", include("anlan.registry.screens.gap_urls")),
    path("", include("anlan.registry.screens.division_urls")),
    path("", include("anlan.registry.screens.urls")),
    path("", include("anlan.registry.http.urls")),
    path("", include("anlan.web.urls")),
]
