"""Every address of the program: its name, and what its arguments are."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

API = "api:"


@dataclass(frozen=True)
class Address:
    """A pattern of the program: its name and the converters of its arguments."""

    name: str
    arguments: Mapping[str, str]


def addresses() -> list[Address]:
    """Return every pattern of the program, those of the API left to its own document."""
    found = [a for a in _walk(get_resolver(), "") if not a.name.startswith(API)]
    return sorted(found, key=lambda each: each.name)


def api_addresses() -> list[Address]:
    """Return the API's own patterns, several methods at one address told once."""
    found = {a.name: a for a in _walk(get_resolver(), "") if a.name.startswith(API)}
    return sorted(found.values(), key=lambda each: each.name)


def _walk(resolver: URLResolver, space: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern, inner)
        elif isinstance(pattern, URLPattern):
            kinds = {
                name: type(converter).__name__
                for name, converter in getattr(pattern.pattern, "converters", {}).items()
            }
            yield Address(name=f"{space}{pattern.name}", arguments=kinds)


def path_of(address: Address, /, **arguments: Any) -> str:
    """Return an address written out."""
    return reverse(address.name, kwargs=arguments)


@dataclass(frozen=True)
class Body:
    """What a POST sends; `query` goes into the address."""

    data: Mapping[str, Any]
    query: Mapping[str, str] | None = None
    is_reaching: bool = False  # one's own record, naming or moved to what is out of sight
