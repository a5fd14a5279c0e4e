"""What a page says when something is wrong: a sentence and what to do, never a code alone."""

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from anlan.registry.models import Account
from tests.cast import Cast
from tests.evening import Evening, account
from tests.rooms.web.conftest import Visit


def test_a_wrong_password_is_told_and_five_of_them_lock(evening: Evening) -> None:
    client = Client(headers={"accept-language": "en"})
    wrong = {"username": "duty", "password": "not-this-one"}
    first = client.post(reverse("login"), wrong)
    assert "is not right" in first.content.decode()
    answers = [client.post(reverse("login"), wrong) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert "rests for ten minutes" in answers[-1].content.decode()


def test_an_unknown_address_is_told_in_the_language_of_the_page(visit: Visit) -> None:
    client = visit("duty")
    assert "这里没有内容" in client.get("/nothing-here").content.decode()
    client.post(reverse("set_language"), {"language": "en"})
    missing = client.get("/nothing-here")
    assert missing.status_code == 404
    assert "Nothing is here" in missing.content.decode()


def test_a_form_without_its_token_is_told(evening: Evening) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    refused = client.post(reverse("login"), {"username": "duty"})
    assert refused.status_code == 403
    assert "The form was too old" in refused.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
@pytest.mark.parametrize(("language", "word"), [("en", "try again"), ("zh-hans", "请")])
def test_a_fault_page_needs_nothing(name: str, language: str, word: str) -> None:
    with translation.override(language):
        page = render_to_string(name)
    if language == "en" and name == "500.html":
        word = "pick up the phone"
    assert word in page


def test_an_account_without_authority_is_told_whom_to_ask(evening: Evening) -> None:
    client = Client(headers={"accept-language": "en"})
    nobody = Account.objects.create_user("nobody", password="x" * 12)
    client.force_login(nobody, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/").content.decode()
    assert "Ask the administrator" in page
    assert 'id="map"' not in page
    for name in ("warnings", "incidents", "reports", "calls"):
        assert client.get(reverse(name)).status_code == 200, name
    assert client.get(reverse("warning", args=[evening.warning.uuid])).status_code == 404


def test_before_the_first_incident_the_map_says_what_will_happen(cast: Cast) -> None:
    client = Client(headers={"accept-language": "en"})
    officer = account(cast, "duty")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/").content.decode()
    assert "There is no incident yet" in page
    assert 'id="slider"' not in page
