"""What the warning room announces."""

from anlan.kernel.facts import Fact

warnings_issued = Fact()
"""Warnings are in force and their people are being called. Carries `warning_uuids`."""

warnings_lifted = Fact()
"""Villages have left their warnings for good. Carries `warning_uuids`."""

warning_answered = Fact()
"""Somebody has taken on a village. Carries `summons_uuid`."""

help_asked = Fact()
"""Somebody answerable for a village needs help. Carries `summons_uuid`."""

nobody_answered = Fact()
"""Every rung of some ladders was rung in vain. Carries `summons_uuids`."""

upper_warning_received = Fact()
"""A warning of an upper level has come into force for a county. Carries `upper_uuid`."""
