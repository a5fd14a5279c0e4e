from django.urls import URLPattern, path

from anlan.assessment.screens import reports

urlpatterns: list[URLPattern] = [
    path("reports/", reports.list_reports, name="reports"),
    path("reports/<uuid:uuid>/", reports.show_report, name="report"),
]
