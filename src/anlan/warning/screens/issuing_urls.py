"""Addresses of warnings that people write: drafts, words, rules."""

from django.urls import URLPattern, path

from anlan.warning.screens import changing, drafts, keeping_words

urlpatterns: list[URLPattern] = [
    path("warnings/new/", drafts.new_warning, name="new_warning"),
    path("warnings/new/places.json", drafts.suggest_places, name="warning_places"),
    path("warnings/drafts/", drafts.list_drafts, name="warning_drafts"),
    path("warnings/drafts/<uuid:uuid>/", drafts.show_draft, name="warning_draft"),
    path("warnings/drafts/<uuid:uuid>/change/", drafts.edit_draft, name="edit_warning_draft"),
    path("warnings/drafts/<uuid:uuid>/issue", drafts.issue, name="issue_warning_draft"),
    path("warnings/drafts/<uuid:uuid>/discard", drafts.discard, name="discard_warning_draft"),
    path("warnings/<uuid:uuid>/change", changing.change_warning, name="change_warning"),
    path("warnings/<uuid:uuid>/cancel", changing.cancel_warning, name="cancel_warning"),
    path("warnings/texts/", keeping_words.keep_texts, name="warning_texts"),
    path("warnings/issue-rules/", keeping_words.keep_rules, name="issue_rules"),
]
