"""What the warning room announces."""

from django.dispatch import Signal

warnings_issued = Signal()
"""Warnings are in force and their people are being called. Carries `warning_uuids`."""

warnings_lifted = Signal()
"""Villages have left their warnings for good. Carries `warning_uuids`."""

warning_answered = Signal()
"""Somebody has taken on a village. Carries `summons_uuid`."""

nobody_answered = Signal()
"""Every rung of some ladders was rung in vain. Carries `summons_uuids`."""
