"""The addresses of the register's pages. They come after those of single tables' own pages."""

from django.urls import URLPattern, path, register_converter

from anlan.registry.screens import forms, register, sheets


class TableName:
    """The name of a table in an address."""

    regex = "[a-z]+(?:-[a-z]+)*"

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


class RecordAddress(TableName):
    """What tells one record of a table: its uuid, of a division its code."""

    regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{12}"


register_converter(TableName, "table")
register_converter(RecordAddress, "record")

urlpatterns: list[URLPattern] = [
    path("registry/", register.show_register, name="register"),
    path("registry/imports/", sheets.show_imports, name="sheet_imports"),
    path("registry/imports/<uuid:uuid>/", sheets.show_import, name="sheet_import"),
    path("registry/imports/<uuid:uuid>/carry-out", sheets.carry_out_sheet, name="sheet_carry_out"),
    path("registry/imports/<uuid:uuid>/undo", sheets.undo_sheet, name="sheet_undo"),
    path(
        "registry/imports/<uuid:uuid>/bad-rows.xlsx",
        sheets.download_bad_rows,
        name="sheet_bad_rows",
    ),
    path("registry/<table:table>/", register.show_table, name="register_table"),
    path("registry/<table:table>/new/", forms.new_record, name="register_new"),
    path(
        "registry/<table:table>/template.xlsx", sheets.download_template, name="register_template"
    ),
    path("registry/<table:table>/export.xlsx", sheets.export_table, name="register_export"),
    path("registry/<table:table>/sheet/", sheets.upload_sheet, name="sheet_upload"),
    path("registry/<table:table>/layer.json", register.table_layer, name="register_layer"),
    path("registry/<table:table>/suggest", forms.suggest, name="register_suggest"),
    path("registry/<table:table>/<record:address>/", register.show_record, name="register_record"),
    path("registry/<table:table>/<record:address>/edit/", forms.edit_record, name="register_edit"),
    path("registry/<table:table>/<record:address>/remove", forms.remove, name="register_remove"),
    path(
        "registry/<table:table>/<record:address>/number",
        register.show_number,
        name="register_number",
    ),
]
