"""What differs between two versions of a document, as data and in words: for whoever has to say yes to the newer one.

Elements are matched by their ids, wherever they stand in their format; everything else by its name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cobranding.rendering.document import wording
from cobranding.rendering.document.building import pages_of
from cobranding.rendering.document.checks.walking import Raw

Kind = Literal["added", "removed", "changed", "moved"]
Lock = Literal["", "opened", "closed"]
FILE_KEYS = frozenset({"asset_id", "asset_name", "sha256"})
APART = frozenset({"elements", "pages"})
"""What elements and formats hold that is compared piece by piece."""


@dataclass(frozen=True)
class Change:
    """One difference: where, what, and what it means; `lock` says whether it opens or closes something to partners."""

    path: str
    kind: Kind
    before: Any
    after: Any
    sentence: str
    lock: Lock = ""


@dataclass(frozen=True)
class Standing:
    """An element or a group as a version has it, and what it stands in: a page's number, or a group's id."""

    path: str
    raw: Raw
    holder: str
    at: int


def changes(before: Raw, after: Raw) -> list[Change]:
    """Return what differs, in the order of the document."""
    return [*_of_whole(before, after), *_of_variables(before, after), *_of_formats(before, after)]


def _of_whole(before: Raw, after: Raw) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        if key not in ("formats", "variables"):
            yield from _compare(key, before.get(key), after.get(key), wording.named(key))


def _of_variables(before: Raw, after: Raw) -> Iterator[Change]:
    old, new = before.get("variables", {}), after.get("variables", {})
    for name in dict.fromkeys([*old, *new]):
        path, told = f"variables.{name}", wording.told_of(name, new.get(name) or old[name])
        if name not in old:
            is_open = new[name].get("editable", True)
            sentence = f"asks partners for {told}" if is_open else f"has a new text of the brand's own, {told}"
            yield Change(path, "added", None, new[name], sentence, "opened" if is_open else "")
        elif name not in new:
            was_open = old[name].get("editable", True)
            sentence = f"no longer asks partners for {told}" if was_open else f"no longer has {told}"
            yield Change(path, "removed", old[name], None, sentence, "closed" if was_open else "")
        else:
            yield from _of_editable(path, old[name], new[name], told)
            yield from _compare(path, _without(old[name], {"editable"}), _without(new[name], {"editable"}), told)


def _of_editable(path: str, old: Raw, new: Raw, told: str) -> Iterator[Change]:
    was, is_now = old.get("editable", True), new.get("editable", True)
    if was != is_now:
        sentence = f"opens {told} to partners" if is_now else f"takes {told} away from partners"
        yield Change(f"{path}.editable", "changed", was, is_now, sentence, "opened" if is_now else "closed")


def _of_formats(before: Raw, after: Raw) -> Iterator[Change]:
    old, new = before.get("formats", {}), after.get("formats", {})
    for name in dict.fromkeys([*old, *new]):
        path, told = f"formats.{name}", wording.told_of(name, new.get(name) or old[name])
        if name not in old:
            yield Change(path, "added", None, new[name], f"has a new format, {told}")
        elif name not in new:
            yield Change(path, "removed", old[name], None, f"no longer has the format {told}")
        else:
            yield from _compare(path, _without(old[name], APART), _without(new[name], APART), told)
            yield from _of_pages(path, old[name], new[name], told)
            yield from _of_elements(path, old[name], new[name])


def _of_pages(path: str, old: Raw, new: Raw, told: str) -> Iterator[Change]:
    was, is_now = list(old.get("pages", [])), list(new.get("pages", []))
    for at in range(max(len(pages_of(old)), len(pages_of(new)))):
        own, named = f"{path}.pages[{at}]", f"page {at + 1} of {told}"
        if at >= len(pages_of(old)):
            yield Change(own, "added", None, is_now[at], f"has a new page, {named}")
        elif at >= len(pages_of(new)):
            yield Change(own, "removed", was[at], None, f"no longer has {named}")
        elif was and is_now:
            yield from _compare(own, _without(was[at], APART), _without(is_now[at], APART), named)


def _of_elements(path: str, old: Raw, new: Raw) -> Iterator[Change]:
    was = {each.raw["id"]: each for each in _standing(path, old)}
    is_now = {each.raw["id"]: each for each in _standing(path, new)}
    for name, each in was.items():
        if name not in is_now:
            told = wording.told_of(name, each.raw)
            yield Change(each.path, "removed", each.raw, None, f"no longer has {told}", _lock_of(each.raw, "closed"))
    restacked = _restacked(was, is_now)
    for name, each in is_now.items():
        told = wording.told_of(name, each.raw)
        if name not in was:
            yield Change(
                each.path, "added", None, each.raw, f"has a new {_type(each.raw)}, {told}", _lock_of(each.raw, "opened")
            )
            continue
        yield from _of_place(was[name], each, told, restacked=name in restacked)
        yield from _of_open(each.path, was[name].raw.get("open", {}), each.raw.get("open", {}), told)
        yield from _compare(
            each.path, _without(was[name].raw, APART | {"open"}), _without(each.raw, APART | {"open"}), told
        )


def _standing(path: str, fmt: Raw) -> Iterator[Standing]:
    for at, page in enumerate(pages_of(fmt)):
        own = f"{path}.pages[{at}]" if "pages" in fmt else path
        yield from _standing_in(own, page, f"page {at + 1}")


def _standing_in(path: str, holder: Raw, told: str) -> Iterator[Standing]:
    for at, element in enumerate(holder["elements"]):
        own = f"{path}.elements[{at}]"
        yield Standing(own, element, told, at)
        if element["type"] == "group":
            yield from _standing_in(own, element, f"the group {element['id']}")


def _of_place(was: Standing, is_now: Standing, told: str, *, restacked: bool) -> Iterator[Change]:
    if was.holder != is_now.holder:
        sentence = f"moves {told} from {was.holder} to {is_now.holder}"
        yield Change(is_now.path, "moved", was.path, is_now.path, sentence)
    elif restacked:
        yield Change(is_now.path, "moved", was.path, is_now.path, f"moves {told} further to the front or the back")


def _restacked(was: Mapping[str, Standing], is_now: Mapping[str, Standing]) -> set[str]:
    """Return the fewest elements whose place among those of their page or group explains the new order."""
    found: set[str] = set()
    for holder in {each.holder for each in is_now.values()}:
        names = [name for name, each in is_now.items() if each.holder == holder]
        stayed = [name for name in names if name in was and was[name].holder == holder]
        found |= set(stayed) - set(_longest_rising(stayed, [was[name].at for name in stayed]))
    return found


def _longest_rising(names: list[str], places: list[int]) -> list[str]:
    best: list[list[int]] = []
    for at, place in enumerate(places):
        before = max((chain for chain in best if places[chain[-1]] < place), key=len, default=[])
        best.append([*before, at])
    return [names[at] for at in max(best, key=len, default=[])]


def _of_open(path: str, was: Raw, is_now: Raw, told: str) -> Iterator[Change]:
    for axis in ("content", "position", "style"):
        old, new = was.get(axis) or None, is_now.get(axis) or None
        if old == new:
            continue
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        lock: Lock = "closed" if new is None else "opened"
        yield Change(f"{path}.open.{axis}", kind, old, new, wording.OPEN[axis, kind].format(told), lock)


def _lock_of(element: Raw, lock: Lock) -> Lock:
    return lock if any(element.get("open", {}).values()) else ""


def _type(element: Raw) -> str:
    return str(element["type"]).replace("_", " ")


def _without(raw: Raw, keys: set[str] | frozenset[str]) -> Raw:
    return {key: value for key, value in raw.items() if key not in keys}


def _compare(path: str, old: Any, new: Any, told: str) -> Iterator[Change]:
    """Compare two parts of a document, down to what is no object any more; a text has a path per locale."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if FILE_KEYS & {key for key in (*old, *new) if old.get(key) != new.get(key)}:
            yield Change(path, "changed", _file(old), _file(new), f"{told} is another file now")
        for key in dict.fromkeys([*old, *new]):
            if key not in FILE_KEYS:
                own = f"{path}.{key}" if key else path
                yield from _compare(own, old.get(key), new.get(key), wording.further(told, key))
    elif (isinstance(old, Mapping) and isinstance(new, str)) or (isinstance(old, str) and isinstance(new, Mapping)):
        yield from _compare(path, _texts(old), _texts(new), told)
    else:
        kind: Kind = "added" if old is None else "removed" if new is None else "changed"
        yield Change(path, kind, old, new, wording.of_value(told, old, new))


def _texts(raw: Any) -> Raw:
    return raw if isinstance(raw, Mapping) else {"": raw}


def _file(raw: Raw) -> dict[str, Any]:
    return {key: raw[key] for key in sorted(FILE_KEYS) if key in raw}
