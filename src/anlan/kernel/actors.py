"""Who does a thing: an account at a screen, a person on a phone, or the program by a rule."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts. `label` is what the journal shows; it holds a name or a rule, never a phone."""

    label: str
    account_id: int | None = None
    person_id: int | None = None


def the_program(rule: str) -> Actor:
    """Return the actor for what the program does by itself under the named rule."""
    return Actor(label=f"program:{rule}")
