"""Where providers call back: receipts, replies and pressed keys, each signed by the provider."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from anlan.kernel import clock, scope
from anlan.kernel.actors import the_program
from anlan.warning.actions._carrying import settings_of
from anlan.warning.actions.hear_provider import hear_provider
from anlan.warning.gateways.making import read_callback
from anlan.warning.gateways.provider import CallbackRefused
from anlan.warning.models import ChannelProvider
from anlan.warning.refusals import StaleCallback
from anlan.warning.screens.refusals import note_refusal

LONGEST_BODY = 256 * 1024


@login_not_required
@never_cache
@csrf_exempt  # the provider's signature is what lets in
@require_POST
def hear(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take in what a provider tells. A word that it did not sign changes nothing and is noted.

    A word that was there before is answered as if it were the first: the provider stops repeating.
    """
    now = clock.now()
    with scope.everywhere("a provider calls back"):
        provider = ChannelProvider.objects.filter(uuid=uuid, ended_at__isnull=True).first()
        subject = f"provider:{uuid}"
        if provider is None:
            note_refusal("callback.refused", why="unknown", now=now)
            return JsonResponse({"code": "unknown"}, status=404)
        if int(request.headers.get("Content-Length") or 0) > LONGEST_BODY:
            note_refusal("callback.refused", why="long", now=now, subject=subject)
            return JsonResponse({"code": "long"}, status=413)
        try:
            callback = read_callback(
                provider.kind,
                settings_of(provider),
                headers=dict(request.headers),
                body=request.body,
                now=now,
            )
            done = hear_provider(provider, callback=callback, by=the_program("provider"), now=now)
        except CallbackRefused as error:
            note_refusal("callback.refused", why=str(error)[:40], now=now, subject=subject)
            return JsonResponse({"code": "refused"}, status=403)
        except StaleCallback as error:
            note_refusal("callback.refused", why=str(error), now=now, subject=subject)
            return JsonResponse({"code": 0, "used": 0})
    return JsonResponse({"code": 0, "used": done.used})
