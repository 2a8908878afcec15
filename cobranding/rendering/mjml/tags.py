"""The tags of a finished page, for steps that rewrite some of their attributes and touch nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

TAG = re.compile(
    r"<!--.*?-->|<style\b.*?</style>|<(?P<closing>/?)(?P<name>[a-z][a-z0-9]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL | re.IGNORECASE,
)
VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))


@dataclass(frozen=True)
class Tag:
    """A tag that opens or closes an element; `rest` is its attributes as they are written."""

    name: str
    closing: bool
    rest: str

    def get(self, attribute: str) -> str:
        """Return an attribute as it is written, or an empty text."""
        found = re.search(rf'\s{attribute}="([^"]*)"', self.rest)
        return found[1] if found else ""

    def having(self, attribute: str, value: str) -> "Tag":
        """Return the tag with an attribute set."""
        written = f' {attribute}="{value}"'
        rest, found = re.subn(rf'\s{attribute}="[^"]*"', lambda _: written, self.rest, count=1)
        return replace(self, rest=rest if found else written + self.rest)

    def of_class(self, name: str) -> "Tag":
        """Return the tag with one more class."""
        return self.having("class", f"{self.get('class')} {name}".strip())

    def __str__(self) -> str:
        """Return the tag as it is written."""
        return f"<{'/' if self.closing else ''}{self.name}{self.rest}>"


def rewritten(page: str, change: Callable[[Tag], object]) -> str:
    """Return a page in which tags are replaced by what `change` returns; comments and None leave it as it is."""

    def each(match: re.Match[str]) -> str:
        if match["name"] is None:
            return match[0]
        changed = change(Tag(match["name"].lower(), bool(match["closing"]), match["rest"]))
        return match[0] if changed is None else str(changed)

    return TAG.sub(each, page)


def declarations(style: str) -> list[tuple[str, str]]:
    """Return the properties of a style with their values."""
    pairs = (each.partition(":") for each in style.split(";"))
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs if value.strip()]
