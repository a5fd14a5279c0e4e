"""Every address of the program: the pages of each room, then the one house around them."""

from django.urls import include, path

urlpatterns = [
    path("", include("anlan.warning.screens.urls")),
    path("", include("anlan.command.screens.urls")),
    path("", include("anlan.assessment.screens.urls")),
    path("", include("anlan.registry.screens.account_urls")),
    path("", include("anlan.registry.screens.gap_urls")),
    path("", include("anlan.registry.screens.division_urls")),
    path("", include("anlan.registry.screens.urls")),
    path("", include("anlan.registry.http.urls")),
    path("", include("anlan.web.urls")),
]
