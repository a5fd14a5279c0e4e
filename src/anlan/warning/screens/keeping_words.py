"""The pages on which a county keeps its words, and who issues what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel import clock
from anlan.kernel.codes import Level, ancestor_of, level_of
from anlan.kernel.paging import whole_number
from anlan.kernel.scope import active
from anlan.registry.api import actor_for, codes_where, grants_of, present_bearings
from anlan.registry.data import Bearing, Colour, Hazard, Permission, Role
from anlan.warning.actions.keep_issue_rule import keep_issue_rule
from anlan.warning.actions.keep_text import keep_text
from anlan.warning.core.issuing import ROLES_THAT_ISSUE, Issuing, issuing_of
from anlan.warning.core.typed import TypedRule, TypedText
from anlan.warning.core.words import FIGURES, cleaned, filled, one_line, unknown_names
from anlan.warning.data import Audience
from anlan.warning.figures import figures_of
from anlan.warning.queries.rules import rule_rows
from anlan.warning.queries.texts import sample_of, texts_in_use, words_for
from anlan.warning.refusals import NotYoursToKeep, RuleRefused, TextRefused


@require_http_methods(["GET", "HEAD", "POST"])
def keep_texts(request: HttpRequest) -> HttpResponse:
    """Show the words in use and what they come to; show a try, or keep new ones."""
    now = clock.now()
    counties, kept_by_me = _counties(request, at=now)
    county = _chosen(request, counties)
    typed: dict[str, Any] = {**request.GET.dict(), **request.POST.dict()}
    tried = None
    if request.method == "POST" and not county:
        raise PermissionDenied
    if request.method == "POST":
        text = _typed_text(request, county=county)
        if request.POST.get("do") == "try":
            tried = _tried(text, now=now)
        elif _kept(request, text, now=now):
            return HttpResponseRedirect(f"{reverse('warning_texts')}?county={county}")
    audience = _audience(typed.get("audience", ""))
    shown = {
        "counties": counties,
        "county": county,
        "rows": _rows(county),
        "typed": typed,
        "tried": tried,
        "audience": audience,
        "audiences": Audience,
        "hazards": Hazard,
        "colours": list(reversed(Colour)),
        "figures": [f"{{{name}}}" for name in FIGURES],
        "usual": words_for(audience, sample_of(typed, now=now), kept={}),
        "may_keep": county in kept_by_me,
    }
    return render(request, "warning/texts.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def keep_rules(request: HttpRequest) -> HttpResponse:
    """Show who issues what, and what leaves by itself; keep a new rule."""
    now = clock.now()
    counties, kept_by_me = _counties(request, at=now)
    county = _chosen(request, counties)
    if request.method == "POST" and not county:
        raise PermissionDenied
    if request.method == "POST" and _rule_kept(request, county=county, now=now):
        return HttpResponseRedirect(f"{reverse('issue_rules')}?county={county}")
    rows = rule_rows(county, now=now) if county else []
    general = [row for row in rows if not row.hazard]
    table: list[tuple[Hazard | None, Colour, Issuing]] = [
        (None, colour, issuing_of(general, hazard=Hazard.RAINSTORM, colour=colour))
        for colour in reversed(Colour)
    ]
    table += [
        (hazard, colour, issuing_of(rows, hazard=hazard, colour=colour))
        for hazard in Hazard
        for colour in reversed(Colour)
        if any(row.hazard == hazard and row.colour == colour for row in rows)
    ]
    shown = {
        "counties": counties,
        "county": county,
        "table": [
            (hazard, colour, rule, [str(r.label) for r in ROLES_THAT_ISSUE if r in rule.roles])
            for hazard, colour, rule in table
        ],
        "typed": request.POST,
        "hazards": Hazard,
        "colours": list(reversed(Colour)),
        "roles": ROLES_THAT_ISSUE,
        "ticked": request.POST.getlist("roles"),
        "may_keep": county in kept_by_me,
    }
    return render(request, "warning/issue_rules.html", shown)


def _counties(request: HttpRequest, *, at: datetime) -> tuple[list[Bearing], set[str]]:
    """Return the counties around what is in sight, and those whose words and rules one keeps."""
    grants = grants_of(request.user.pk, at=at)
    keeps = {c for c in codes_where(grants, Permission.KEEP_WARNING_RULES) if _is_county(c)}
    in_sight = [p.ljust(12, "0") for p in active().prefixes if len(p) == Level.COUNTY]
    return present_bearings({*in_sight, *keeps}), keeps


def _is_county(code: str) -> bool:
    return level_of(code) == Level.COUNTY and ancestor_of(code, level=Level.COUNTY) == code


def _chosen(request: HttpRequest, counties: Iterable[Bearing]) -> str:
    codes = [each.code for each in counties]
    asked = request.POST.get("county") or request.GET.get("county", "")
    if asked in codes:
        return asked
    return codes[0] if codes else ""


def _rows(county: str) -> list[dict[str, Any]]:
    if not county:
        return []
    return [
        {
            "audience": Audience(row.audience),
            "hazard": Hazard(row.hazard) if row.hazard else None,
            "colour": Colour(row.colour) if row.colour is not None else None,
            "title": row.title,
            "text": row.text,
            "kept_at": row.kept_at,
        }
        for row in texts_in_use(county).order_by("audience", "hazard", "colour", "-kept_at")
    ]


def _typed_text(request: HttpRequest, *, county: str) -> TypedText:
    data = request.POST
    hazard, colour = data.get("hazard", ""), data.get("colour", "")
    return TypedText(
        county=county,
        audience=_audience(data.get("audience", "")),
        hazard=hazard if hazard in Hazard.values else "",
        colour=int(colour) if colour in {str(each.value) for each in Colour} else None,
        title=data.get("title", ""),
        text=data.get("text", ""),
    )


def _audience(text: str) -> Audience:
    return Audience(text) if text in Audience.values else Audience.ANSWERABLE


def _tried(typed: TypedText, *, now: datetime) -> dict[str, Any]:
    """Return what words would come to with figures of an example."""
    asked = {"hazard": typed.hazard, "colour": str(typed.colour or "")}
    figures = figures_of(sample_of(asked, now=now))
    return {
        "title": filled(one_line(typed.title), figures=figures),
        "text": filled(cleaned(typed.text), figures=figures),
        "unknown": [
            f"{{{name}}}" for name in unknown_names(f"{typed.title}\n{cleaned(typed.text)}")
        ],
    }


def _kept(request: HttpRequest, typed: TypedText, *, now: datetime) -> bool:
    try:
        key = keep_text(typed, by=actor_for(request.user.pk), now=now)
    except NotYoursToKeep as error:
        raise PermissionDenied from error
    except TextRefused as error:
        messages.error(request, str(error))
        return False
    messages.success(
        request,
        _("Kept. Warnings from now on use these words.")
        if key
        else _("Ended. The program's words count again."),
    )
    return True


def _rule_kept(request: HttpRequest, *, county: str, now: datetime) -> bool:
    data = request.POST
    colour, hazard = data.get("colour", ""), data.get("hazard", "")
    try:
        if colour not in {str(each.value) for each in Colour}:
            raise RuleRefused(_("Choose the colour of the warning."))
        keep_issue_rule(
            TypedRule(
                county=county,
                hazard=hazard if hazard in Hazard.values else "",
                colour=Colour(int(colour)),
                is_automatic=data.get("is_automatic") == "1",
                roles=frozenset(Role(r) for r in data.getlist("roles") if r in Role.values),
                decide_minutes=whole_number(data.get("decide_minutes", ""), otherwise=0),
                valid_hours=whole_number(data.get("valid_hours", ""), otherwise=0),
                source=data.get("source", ""),
            ),
            by=actor_for(request.user.pk),
            now=now,
        )
    except NotYoursToKeep as error:
        raise PermissionDenied from error
    except RuleRefused as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("Kept. It holds from today on."))
    return True
