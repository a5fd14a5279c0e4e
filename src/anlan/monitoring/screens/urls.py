from django.urls import URLPattern, path

from anlan.monitoring.screens import chart, keeping, rain_map, readings, station, stations, unknown

ROOT = "monitoring/"
STATIONS = f"{ROOT}stations/"
ONE = f"{STATIONS}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(STATIONS, stations.list_stations, name="stations"),
    path(f"{ROOT}stations.xlsx", stations.export_stations, name="stations_export"),
    path(f"{STATIONS}new/", keeping.new_station, name="station_new"),
    path(ONE, station.show_station, name="station"),
    path(f"{ONE}series.json", chart.chart_data, name="station_series"),
    path(f"{ROOT}pictures/<int:pk>.jpg", station.show_picture, name="station_picture"),
    path(f"{ONE}ask", station.ask, name="station_ask"),
    path(f"{ONE}readings/", readings.show_readings, name="station_readings"),
    path(f"{ONE}readings/overrule", readings.overrule, name="station_overrule"),
    path(f"{ONE}edit/", keeping.edit_station, name="station_edit"),
    path(f"{ONE}thresholds/", keeping.station_thresholds, name="station_thresholds"),
    path(f"{ONE}thresholds/remove", keeping.drop_threshold, name="threshold_remove"),
    path(f"{ONE}villages/", keeping.station_villages, name="station_villages"),
    path(f"{ROOT}rain/", rain_map.show_rain, name="rain_map"),
    path(f"{ROOT}rain/data.json", rain_map.rain_data, name="rain_data"),
    path(f"{ROOT}unknown/", unknown.list_unknown, name="unknown_addresses"),
    path(f"{ROOT}unknown/adopt/", unknown.adopt, name="adopt_station"),
    path(f"{ROOT}unknown/ignore", unknown.ignore, name="ignore_address"),
    path(f"{ROOT}unknown/heed", unknown.heed, name="heed_address"),
]
