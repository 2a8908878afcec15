"""A PDF, compiled once and stamped per partner: only what differs is written anew. Same inputs, same bytes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cobranding.rendering.arranging import arrange
from cobranding.rendering.codes import MARK
from cobranding.rendering.document.elements import Box
from cobranding.rendering.document.model import Document, Format, Page
from cobranding.rendering.inputs import Inputs
from cobranding.rendering.layout import Setting
from cobranding.rendering.marks import Mark, Modules, Shown
from cobranding.rendering.pdf.drafting import Draft, Slot
from cobranding.rendering.pdf.embedding import mask_object, picture_object
from cobranding.rendering.pdf.lettering import text_operators
from cobranding.rendering.pdf.links import links_of
from cobranding.rendering.pdf.operators import code_operators, picture_operators
from cobranding.rendering.pdf.skeleton import Skeleton, Written, stream_of
from cobranding.rendering.pdf.strings import text
from cobranding.rendering.pdf.structure import alt_of
from cobranding.rendering.pdf.vectors import form_of
from cobranding.rendering.pictures.encoding import encoded
from cobranding.rendering.typography.fonts import FontKey
from cobranding.rendering.typography.typeset import SetText

PRODUCER = b"/Producer(tcma)"


@dataclass(frozen=True)
class StampedPage:
    """A page with something on it that differs between partners."""

    fmt: Format
    asked: Page
    parts: tuple[str | Slot, ...]
    links: bytes
    contents: str
    """The name of the object that is written for the page, and what its dictionary says."""
    entries: bytes = b""
    leads: str = ""
    """The name of the object for its live areas."""


def stamped_page(made: Draft, parts: Sequence[str | Slot], contents: str, leads: str) -> StampedPage:
    """Keep of a draft what stamping needs; neighbouring texts become one."""
    joined: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return StampedPage(made.fmt, made.asked, tuple(joined), made.links, contents, leads=leads)


@dataclass(frozen=True)
class CompiledPdf:
    """A file that is ready to be stamped; any number of threads may."""

    document: Document
    fmt: Format
    skeleton: Skeleton
    numbers: Mapping[str, int]
    """The numbers of the objects that are written per partner, by their name."""
    pages: tuple[StampedPage, ...]
    fonts: Mapping[FontKey, str]
    info: bytes = PRODUCER
    """What is said about the file besides its title."""
    titled: bool = False
    """Whether the file says its own title there."""

    @property
    def size(self) -> int:
        """Return about how many bytes it holds."""
        return len(self.skeleton.head) + len(self.skeleton.table)

    def stamp(self, inputs: Inputs) -> bytes:
        """Return the file for one partner.

        Raises TextOverflow, MissingGlyph, ValuesMissing, PictureUnusable.
        """
        if inputs.document is not self.document:
            inputs = replace(inputs, document=self.document)
        setting = Setting.of(inputs)
        writing = _Writing(self, setting, {}, [inputs.title.encode(), self.fmt.name.encode(), inputs.code.encode()])
        for page in self.pages:
            writing.page(page)
        title = b"" if self.titled else b"/Title" + text(inputs.title)
        code = b"/%b%b" % (MARK.encode(), text(inputs.code)) if inputs.code else b""
        writing.objects[self.numbers["info"]] = (b"<<%b%b%b>>" % (self.info, title, code),)
        return self.skeleton.filled(writing.objects, b"\0".join(writing.told))


@dataclass(frozen=True)
class _Writing:
    """One stamping under way: the objects written so far, and what tells the file from others."""

    compiled: CompiledPdf
    setting: Setting
    objects: dict[int, Written]
    told: list[bytes]

    def page(self, page: StampedPage) -> None:
        marks = {element.id: marks for element, marks in arrange(page.asked.elements, self.setting, page.fmt)}
        out: list[str] = []
        links = page.links
        for part in page.parts:
            if isinstance(part, str):
                out.append(part)
                continue
            out.append(part.opening)
            drawn = marks.get(part.element.id, [])
            out.extend(self.operators(part, drawn, page.fmt))
            out.append(part.closing)
            if part.alt:
                words = alt_of(part.element, self.setting)
                self.objects[self.compiled.numbers[part.alt]] = (text(words),)
                self.told.append(words.encode())
            if page.leads:
                links += links_of(part.element, drawn, self.setting, page.fmt)
        content = "".join(out).encode("ascii")
        self.told.extend((content, links))
        numbers = self.compiled.numbers
        self.objects[numbers[page.contents]] = stream_of(page.entries, content)
        if page.leads:
            self.objects[numbers[page.leads]] = (b"[%b]" % links,)

    def operators(self, slot: Slot, marks: Sequence[Mark], fmt: Format) -> Iterator[str]:
        for mark in marks:
            if isinstance(mark, SetText):
                yield text_operators(mark, self.compiled.fonts, fmt)
            elif isinstance(mark, Modules):
                yield code_operators(mark, fmt)
            elif slot.form:
                yield _moved(slot.form, slot.box, mark.box)
            elif isinstance(mark, Shown):
                self.picture(slot, mark)
                yield picture_operators(mark, slot.picture, fmt)

    def picture(self, slot: Slot, shown: Shown) -> None:
        own, mask = self.compiled.numbers[slot.picture], self.compiled.numbers["M" + slot.picture]
        self.told.append(shown.picture.sha256.encode())
        form = form_of(shown)
        if form is not None:
            self.objects[own] = form
            return
        picture = encoded(shown)
        self.objects[own] = picture_object(picture, mask)
        self.objects[mask] = mask_object(picture)


def _moved(form: str, drawn: Box, wanted: Box) -> str:
    """Write a form by its name, moved from where it was drawn."""
    across, down = wanted.x - drawn.x, wanted.y - drawn.y
    if not across and not down:
        return f"/{form} Do\n"
    return f"q 1 0 0 1 {across:.3f} {-down:.3f} cm /{form} Do Q\n"
