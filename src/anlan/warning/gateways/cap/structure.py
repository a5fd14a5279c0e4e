"""Read an element whose children stand in the order of the schema."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from .errors import MissingElement, RepeatedElement, UnknownElement, WrongOrder
from .fields import fault
from .opening import Element
from .values import NAMESPACE

T = TypeVar("T")

_NOTHING: Final = (None, "", ())


@dataclass(frozen=True, slots=True)
class Slot:
    """A child element: its name in CAP, where its value goes, how it is read, how often it stands.

    A required child must hold something unless `may_be_empty`.
    """

    element: str
    to: str
    read: Callable[[Element], Any]
    is_many: bool = False
    is_required: bool = False
    may_be_empty: bool = False


def sequence(
    made: Callable[..., T], *slots: Slot, then: str = "", noted_as: str = ""
) -> Callable[[Element], T]:
    """Return a reader of elements with these children in this order.

    At the end any elements of the namespace `then` may stand; `noted_as` is then set to True.
    Raises UnknownElement, WrongOrder, RepeatedElement and MissingElement.
    """
    known = {f"{{{NAMESPACE}}}{slot.element}": (at, slot) for at, slot in enumerate(slots)}
    required = [slot for slot in slots if slot.is_required]
    many = [slot.to for slot in slots if slot.is_many]
    opening = f"{{{then}}}"

    def read(node: Element) -> T:
        values: dict[str, Any] = {}
        last = -1
        for child in node:
            found = known.get(child.tag)
            if found is None:
                if not then or not str(child.tag).startswith(opening):
                    raise fault(UnknownElement, "the schema knows no such element here", node=child)
                values[noted_as] = True
                last = len(slots)
                continue
            at, slot = found
            if at <= last and not (at == last and slot.is_many):
                kind = RepeatedElement if at == last else WrongOrder
                raise fault(kind, "it stands after one that must follow it", node=child)
            last = at
            if slot.is_many:
                values.setdefault(slot.to, []).append(slot.read(child))
            else:
                values[slot.to] = slot.read(child)
        for name in many:
            if name in values:
                values[name] = tuple(value for value in values[name] if value not in _NOTHING)
        _check_required(node, required, values)
        return made(**values)

    return read


def _check_required(node: Element, required: list[Slot], values: dict[str, Any]) -> None:
    for slot in required:
        if slot.to in values and (slot.may_be_empty or values[slot.to] not in _NOTHING):
            continue
        error = fault(MissingElement, f"{slot.element} is missing or empty", node=node)
        error.element = f"{error.element}/{slot.element}"
        raise error
