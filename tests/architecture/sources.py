"""The project's own sources, parsed, for the tests of its structure."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("tcma", "campaigns", "cobranding", "mdf", "assets")


def sources(pattern: str = "**/*.py") -> Iterator[tuple[str, ast.Module]]:
    """Yield each file's path, relative to the project, with its syntax tree."""
    for room in ROOMS:
        for path in sorted((ROOT / room).glob(pattern)):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text())


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Yield each call of a function or method with one of the names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def called(node: ast.Call) -> str:
    """Return the last name of what is called: `c` for `a.b.c()`."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
