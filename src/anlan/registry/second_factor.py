"""The second factor at work: the app's code of the moment, and ten codes for the day it is lost."""

from secrets import choice

from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from anlan.kernel.encryption import index_of
from anlan.registry.models import Account, SecondFactor

RECOVERY_CODES, CODE_SIGNS = 10, 10
# Without letters and digits that look alike on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def factor_of(account_id: int, *, for_update: bool = False) -> SecondFactor | None:
    """Return the confirmed second factor of an account."""
    rows = SecondFactor.objects.filter(user_id=account_id, confirmed=True)
    found: SecondFactor | None = (rows.select_for_update() if for_update else rows).first()
    return found


def unconfirmed_of(account_id: int) -> SecondFactor | None:
    """Return the second factor that an account has begun to set up."""
    rows = SecondFactor.objects.filter(user_id=account_id, confirmed=False)
    found: SecondFactor | None = rows.first()
    return found


def proving_device(account_id: int, code: str) -> Device | None:
    """Return the device that takes a code, from the app or of the ten; None when none does.

    A code opens once. A wrong one makes both wait: a second, then two, then four.
    """
    plain = code.replace(" ", "").replace("-", "").lower()
    device: Device | None = factor_of(account_id, for_update=True)
    if not (plain.isascii() and plain.isdigit() and len(plain) < CODE_SIGNS):
        rows = StaticDevice.objects.select_for_update().filter(user_id=account_id)
        device, plain = rows.first(), digest_of(plain)
    return device if device is not None and device.verify_token(plain) else None


def new_recovery_codes(account_id: int) -> tuple[str, ...]:
    """Give an account ten new recovery codes in place of the old ones; only digests are kept."""
    device, _made = StaticDevice.objects.get_or_create(user_id=account_id, name="recovery")
    device.token_set.all().delete()
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    StaticToken.objects.bulk_create(
        StaticToken(device=device, token=digest_of(code)) for code in codes
    )
    return tuple(f"{code[:5]}-{code[5:]}" for code in codes)


def recovery_codes_left(account_id: int) -> int:
    """Return how many recovery codes of an account are unused."""
    return int(StaticToken.objects.filter(device__user_id=account_id).count())


def forget_factor(account_id: int) -> bool:
    """Remove the second factor of an account with its recovery codes; tell whether it had one."""
    StaticDevice.objects.filter(user_id=account_id).delete()
    Account.objects.filter(pk=account_id).update(has_second_factor=False)
    factors, _by_model = SecondFactor.objects.filter(user_id=account_id, confirmed=True).delete()
    return bool(factors)


def digest_of(code: str) -> str:
    """Return what is kept of a recovery code: 64 bits of its keyed digest."""
    return index_of(code)[:16]


def _new_code() -> str:
    return "".join(choice(ALPHABET) for _ in range(CODE_SIGNS))
