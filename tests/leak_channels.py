"""What the leak test knows of providers, loudspeakers and people's own orders of channels."""

from collections.abc import Mapping
from typing import Any

from anlan.registry.data import Permission
from tests.leak_patterns import Body

PROVIDER, SPEAKER = ("warning.ChannelProvider", "uuid"), ("warning.Loudspeaker", "pk")
ABOUT: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("channel_provider", "try_channel_provider", "end_channel_provider"), PROVIDER),
    **dict.fromkeys(("loudspeaker", "end_loudspeaker"), SPEAKER),
    "person_channels": ("registry.Person", "uuid"),
    "channel_callback": PROVIDER,
}
WRITES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("new_channel_provider", "channel_provider", "end_channel_provider"),
            *("loudspeakers", "loudspeaker", "end_loudspeaker"),
        ),
        Permission.KEEP_CHANNELS,
    ),
    "person_channels": Permission.EDIT_REGISTER,
    "try_channel_provider": "nothing",  # in a drill nothing leaves
    "channel_callback": "nothing",  # nobody here signs as a provider
    "one_tap": "nothing",  # nobody here was sent a link
}


def of_channels(world: Any, _visitor: Any, case: Any) -> list[Body]:
    """Return what the form of each address asks for at a place."""
    if case.name in ("new_channel_provider", "channel_provider"):
        typed = {"kind": "sms", "name": "walk", "address": "https://127.0.0.1:9/", "account": "a"}
        limits = {"order": "2", "per_minute": "60", "timeout_s": "5", "secret": "walk-4711"}
        county = f"{case.code[:6]}000000"
        return [
            Body({**typed, **limits, "option-sign_name": "县", "county": county, "version": "1"})
        ]
    if case.name in ("loudspeakers", "loudspeaker"):
        broker = world.rows[f"{case.code[:6]}000000"]["warning.ChannelProvider"][1]
        typed = {"village": case.code, "provider": str(broker.uuid), "device": "walk-1"}
        return [Body({**typed, "name": "walk", "town": f"{case.code[:9]}000", "version": "1"})]
    if case.name == "person_channels":
        return [Body({"kind-1": "email", "to-1": "walk@example.cn", "kind-2": "sms"})]
    return [Body({})]
