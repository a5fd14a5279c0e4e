"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the machine that asks.

    Behind the proxy that speaks HTTPS it is the last one that the proxy added; whatever the
    client itself claimed before it counts for nothing.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    if not (settings.BEHIND_HTTPS and told):
        return direct
    try:
        return str(ip_address(told))
    except ValueError:
        return direct
