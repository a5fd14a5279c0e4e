"""Single sign-on: lets in whom it names, opens nothing, gives nothing, and believes no forgery."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import jwt
import pytest
from django.test import Client
from django.urls import reverse

from anlan.kernel.models import JournalEntry
from anlan.registry.models import Account, Authority
from tests.entrance import open_accounts
from tests.evening import QUICK_HASH
from tests.issuer import CLIENT, new_key, running


@pytest.fixture
def issuer(cast, settings):
    with running() as found:
        settings.ANLAN_OIDC_ISSUER = found.address
        settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{found.address}/authorize"
        settings.OIDC_OP_TOKEN_ENDPOINT = f"{found.address}/token"
        settings.OIDC_OP_JWKS_ENDPOINT = f"{found.address}/jwks"
        settings.OIDC_RP_CLIENT_ID = CLIENT
        settings.OIDC_RP_CLIENT_SECRET = "secret"
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS,
            "anlan.web.sign_on.IssuerBackend",
        ]
        settings.PASSWORD_HASHERS = QUICK_HASH
        open_accounts()
        yield found


class Browser(Client):
    """A browser with the last answer of the way through the issuer."""

    answer: Any = None


def begun(client, **asked):
    """Begin at our door and return what the issuer is told."""
    answer = client.get(reverse("sign_on"), asked)
    assert answer.status_code == 302
    return {key: value[0] for key, value in parse_qs(urlparse(answer["Location"]).query).items()}


def signed_on(issuer, *, name="duty", nonce=None, state=None, asked=None, **claims):
    """Go through the whole way and return the browser with the last answer."""
    client = Browser(headers={"accept-language": "en"})
    told = begun(client, **(asked or {}))
    issuer.claims = {"preferred_username": name, "nonce": nonce or told["nonce"]} | claims
    client.answer = client.get(
        reverse("sign_on_back"), {"code": "c", "state": state or told["state"]}
    )
    return client


def is_in(client) -> bool:
    return bool(client.get(reverse("calls")).status_code == 200)


def is_refused(client) -> bool:
    answer = client.answer
    return bool(
        not is_in(client)
        and answer.status_code == 302
        and answer["Location"] == reverse("login")
        and "_auth_user_id" not in client.session
    )


def test_without_an_issuer_there_is_no_button_and_no_way(cast):
    client = Client()
    assert reverse("sign_on") not in client.get(reverse("login")).content.decode()
    for name in ("sign_on", "sign_on_back"):
        assert client.get(reverse(name)).status_code == 404


def test_whom_it_names_comes_in_and_it_is_written_down(issuer):
    assert reverse("sign_on") in Client().get(reverse("login")).content.decode()
    client = signed_on(issuer, asked={"next": reverse("warnings")})
    assert client.answer["Location"] == reverse("warnings")
    assert is_in(client)
    entry = JournalEntry.objects.get(act="account.logged_in")
    assert entry.account_id == Account.objects.get(username="duty").pk
    assert "sign-on" in entry.detail
    assert issuer.asked[-1]["code_verifier"]
    assert issuer.asked[-1]["grant_type"] == "authorization_code"


def test_it_opens_no_account_and_gives_no_authority(issuer):
    accounts, authorities = Account.objects.count(), Authority.objects.count()
    assert is_refused(signed_on(issuer, name="newcomer", groups=["administrators"]))
    signed_on(issuer, name="duty", roles=["administrator"])
    assert Account.objects.count() == accounts
    assert Authority.objects.count() == authorities


def test_a_closed_account_stays_out(issuer):
    Account.objects.filter(username="duty").update(is_active=False)
    assert is_refused(signed_on(issuer))


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-program"},
        {"aud": ["another-program"]},
        {"exp": datetime.now(UTC) - timedelta(minutes=5)},
        {"preferred_username": ""},
        {"preferred_username": None},
    ],
)
def test_a_token_that_does_not_hold_is_refused(issuer, wrong):
    assert is_refused(signed_on(issuer, **wrong))


def test_another_state_is_refused(issuer):
    assert is_refused(signed_on(issuer, state="made-up"))
    client = Client()
    assert client.get(reverse("sign_on_back"), {"code": "c", "state": "s"}).status_code == 302
    assert not is_in(client)


def test_an_answer_opens_once(issuer):
    client = Client()
    told = begun(client)
    issuer.claims = {"preferred_username": "duty", "nonce": told["nonce"]}
    back = {"code": "c", "state": told["state"]}
    client.get(reverse("sign_on_back"), back)
    assert is_in(client)
    client.post(reverse("logout"))
    client.get(reverse("sign_on_back"), back)
    assert not is_in(client)


def test_a_forged_signature_is_refused(issuer):
    issuer.signing_key = new_key()
    assert is_refused(signed_on(issuer))


@pytest.mark.parametrize("kind", ["none", "HS256", "nonsense", "empty", "no kid"])
def test_a_token_signed_in_another_way_is_refused(issuer, kind):
    client = Browser()
    told = begun(client)
    claims = {
        "iss": issuer.address,
        "aud": CLIENT,
        "exp": datetime.now(UTC) + timedelta(minutes=5),
        "preferred_username": "duty",
        "nonce": told["nonce"],
    }
    issuer.whole_token = {
        "none": lambda: jwt.encode(claims, "", algorithm="none", headers={"kid": "key-1"}),
        "HS256": lambda: jwt.encode(claims, "s" * 32, algorithm="HS256", headers={"kid": "key-1"}),
        "nonsense": lambda: "a.b.c",
        "empty": lambda: ".",
        "no kid": lambda: jwt.encode(claims, issuer.key, algorithm="RS256"),
    }[kind]()
    client.answer = client.get(reverse("sign_on_back"), {"code": "c", "state": told["state"]})
    assert is_refused(client)


def test_an_issuer_that_says_no_or_is_away_leads_back(issuer, settings):
    client = Browser(headers={"accept-language": "en"})
    told = begun(client)
    client.answer = client.get(
        reverse("sign_on_back"), {"error": "access_denied", "state": told["state"]}
    )
    assert is_refused(client)
    settings.OIDC_OP_TOKEN_ENDPOINT = "http://127.0.0.1:9/token"
    away = signed_on(issuer)
    assert is_refused(away)
    assert "did not let you in" in away.get(reverse("login")).content.decode()


def test_the_second_factor_is_still_asked(issuer):
    client = signed_on(issuer, name="commander")
    assert client.get(reverse("map"))["Location"] == reverse("second_factor")


@pytest.mark.parametrize(
    ("strong", "amr", "opens"),
    [
        (["otp", "mfa"], ["pwd", "otp"], True),
        (["mfa"], ["mfa"], True),
        (["otp"], ["pwd"], False),
        (["otp"], "otp", False),
        (["otp"], None, False),
        ([], ["otp", "mfa"], False),
    ],
)
def test_a_factor_that_the_issuer_took_counts_where_it_is_set_so(
    issuer, settings, strong, amr, opens
):
    settings.ANLAN_OIDC_STRONG = strong
    client = signed_on(issuer, name="commander", amr=amr)
    assert (client.get(reverse("map")).status_code == 200) is opens
