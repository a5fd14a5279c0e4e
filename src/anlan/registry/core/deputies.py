"""Who stands in for whom: chains of deputies, and the circles that they must not form. Pure."""

from collections.abc import Collection, Iterator, Mapping

from anlan.registry.data import DeputyCycle

Links = Mapping[int, int]
"""Person by person the deputy who takes their calls."""


def deputy_chain(person_id: int, *, links: Links, without: Collection[int] = ()) -> Iterator[int]:
    """Give the deputy of a person, the deputy's deputy and so on, each once; a circle ends it.

    Those in `without` are passed over and the chain goes on behind them.
    """
    seen = {person_id}
    following = links.get(person_id)
    while following is not None and following not in seen:
        seen.add(following)
        if following not in without:
            yield following
        following = links.get(following)


def deputy_cycles(links: Links) -> list[tuple[int, ...]]:
    """Return every circle of deputies once, beginning with its lowest person, in that order."""
    found: list[tuple[int, ...]] = []
    done: set[int] = set()
    for start in sorted(links):
        path: dict[int, int] = {}
        person: int | None = start
        while person is not None and person not in done and person not in path:
            path[person] = len(path)
            person = links.get(person)
        if person is not None and person in path:
            found.append(_from_lowest(list(path)[path[person] :]))
        done.update(path)
    return sorted(found)


def check_deputies(
    links: Links, *, names: Mapping[int, str], about: Collection[int] | None = None
) -> None:
    """Raise DeputyCycle, with the people by name, when the deputies run in a circle.

    With `about` only circles that one of these persons is in count.
    """
    for circle in deputy_cycles(links):
        if about is None or not set(about).isdisjoint(circle):
            raise DeputyCycle(circle, names=names)


def _from_lowest(circle: list[int]) -> tuple[int, ...]:
    start = circle.index(min(circle))
    return tuple(circle[start:] + circle[:start])
