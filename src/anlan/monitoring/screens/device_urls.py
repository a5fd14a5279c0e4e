from django.urls import URLPattern, path

from anlan.monitoring.screens import devices

urlpatterns: list[URLPattern] = [
    path("monitoring/devices/", devices.list_device_models, name="device_models"),
    path("monitoring/devices/new/", devices.new_device_model, name="new_device_model"),
    path("monitoring/devices/<int:pk>/", devices.edit_device_model, name="device_model"),
]
