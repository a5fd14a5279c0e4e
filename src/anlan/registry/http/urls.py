"""The addresses of the API, and the page that says what it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from anlan.kernel.sheets.unusable import MAX_BYTES, MEGABYTE
from anlan.registry.http.document import document
from anlan.registry.http.faults import problem, refusal
from anlan.registry.http.service import service

View = Callable[..., HttpResponse]
ROOM_FOR_FORM = MEGABYTE


def for_programs(view: View) -> View:
    """Return a view that asks for no login, keeps within bounds and answers only in JSON."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _check_size(request)
            found = view(request, *args, **kwargs)
        except (Http404, RequestDataTooBig) as error:
            found = refusal(error)
        if found.status_code == 405:
            found = _not_allowed(found.headers.get("Allow", ""))
        found.headers["Cache-Control"] = "no-store"
        return found

    return login_not_required(csrf_exempt(answer))


def _check_size(request: HttpRequest) -> None:
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    is_file = request.path.endswith("/sheet")
    if size > (MAX_BYTES + ROOM_FOR_FORM if is_file else MEGABYTE):
        raise RequestDataTooBig


def _not_allowed(methods: str) -> HttpResponse:
    answer = problem(
        405, _("This address knows only these methods: %(methods)s.") % {"methods": methods}
    )
    answer.headers["Allow"] = methods
    return answer


def show_document(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document; it holds no data of the county."""
    return HttpResponse(document(), content_type="application/json; charset=utf-8")


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """Refuse an address that is none."""
    raise Http404(rest)


@login_not_required
@require_safe
def show_page(request: HttpRequest) -> HttpResponse:
    """Say what the API is, where its document lies and how one gets a key."""
    return render(request, "registry/api.html")


def _wrapped(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    if isinstance(pattern, URLPattern):
        pattern.callback = for_programs(pattern.callback)
    return pattern


_patterns, _app, _namespace = service.urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", show_page, name="api_page"),
    path("api/v1/openapi.json", for_programs(show_document), name="api_document"),
    path("api/v1/", include(([_wrapped(each) for each in _patterns], _app), namespace=_namespace)),
    path("api/v1/<path:rest>", for_programs(unknown), name="api_unknown"),
]
