"""The button that closes a response task."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anlan.command.actions.complete_task import complete_task
from anlan.command.data import TaskNotOpen, TaskOutOfSight
from anlan.command.queries.pages import access_task_of
from anlan.kernel import clock
from anlan.registry.api import actor_for


@require_POST
def finish_task(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Record that a task of whoever is logged in is done."""
    actor = actor_for(request.user.pk)
    try:
        if actor.person_id is None:
            raise TaskOutOfSight(str(uuid))
        title = access_task_of(actor.person_id, uuid=str(uuid))
        complete_task(str(uuid), by=actor, now=clock.now())
    except TaskOutOfSight as error:
        raise Http404 from error
    except TaskNotOpen as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Recorded as done: %(title)s.") % {"title": title})
    return HttpResponseRedirect(reverse("calls"))
