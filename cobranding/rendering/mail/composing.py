"""An e-mail, compiled once per template version and filled once per partner and locale.

What is left in it are the tokens that belong to the recipient; sending fills those in as bytes.
"""

import html as markup
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import mjml as engine

from cobranding.rendering.cache import Kept
from cobranding.rendering.document import outward
from cobranding.rendering.document.mjml import text_problems
from cobranding.rendering.document.model import Document, EmailBody, said
from cobranding.rendering.document.tokens import MERGED, TOKEN, fill
from cobranding.rendering.document.values import in_effect, missing_values
from cobranding.rendering.errors import ValuesMissing, ValuesRefused
from cobranding.rendering.inputs import Brand, Partner

TAG = re.compile(r"<(mj-[a-z]+)\b([^<>]*)>")
CONDITION = re.compile(r"\sif=\"([a-z][a-z0-9_.]*)\"")
IF = re.compile(r"\sif=\"[a-z][a-z0-9_.]*\"")
HREF = re.compile(r'href="([^"]*)"')
FONT_LINKS = re.compile(r"<link[^<>]*>|@import[^;@]*;|<!--\[if !mso\]><!-->\s*<!--<!\[endif\]-->")
OWN_LINKS = ("{{unsubscribe_url}}", "{{view_url}}", "mailto:", "tel:", "#")
PIXEL = "{{pixel}}"
LOGO = "partner_logo"
BLANKS = re.compile(r"\n{2,}")

_compiled: Kept[tuple[str, frozenset[str]], str] = Kept(64, "mails")


@dataclass(frozen=True)
class MailInputs:
    """Everything one partner's e-mail is made of."""

    content_hash: str
    document: Document
    values: Mapping[str, Any]
    texts: Mapping[str, str]
    partner: Partner
    brand: Brand
    locale: str
    links: Mapping[str, str] = field(default_factory=dict)
    """`main` is where the button leads, `flyer` where the co-branded file lies."""
    logo_url: str = ""
    logo_width_px: int = 0
    image_urls: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CompiledEmail:
    """A message with tokens left in it for the recipient; `{{link:N}}` stands for `links[N]`."""

    subject: str
    preheader: str
    html: str
    text: str
    links: tuple[str, ...]

    @property
    def tokens(self) -> frozenset[str]:
        """Return the names of the tokens that are left to fill in."""
        return frozenset(match[1] for part in (self.subject, self.html, self.text) for match in TOKEN.finditer(part))


def compose(inputs: MailInputs) -> CompiledEmail:
    """Fill a partner and the texts of a touch into the compiled body.

    Raises ValuesRefused, ValuesMissing.
    """
    email = inputs.document.email
    if email is None:
        raise ValuesRefused("This template is not an e-mail.")
    errors = text_problems(inputs.document, dict(inputs.texts))
    if errors:
        raise ValuesRefused(errors=errors)
    missing = missing_values(inputs.document, inputs.values, inputs.locale)
    if missing:
        raise ValuesMissing(errors={variable.name: ["is still needed"] for variable in missing})
    words = _Words(inputs, email)
    links: list[str] = []
    given = frozenset(name for name in ("main", "flyer") if inputs.links.get(name)) | (
        {"logo"} if inputs.logo_url else set()
    )
    body = _compiled.get((inputs.content_hash, given), lambda: _compile(email.mjml, given))
    filled = fill(body, words.in_html)
    html = HREF.sub(lambda match: _numbered(match, links), filled)
    html = _with_pixel(html.replace('lang="und"', f'lang="{inputs.locale}"'))
    source = _without(email.mjml, given)
    text = _plain(fill(source, words.in_html), links)
    mail = CompiledEmail(words.line("subject"), words.line("preheader"), html, text, tuple(links))
    _check_outward(mail, {inputs.logo_url, *inputs.image_urls.values()})
    return mail


def _check_outward(mail: CompiledEmail, pictures: set[str]) -> None:
    """Check the finished mail too: a version may have been published under older rules. Raises ValuesRefused."""
    found = outward.page_problems(mail.html, pictures)
    for words in (mail.subject, mail.preheader, mail.text):
        found += outward.words_problems(words)
    found += [outward.NO_RECIPIENT.format("a link") for address in mail.links if outward.personal(address)]
    if found:
        raise ValuesRefused(errors={"email.mjml": list(dict.fromkeys(found))})


SEEN = {"contact.first_name": "Alex", "contact.last_name": "Example", "contact.company": "Example Ltd"}


def as_seen(mail: CompiledEmail, recipient: Mapping[str, str] | None = None) -> str:
    """Return the HTML as a recipient would see it; links lead nowhere and nothing is counted."""
    words = {**SEEN, **(recipient or {})}
    return fill(
        mail.html, lambda token: "#" if token.endswith("_url") or ":" in token else markup.escape(words.get(token, ""))
    )


def _without(source: str, given: frozenset[str]) -> str:
    """Leave out what stands under a condition that is not met: `link.flyer`, `partner_logo`, `no_logo`."""
    met = {f"link.{name}" for name in given} | {"partner_logo" if "logo" in given else "no_logo"}
    kept, at = [], 0
    endless: set[str] = set()  # tags that are closed nowhere further on: looked for once
    for tag in TAG.finditer(source):
        condition = CONDITION.search(tag[2])
        if tag.start() < at or condition is None or condition[1] in met:
            continue
        end = tag.end() if tag[2].endswith("/") else _end_of(tag, endless)
        if end:
            kept.append(source[at : tag.start()])
            at = end
    kept.append(source[at:])
    return IF.sub("", "".join(kept))


