"""What is done with a rule: copied, tested, put in force, retired, deleted."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.kernel.paging import whole_number
from anlan.monitoring.actions.draft_season_limits import draft_season_limits
from anlan.monitoring.actions.draft_version import draft_version
from anlan.monitoring.actions.drop_draft import drop_draft
from anlan.monitoring.actions.mark_event import mark_event
from anlan.monitoring.actions.put_rule_live import put_rule_live
from anlan.monitoring.actions.retire_rule import retire_rule
from anlan.monitoring.actions.start_test import start_test
from anlan.monitoring.core.tested import Mark
from anlan.monitoring.data import RuleState
from anlan.monitoring.models import Rule, RuleVersion
from anlan.monitoring.queries.rules import access_rule
from anlan.monitoring.rule_refusals import RuleOutOfSight, RuleRefused
from anlan.monitoring.screens.around import asked_code, check_keeper
from anlan.monitoring.screens.rule_forms import moment_in
from anlan.monitoring.screens.rules import version_or_404, version_page
from anlan.monitoring.tasks.back_tests import walk_test
from anlan.registry.api import actor_for


@require_POST
def draft_season(request: HttpRequest) -> HttpResponse:
    """Draft a rule on the reservoirs of a division from the levels of the register."""
    division = asked_code(request.POST.get("division", ""))
    check_keeper(request, division)
    try:
        uuid = draft_season_limits(
            division,
            name=request.POST.get("name", "") or _("Reservoirs by the flood season"),
            with_forecast=request.POST.get("forecast") == "1",
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except (RuleRefused, InvalidDivisionCode, UnknownDivision) as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("rules"))
    messages.success(request, _("The rule is a draft. Test it on what was measured next."))
    return HttpResponseRedirect(reverse("rule", args=[uuid]))


@require_POST
def copy_rule(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Copy the version in force into a draft."""
    rule = _rule(request, uuid)
    try:
        number = draft_version(str(uuid), by=actor_for(request.user.pk), now=clock.now())
    except RuleRefused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("rule", args=[uuid]))
    key = RuleVersion.objects.values_list("pk", flat=True).get(rule=rule, number=number)
    return HttpResponseRedirect(reverse("rule_edit", args=[key]))


@require_POST
def retire(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a rule out of force."""
    _rule(request, uuid)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Reason: it is missing. Say why the rule is no longer needed."))
        return HttpResponseRedirect(reverse("rule", args=[uuid]))
    _told(
        request,
        lambda: retire_rule(
            str(uuid), reason=reason, by=actor_for(request.user.pk), now=clock.now()
        ),
        done=_("The rule is out of force; what stands over it ends after its holding time."),
    )
    return HttpResponseRedirect(reverse("rule", args=[uuid]))


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a back-test; it goes on by itself."""
    version = _version(request, pk)
    since, until = (_day(request.POST.get(name, "")) for name in ("since", "until"))
    if since is None or until is None:
        messages.error(request, _("Give the first and the last day of the test, as 2025-01-01."))
        return HttpResponseRedirect(f"{reverse('rule_version', args=[pk])}#test")
    try:
        run = start_test(
            str(version.rule.uuid),
            number=version.number,
            since=since,
            until=until,
            by=actor_for(request.user.pk),
            now=clock.now(),
        )
    except RuleRefused as error:
        messages.error(request, str(error))
    else:
        walk_test.enqueue(version.pk, run)
    return HttpResponseRedirect(f"{reverse('rule_version', args=[pk])}#test")


@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of an event of a test whether it was one."""
    version = _version(request, pk)
    wanted = request.POST.get("mark", "")
    if wanted not in {Mark.BORNE_OUT.value, Mark.FALSE.value}:
        raise Http404
    event = whole_number(request.POST.get("event", ""), otherwise=-1)
    _told(
        request,
        lambda: mark_event(
            str(version.rule.uuid),
            number=version.number,
            run=request.POST.get("run", ""),
            event=event,
            mark=Mark(wanted),
            by=actor_for(request.user.pk),
            now=clock.now(),
        ),
    )
    return HttpResponseRedirect(f"{reverse('rule_version', args=[pk])}#event-{event}")


@require_http_methods(["GET", "HEAD", "POST"])
def put_live(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a draft shall come into force, and put it in force."""
    version = _version(request, pk)
    if version.state != RuleState.DRAFT:
        raise Http404
    if request.method == "POST":
        is_done = _told(
            request,
            lambda: put_rule_live(
                str(version.rule.uuid),
                number=version.number,
                seen=moment_in(request.POST.get("seen", "")),
                reason=request.POST.get("reason", ""),
                by=actor_for(request.user.pk),
                now=clock.now(),
            ),
            done=_("The rule is in force: the next reading is judged by it."),
        )
        if is_done:
            return HttpResponseRedirect(reverse("rule", args=[version.rule.uuid]))
        return HttpResponseRedirect(reverse("rule_put", args=[pk]))
    live = RuleVersion.objects.filter(rule=version.rule, state=RuleState.LIVE).first()
    page = version_page(request, version) | {"live": live}
    return render(request, "monitoring/rule_put.html", page)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft, and the rule with it when that was all of it."""
    version = _version(request, pk)
    uuid = str(version.rule.uuid)
    try:
        is_gone = drop_draft(
            uuid, number=version.number, by=actor_for(request.user.pk), now=clock.now()
        )
    except RuleRefused as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("rule", args=[uuid]))
    messages.success(request, _("The draft is deleted."))
    return HttpResponseRedirect(reverse("rules") if is_gone else reverse("rule", args=[uuid]))


def _rule(request: HttpRequest, uuid: UUID) -> Rule:
    """Return a rule in sight that whoever asks may change."""
    try:
        rule = access_rule(str(uuid))
    except RuleOutOfSight as error:
        raise Http404 from error
    check_keeper(request, rule.division_id)
    return rule


def _version(request: HttpRequest, pk: int) -> RuleVersion:
    version = version_or_404(pk)
    check_keeper(request, version.rule.division_id)
    return version


def _told(request: HttpRequest, do: Callable[[], None], *, done: str = "") -> bool:
    """Do something and say how it went; tell whether it was done."""
    try:
        do()
    except RuleRefused as error:
        messages.error(request, " ".join(error.sentences))
        return False
    except RuleOutOfSight as error:
        raise Http404 from error
    if done:
        messages.success(request, done)
    return True


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
