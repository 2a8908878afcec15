"""An e-mail, compiled once per template version and filled once per partner and locale.

What is left in it are the tokens that belong to the recipient; sending fills those in as bytes.
"""

import html as markup
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cobranding.rendering.cache import Kept
from cobranding.rendering.document import outward
from cobranding.rendering.document.mjml import LARGEST, TOO_LARGE, text_problems
from cobranding.rendering.document.model import Document, EmailBody, said
from cobranding.rendering.document.tokens import MERGED, TOKEN, fill
from cobranding.rendering.document.values import in_effect, missing_values
from cobranding.rendering.errors import ValuesMissing, ValuesRefused
from cobranding.rendering.inputs import Brand, Partner
from cobranding.rendering.mail.plain import OWN_LINKS, plain_text
from cobranding.rendering.mjml.compiling import DARK_LOGO, RIGHT_TO_LEFT, compile_page
from cobranding.rendering.mjml.conditions import without
from cobranding.rendering.mjml.mirroring import reads_leftwards

HREF = re.compile(r'href="([^"]*)"')
PIXEL = "{{pixel}}"
LOGO = "partner_logo"

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
    dark_logo_url: str = ""
    """The logo for dark ground, shown where a mail program turns the mail dark."""
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
    met = _met(inputs)
    body = _compiled.get((inputs.content_hash, met), lambda: compile_page(email.mjml, met))
    filled = fill(body, words.in_html)
    html = HREF.sub(lambda match: _numbered(match, links), filled)
    html = _with_pixel(html.replace('lang="und"', f'lang="{inputs.locale}"'))
    text = plain_text(fill(without(email.mjml, met), words.in_html), links)
    mail = CompiledEmail(words.line("subject"), words.line("preheader"), html, text, tuple(links))
    _check_outward(mail, {inputs.logo_url, inputs.dark_logo_url, *inputs.image_urls.values()})
    _check_size(mail)
    return mail


def _met(inputs: MailInputs) -> frozenset[str]:
    """Return which conditions of a body this partner meets."""
    met = {f"link.{name}" for name, address in inputs.links.items() if address}
    met.add(LOGO if inputs.logo_url else "no_logo")
    if inputs.logo_url and inputs.dark_logo_url not in ("", inputs.logo_url):
        met.add(DARK_LOGO)
    if reads_leftwards(inputs.locale):
        met.add(RIGHT_TO_LEFT)
    return frozenset(met)


def _check_size(mail: CompiledEmail) -> None:
    """Check that the unsubscribing link at the end is shown. Raises ValuesRefused."""
    size = len(mail.html.encode())
    if size > LARGEST:
        raise ValuesRefused(errors={"email.mjml": [TOO_LARGE.format(size // 1000)]})


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
        if token.startswith(LOGO):
            return inputs.logo_url if token == LOGO else inputs.dark_logo_url
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
