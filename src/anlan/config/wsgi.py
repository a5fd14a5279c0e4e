"""The WSGI entry: what `anlan serve` hands to the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anlan.config.settings")
application = get_wsgi_application()

# Load every page before the first request, and leave what was loaded out of the collection of
# garbage: walking through it all stops a page for a fifth of a second, every few requests.
reverse("login")
gc.collect()
gc.freeze()
