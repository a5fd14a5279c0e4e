"""The addresses of what people enter by hand: staff gauges and macro-observation."""

from django.urls import URLPattern, path

from anlan.monitoring.data import HandSubject
from anlan.monitoring.screens import hand_sheets, macro, macro_reports, staff, staff_correct

STAFF, MACRO = {"subject": HandSubject.STAFF}, {"subject": HandSubject.MACRO}
BY_HAND = "monitoring/by-hand/"
MACRO_AT = "monitoring/macro/"
SHEETS = "monitoring/hand-sheets/"

urlpatterns: list[URLPattern] = [
    path(BY_HAND, staff.staff_readings, name="staff_readings"),
    path(f"{BY_HAND}export.xlsx", staff.staff_export, name="staff_export"),
    path(f"{BY_HAND}template.xlsx", hand_sheets.hand_template, STAFF, name="staff_template"),
    path(f"{BY_HAND}sheet/", hand_sheets.upload_hand_sheet, STAFF, name="staff_sheet"),
    path(f"{BY_HAND}<int:gauge>/", staff.staff_gauge, name="staff_gauge"),
    path(f"{BY_HAND}<int:gauge>/correct", staff_correct.staff_correct, name="staff_correct"),
    path(MACRO_AT, macro.macro_observation, name="macro_observation"),
    path(f"{MACRO_AT}template.xlsx", hand_sheets.hand_template, MACRO, name="macro_template"),
    path(f"{MACRO_AT}sheet/", hand_sheets.upload_hand_sheet, MACRO, name="macro_sheet"),
    path(f"{MACRO_AT}<int:place>/", macro.macro_form, name="macro_form"),
    path(f"{MACRO_AT}reports/", macro_reports.macro_reports, name="macro_reports"),
    path(f"{MACRO_AT}reports.xlsx", macro_reports.macro_export, name="macro_export"),
    path(f"{MACRO_AT}reports/<uuid:uuid>/", macro_reports.macro_report, name="macro_report"),
    path(f"{MACRO_AT}reports/<uuid:uuid>/verify", macro_reports.macro_verify, name="macro_verify"),
    path(f"{SHEETS}<uuid:uuid>/", hand_sheets.hand_sheet, name="hand_sheet"),
    path(f"{SHEETS}<uuid:uuid>/carry-out", hand_sheets.hand_carry_out, name="hand_carry_out"),
    path(f"{SHEETS}<uuid:uuid>/bad-rows.xlsx", hand_sheets.hand_bad_rows, name="hand_bad_rows"),
]
