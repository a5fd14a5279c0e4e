from django.urls import URLPattern, path

from anlan.registry.screens import (
    accounts,
    audit,
    delegations,
    own_account,
    second_factor,
    tokens,
)

urlpatterns: list[URLPattern] = [
    path("accounts/", accounts.list_accounts, name="accounts"),
    path("accounts/new", accounts.new_account, name="new_account"),
    path("accounts/<int:pk>/", accounts.show_account, name="account"),
    path("accounts/<int:pk>/close", accounts.close, name="close_account"),
    path("accounts/<int:pk>/reopen", accounts.reopen, name="reopen_account"),
    path("accounts/<int:pk>/password", accounts.give_password, name="reset_password"),
    path("accounts/<int:pk>/second-factor", accounts.take_factor, name="reset_second_factor"),
    path("accounts/<int:pk>/person", accounts.tie, name="tie_account"),
    path("accounts/<int:pk>/grant", accounts.grant, name="grant_authority"),
    path("authorities/<int:pk>/withdraw", accounts.withdraw, name="withdraw_authority"),
    path("delegations/", delegations.list_delegations, name="delegations"),
    path("delegations/new", delegations.delegate, name="delegate_authority"),
    path("tokens/", tokens.list_tokens, name="tokens"),
    path("tokens/<uuid:uuid>/revoke", tokens.revoke, name="revoke_token"),
    path("audit/", audit.show_audit, name="audit"),
    path("me/", own_account.show_own_account, name="own_account"),
    path("me/password", own_account.change_own_password, name="change_password"),
    path("me/sessions/end", own_account.end_other_sessions, name="end_sessions"),
    path("me/second-factor/", second_factor.show_second_factor, name="second_factor"),
    path("me/second-factor/begin", second_factor.begin, name="begin_second_factor"),
    path("me/second-factor/confirm", second_factor.confirm, name="confirm_second_factor"),
    path("me/second-factor/codes", second_factor.renew_codes, name="renew_recovery_codes"),
    path("me/second-factor/off", second_factor.give_up, name="give_up_second_factor"),
    path("me/second-factor/prove", second_factor.prove, name="prove_second_factor"),
]