def _end_of(tag: re.Match[str], endless: set[str]) -> int:
    """Return where the element of a tag ends, or 0."""
    if tag[1] in endless:
        return 0
    found = re.compile(rf"</{tag[1]}\s*>").search(tag.string, tag.end())
    if found is None:
        endless.add(tag[1])
        return 0
    return found.end()


def _compile(source: str, given: frozenset[str]) -> str:
    html: str = engine.mjml2html(_without(source, given), disable_comments=False, fonts={})
    return FONT_LINKS.sub("", html)


def _numbered(match: re.Match[str], links: list[str]) -> str:
    address = markup.unescape(match[1])
    if not address or address.startswith(OWN_LINKS):
        return match[0]
    if address not in links:
        links.append(address)
    return f'href="{{{{link:{links.index(address)}}}}}"'


def _with_pixel(html: str) -> str:
    return html if PIXEL in html else html.replace("</body>", f"{PIXEL}</body>")


class _Words:
    """Says what stands in the place of each token."""

    def __init__(self, inputs: MailInputs, email: EmailBody) -> None:
        self.inputs = inputs
        self.email = email
        self.values = in_effect(inputs.document, inputs.values, inputs.locale)

    def in_html(self, token: str) -> str:
        """Return the escaped words; recipient's tokens stay."""
        if token in MERGED:
            return f"{{{{{token}}}}}"
        escaped = self._said(token, _escaped)
        return "<br />".join(escaped.split("\n")) if token.startswith("text.") else escaped.replace("\n", " ")

    def line(self, name: str) -> str:
        """Return the subject or the preheader as one line of plain text."""
        return " ".join(self._said(name, _harmless).split())

    def _said(self, token: str, shield: Callable[[str], str]) -> str:
        """Return what the brand says, with everything that is not the brand's shielded once."""
        group, _, name = token.partition(".")
        brands = {"subject": self.email.subject, "preheader": self.email.preheader}
        if token in brands or group == "text":
            name = name or token
            texts = brands.get(token) or self.email.texts.get(name, {})
            own = self.inputs.texts.get(name)
            words = own or said(texts, self.inputs.locale, self.inputs.document.locale)
            return self._filled(words, shield)
        return shield(self._value(token, group, name))

    def _filled(self, words: str, shield: Callable[[str], str]) -> str:
        out, at = [], 0
        for match in TOKEN.finditer(words):
            out.append(shield(words[at : match.start()]))
            token = match[1]
            out.append(f"{{{{{token}}}}}" if token in MERGED else self._said(token, shield))
            at = match.end()
        out.append(shield(words[at:]))
        return "".join(out)

    def _value(self, token: str, group: str, name: str) -> str:
        inputs = self.inputs
        if group == "link":
            return inputs.links.get(name or "main", "")
        if token == LOGO:
            return inputs.logo_url
        groups: dict[str, Callable[[str], str]] = {
            "partner": inputs.partner.field,
            "brand": lambda field_name: str(getattr(inputs.brand, field_name, "")),
            "image": lambda image: inputs.image_urls.get(image, ""),
        }
        if name and group in groups:
            return groups[group](name)
        variable = inputs.document.variables.get(token)
        value = self.values.get(token, "")
        if variable is not None and value in variable.choices:
            return said(variable.choices[value], inputs.locale, inputs.document.locale)
        return str(value)


def _harmless(words: str) -> str:
    """Break what would read as a token, where nothing can be escaped."""
    return words.replace("{{", "{ {").replace("}}", "} }")


def _escaped(words: str) -> str:
    """Escape for HTML, braces too: what a partner writes is never a token."""
    return markup.escape(words, quote=True).replace("{", "&#123;").replace("}", "&#125;")


def _plain(source: str, links: list[str]) -> str:
    reader = _PlainReader(links)
    reader.feed(source)
    reader.close()
    return reader.text()


class _PlainReader(HTMLParser):
    """Reads the words out of an MJML body: the plain text that stands beside the HTML."""

    BLOCKS = frozenset(
        [
            "mj-text",
            "mj-button",
            "mj-image",
            "mj-section",
            "mj-divider",
            "p",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "table",
            "tr",
        ]
    )
    UNREAD = frozenset(("mj-head", "mj-raw"))

    def __init__(self, links: list[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.links = links
        self.parts: list[str] = []
        self.unread = 0
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in self.UNREAD
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in self.BLOCKS:
            self.parts.append("\n\n")
        if tag in ("a", "mj-button"):
            self.addresses.append(self._numbered(dict(attrs).get("href") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in self.UNREAD
        if tag in ("a", "mj-button") and self.addresses:
            address = self.addresses.pop()
            if address:
                self.parts.append(f": {address}" if tag == "mj-button" else f" ({address})")
        if tag in self.BLOCKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.parts.append(re.sub(r"\s+", " ", data) if data.strip() else " ")

    def handle_entityref(self, name: str) -> None:
        self._character(markup.unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        self._character(markup.unescape(f"&#{name};"))

    def _character(self, character: str) -> None:
        """Put one escaped character; never two braces in a row, which would read as a token."""
        if self.unread:
            return
        if character in "{}" and self.parts and self.parts[-1] == character:
            self.parts.append(" ")
        self.parts.append(" " if character == "\xa0" else character)

    def _numbered(self, address: str) -> str:
        if not address or address.startswith(OWN_LINKS):
            return address.removeprefix("mailto:").removeprefix("tel:")
        if address not in self.links:
            self.links.append(address)
        return f"{{{{link:{self.links.index(address)}}}}}"

    def text(self) -> str:
        """Return the words in paragraphs, each line trimmed."""
        lines = "\n".join(" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return BLANKS.sub("\n\n", lines).strip() + "\n"
