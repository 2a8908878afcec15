"""A typeface and what stands in for it: words parted where lines may break, each part in faces that have all of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from cobranding.rendering.cache import Kept
from cobranding.rendering.document.model import FontSource
from cobranding.rendering.errors import FontUnusable
from cobranding.rendering.inputs import InputFile
from cobranding.rendering.typography.breaking import clusters_of, parts_of
from cobranding.rendering.typography.fonts import Face, face, own_face
from cobranding.rendering.typography.scripts import INVISIBLE, STEERING, script_of
from cobranding.rendering.typography.shaping import Manner, NoGlyphError, Word, shape

MOST_WORDS = 20_000
SIMPLE = 0x590
"""Below this character everything runs from left to right and is shaped the same way."""


class Run(NamedTuple):
    """A shaped run, and which way it goes: at an odd level from right to left."""

    word: Word
    level: int


class Unit(NamedTuple):
    """What no line breaks inside of, in reading order. Lengths are in em.

    `space` is what stands before it when it is not the first on its line; `gap` is the level of that space. `plain` is
    its only run, when that is in the typeface asked first, runs from left to right, and follows a space.
    """

    runs: tuple[Run, ...]
    space: float
    gap: int
    width: float
    before: float
    after: float
    top: float
    bottom: float
    plain: Word | None = None


@dataclass(eq=False)
class Chain:
    """Faces to ask in their order, for a language and a letter spacing (in em)."""

    faces: tuple[Face, ...]
    language: str
    spacing: float
    space: float
    _units: dict[tuple[str, Sequence[int]], tuple[Unit, ...]] = field(default_factory=dict)
    _plain: dict[str, tuple[Unit, ...]] = field(default_factory=dict)
    _runs: dict[tuple[str, Sequence[int]], tuple[Run, ...]] = field(default_factory=dict)

    def units(self, word: str) -> tuple[Unit, ...]:
        """Shape a word that runs from left to right; the most used ones are remembered.

        Raises NoGlyphError.
        """
        units = self._plain.get(word)
        if units is None:
            units = self._shaped(word, (0,) * len(word), 0)
            if len(self._plain) >= MOST_WORDS:
                self._plain.clear()
            self._plain[word] = units
        return units

    def turned_units(self, word: str, levels: Sequence[int], gap: int) -> tuple[Unit, ...]:
        """Shape a word whose characters have levels, after a space that has one.

        Raises NoGlyphError.
        """
        key = (word, (gap, *levels))
        units = self._units.get(key)
        if units is None:
            units = self._shaped(word, levels, gap)
            if len(self._units) >= MOST_WORDS:
                self._units.clear()
            self._units[key] = units
        return units

    def _shaped(self, word: str, levels: Sequence[int], gap: int) -> tuple[Unit, ...]:
        units: list[Unit] = []
        at = 0
        for part in parts_of(word):
            runs = tuple(self.runs(part, levels[at : at + len(part)]))
            at += len(part)
            if runs:
                unit = unit_of(runs, 0.0 if units else self.space, gap)
                alone = len(runs) == 1 and not units and not gap and not runs[0].level
                plain = runs[0].word if alone and runs[0].word.face is self.faces[0] else None
                units.append(unit._replace(plain=plain))
        return tuple(units)

    def kept_runs(self, part: str, levels: tuple[int, ...]) -> tuple[Run, ...]:
        """Shape a part of a word; the most used ones are remembered.

        Raises NoGlyphError.
        """
        runs = self._runs.get((part, levels))
        if runs is None:
            runs = tuple(self.runs(part, levels))
            if len(self._runs) >= MOST_WORDS:
                self._runs.clear()
            self._runs[part, levels] = runs
        return runs

    def runs(self, part: str, levels: Sequence[int]) -> Iterator[Run]:
        """Shape a part of a word, run by run.

        Raises NoGlyphError.
        """
        for (chosen, script, level), characters in self._cut(part, levels):
            manner = Manner(script, self.language, bool(level % 2), self.spacing)
            yield Run(shape(chosen, characters, manner), level)

    def _cut(self, part: str, levels: Sequence[int]) -> Iterator[tuple[tuple[Face, str, int], str]]:
        """Cut into runs of one face, one script and one level."""
        first = self.faces[0]
        if all(ord(each) < SIMPLE and ord(each) in first.characters for each in part) and len(set(levels)) <= 1:
            yield (first, "", levels[0] if levels else 0), part
            return
        pieces: list[tuple[tuple[Face, str, int], str]] = []
        at, script = 0, next(filter(None, map(script_of, part)), "")
        for cluster in clusters_of(part):
            level = levels[at]
            at += len(cluster)
            drawn = "".join(character for character in cluster if character not in STEERING)
            if not drawn:
                continue
            script = script_of(drawn[0]) or script
            pieces.append(((self._face_for(drawn, pieces[-1][0][0] if pieces else first), script, level), drawn))
        for key, group in groupby(pieces, key=lambda piece: piece[0]):
            yield key, "".join(drawn for _, drawn in group)

    def _face_for(self, cluster: str, current: Face) -> Face:
        """Return the first face that has every character of a cluster; what is not drawn stays with its neighbour."""
        needed = [character for character in cluster if character not in INVISIBLE]
        if not needed:
            return current
        for each in self.faces:
            if all(each.has(character) for character in needed):
                return each
        nowhere = [character for character in needed if not any(each.has(character) for each in self.faces)]
        whole = len(nowhere) != 1 or ord(max(cluster)) > 0x1F000 or "\ufe0f" in cluster
        raise NoGlyphError(cluster if whole else nowhere[0])


def unit_of(runs: tuple[Run, ...], space: float, gap: int, sizes: Sequence[float] = ()) -> Unit:
    """Measure runs that stand beside each other; `sizes` are their type sizes against the base, if they differ."""
    width = before = after = top = bottom = 0.0
    for at, (word, _) in enumerate(runs):
        em = (sizes[at] if sizes else 1.0) / word.face.units
        before = max(before, word.before * em - width)
        after = max(after - word.width * em, word.after * em, 0.0)
        top, bottom = max(top, word.top * em), max(bottom, word.bottom * em)
        width += word.width * em
    if any(level for _, level in runs):
        edge = max(word.before / word.face.units + word.after / word.face.units for word, _ in runs)
        before = after = max(before, after, edge * max(sizes, default=1.0))
    return Unit(runs, space, gap, width, before, after, top, bottom)


_chains: Kept[tuple[object, ...], Chain] = Kept(128, "typography_chains")


def chain_of(  # noqa: PLR0917 -- what tells one chain from another
    source: FontSource,
    weight: int,
    italic: bool,
    scripts: tuple[str, ...],
    files: Mapping[str, InputFile],
    language: str,
    spacing: float,
) -> Chain:
    """Return the faces of a font of the document, itself first; `files` are the brand's own, by their name there.

    Raises FontUnusable.
    """
    sources = (source, *source.fallback)
    key = (tuple(_known_by(each, files) for each in sources), weight, italic, scripts, language, spacing)

    def make() -> Chain:
        faces = tuple(_face_of(each, weight, italic, scripts, files) for each in sources)
        return Chain(faces, language, spacing, faces[0].space / faces[0].units + spacing)

    return _chains.get(key, make)


def _known_by(source: FontSource, files: Mapping[str, InputFile]) -> str:
    if source.family is not None:
        return source.family
    file = files.get(source.name)
    if file is None:
        raise FontUnusable(
            f"The typeface “{source.name}” of this template is not there.",
            errors={f"brand.fonts.{source.name}": ["is not there"]},
        )
    return file.sha256


def _face_of(
    source: FontSource,
    weight: int,
    italic: bool,
    scripts: tuple[str, ...],
    files: Mapping[str, InputFile],
) -> Face:
    if source.family is not None:
        return face(source.family, weight, scripts, italic=italic)
    file = files[source.name]
    return own_face(file.sha256, file.read, weight, scripts, italic=italic, name=source.name)
