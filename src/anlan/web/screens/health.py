"""What machines ask for: whether the program lives, its icon, what robots may read."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from anlan.kernel import clock
from anlan.kernel.heartbeat import late_sweeps


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether the database answers (503 when not) and name the sweeps that are late.

    Late sweeps leave the answer at 200: pages still serve, it is the worker that needs a look.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        late = sorted(late_sweeps(now=clock.now()))
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    return JsonResponse({"database": "ok", "late_sweeps": late})


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Lead browsers that guess to the icon."""
    return HttpResponseRedirect(static("web/favicon.svg"))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask robots to read nothing."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
