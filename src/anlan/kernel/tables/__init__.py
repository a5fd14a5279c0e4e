"""The one mould: a table of records declared once, kept by page, sheet and program alike."""
