"""The endpoints of readings, to be joined to the service of the register."""

from ninja import NinjaAPI, Router

from anlan.monitoring.http.pushing import add_pushing_routes
from anlan.monitoring.http.refusing import ReadingsRefused, on_refused
from anlan.monitoring.http.series import add_reading_routes


def join_readings(service: NinjaAPI) -> None:
    """Add the endpoints of readings to a service, with what it says when one is refused."""
    router = Router()
    add_reading_routes(router)
    add_pushing_routes(router)
    service.add_exception_handler(ReadingsRefused, on_refused)
    service.add_router("", router)
