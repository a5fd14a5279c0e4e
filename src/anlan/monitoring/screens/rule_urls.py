"""The addresses of rules, of the villages' critical rain and of how soils dry."""

from django.urls import URLPattern, path

from anlan.monitoring.screens import critical_rain, rule_forms, rule_steps, rules

RULES = "monitoring/rules/"
VERSIONS = "monitoring/rule-versions/"
RAIN = "monitoring/critical-rain/"

urlpatterns: list[URLPattern] = [
    path(RULES, rules.list_rules, name="rules"),
    path(f"{RULES}new/", rule_forms.new_rule, name="rule_new"),
    path(f"{RULES}reservoirs", rule_steps.draft_season, name="rule_season"),
    path(f"{RULES}<uuid:uuid>/", rules.show_rule, name="rule"),
    path(f"{RULES}<uuid:uuid>/copy", rule_steps.copy_rule, name="rule_copy"),
    path(f"{RULES}<uuid:uuid>/retire", rule_steps.retire, name="rule_retire"),
    path(f"{VERSIONS}<int:pk>/", rules.show_version, name="rule_version"),
    path(f"{VERSIONS}<int:pk>/edit/", rule_forms.edit_rule, name="rule_edit"),
    path(f"{VERSIONS}<int:pk>/test", rule_steps.start, name="rule_test"),
    path(f"{VERSIONS}<int:pk>/mark", rule_steps.mark, name="rule_mark"),
    path(f"{VERSIONS}<int:pk>/in-force/", rule_steps.put_live, name="rule_put"),
    path(f"{VERSIONS}<int:pk>/drop", rule_steps.drop, name="rule_drop"),
    path(RAIN, critical_rain.list_rain, name="critical_rain"),
    path(f"{RAIN}export.xlsx", critical_rain.export_rain, name="critical_rain_export"),
    path(f"{RAIN}template.xlsx", critical_rain.give_template, name="critical_rain_template"),
    path(f"{RAIN}sheet/", critical_rain.take_sheet, name="critical_rain_sheet"),
    path(f"{RAIN}keep", critical_rain.keep_row, name="critical_rain_keep"),
    path(f"{RAIN}<int:pk>/drop", critical_rain.drop_row, name="critical_rain_drop"),
    path(f"{RAIN}soil", critical_rain.keep_soil, name="soil_model"),
]
