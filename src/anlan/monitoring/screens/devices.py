"""The device models: their list, and the form with its box to try a payload in."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from anlan.kernel import clock
from anlan.monitoring.actions.keep_device_model import keep_device_model
from anlan.monitoring.devices import DeviceModelOutOfSight, DeviceModelRefused
from anlan.monitoring.gateways.mqtt.checking import mapping_of
from anlan.monitoring.gateways.mqtt.examples import EXAMPLES, example_named
from anlan.monitoring.gateways.mqtt.mapping import readings_in
from anlan.monitoring.gateways.mqtt.refusals import MappingRefused, PayloadRefused
from anlan.monitoring.gateways.mqtt.topics import is_filter, matches
from anlan.monitoring.gateways.mqtt.words import mapping_sentence, payload_sentence
from anlan.monitoring.gateways.sl651.elements import KIND_OF_NAME
from anlan.monitoring.queries.device_models import (
    access_device_model,
    listed_device_models,
    state_of,
)
from anlan.monitoring.screens.around import around, check_keeper
from anlan.monitoring.screens.device_form import (
    TIME_KINDS,
    DeviceForm,
    form_of_example,
    form_of_model,
    form_typed,
)
from anlan.monitoring.screens.words import element_label, unit_sign
from anlan.registry.api import actor_for, codes_with
from anlan.registry.data import Permission

MOST_SHOWN = 200


@dataclass(frozen=True)
class Tried:
    """What became of a payload: readings, or sentences why there are none."""

    readings: list[dict[str, Any]]
    sentences: list[str]
    count: int = 0


@require_safe
def list_device_models(request: HttpRequest) -> HttpResponse:
    """Show how the JSON of each device model is read, and the examples to start from."""
    check_keeper(request)
    shown = {"models": listed_device_models(), "examples": EXAMPLES}
    return render(request, "monitoring/devices.html", {**around(request), **shown})


@require_http_methods(["GET", "HEAD", "POST"])
def new_device_model(request: HttpRequest) -> HttpResponse:
    """Add a device model, from nothing or from an example."""
    check_keeper(request)
    example = example_named(request.GET.get("example", ""))
    form = form_of_example(example) if example else DeviceForm()
    return _form_page(request, form, pk=None, state="")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_device_model(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a device model."""
    check_keeper(request)
    try:
        model = access_device_model(pk)
    except DeviceModelOutOfSight as error:
        raise Http404 from error
    return _form_page(request, form_of_model(model), pk=pk, state=state_of(model))


def _form_page(
    request: HttpRequest, form: DeviceForm, *, pk: int | None, state: str
) -> HttpResponse:
    tried: Tried | None = None
    sentences: tuple[str, ...] = ()
    if request.method == "POST":
        form, state = form_typed(request.POST), request.POST.get("seen", "")
        step = request.POST.get("step", "")
        if step == "try":
            tried = _tried(form, now=clock.now())
        elif step == "keep":
            try:
                _keep(request, form, pk=pk, state=state)
            except DeviceModelRefused as refused:
                sentences = refused.sentences
            else:
                return HttpResponseRedirect(reverse("device_models"))
    shown = {
        "form": form.with_room(),
        "pk": pk,
        "seen": state,
        "tried": tried,
        "sentences": sentences,
        "time_kinds": TIME_KINDS.items(),
        "elements": [(name, element_label(name)) for name in KIND_OF_NAME],
        "as_json": json.dumps(form.mapping(), ensure_ascii=False, indent=1),
    }
    return render(request, "monitoring/device_form.html", {**around(request), **shown})


def _keep(request: HttpRequest, form: DeviceForm, *, pk: int | None, state: str) -> None:
    keep_device_model(
        form.name,
        topic=form.topic,
        mapping=form.mapping(),
        codes=codes_with(request, Permission.KEEP_STATIONS),
        pk=pk,
        seen=state,
        by=actor_for(request.user.pk),
        now=clock.now(),
    )
    words = _("“%(name)s” is kept. Within half a minute its messages are read by it.")
    messages.success(request, words % {"name": form.name})


def _tried(form: DeviceForm, *, now: datetime) -> Tried:
    """Read the sample by what is typed."""
    try:
        mapping = mapping_of(form.mapping())
        found = readings_in(
            form.sample.encode(),
            mapping,
            topic=form.sample_topic,
            received_at=now,
            zone=timezone.get_default_timezone(),
        )
    except MappingRefused as refused:
        return Tried([], [mapping_sentence(fault) for fault in refused.faults])
    except PayloadRefused as refused:
        return Tried([], [payload_sentence(refused)])
    rows = [
        {
            "station": each.station,
            "element": each.element,
            "label": element_label(each.element),
            "unit": unit_sign(each.element),
            "observed_at": each.observed_at,
            "value": each.value,
        }
        for each in found[:MOST_SHOWN]
    ]
    return replace(_with_topic_sentence(form, Tried(rows, [])), count=len(found))


def _with_topic_sentence(form: DeviceForm, tried: Tried) -> Tried:
    """Say also when the topic of the sample does not fall under the filter."""
    if not form.topic or (is_filter(form.topic) and matches(form.topic, form.sample_topic)):
        return tried
    words = _("The topic “%(topic)s” does not fall under “%(filter)s”: such a message never comes.")
    sentence = words % {"topic": form.sample_topic, "filter": form.topic}
    return replace(tried, sentences=[sentence])
