"""What stands around every page: the scope of whoever is logged in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from anlan.kernel import clock, scope
from anlan.registry.api import authority_codes


class ScopeMiddleware:
    """Let a page see the divisions over which its account holds authority, and nothing else.

    Without a login there is no scope, and any query of a scoped table raises.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request within the scope of its account."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        codes = authority_codes(request.user.pk, at=clock.now())
        with scope.limited_to(codes):
            return self.get_response(request)
