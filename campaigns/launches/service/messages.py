"""What a touch says: gathered in the transaction, for preview and sending alike, and filled in outside of it."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Mapping
from typing import Any

from assets.imaging.header import announced_size
from assets.imaging.sniff import FileType
from campaigns.kits.rules import fill, pick_locale
from campaigns.launches.queries import TouchPlan
from campaigns.networks import rules as networks
from campaigns.networks.rules import Picture
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from tcma import settings
from tcma.kernel.actor import Actor

# A signed token carries three ids; this is as long as it gets with ids of nine digits.
LONGEST_TOKEN = 60
_MEASURED = {"image/png": FileType.PNG, "image/jpeg": FileType.JPEG, "image/webp": FileType.WEBP}
_TOKEN = re.compile(r"\{\{\s*([a-z][a-z0-9_.:]*)\s*\}\}")


def mail_inputs(actor: Actor, plan: TouchPlan, links: Mapping[str, str]) -> dict[str, artworks.MailInputs]:
    """Gather the e-mail of a touch in each of its locales: what is previewed is what is sent, since both begin here.

    Raises TemplateNotFound, TemplateNotPublished, TemplateWithdrawn, NotAnEmail, ValuesRefused.
    """
    if plan.template_version_id is None:
        return {}
    values = values_for(actor, plan.template_version_id, plan.values)
    return {
        locale: artworks.email_inputs(
            actor, plan.partner_id, plan.template_version_id, values, texts, links=links, locale=locale
        )
        for locale, texts in plan.texts.items()
    }


def values_for(actor: Actor, version_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Choose the values that a template opens: a touch's values are those of its mail and of its file together."""
    opened = open_variables(actor, version_id)
    return {name: value for name, value in values.items() if name in opened or "." in name}


def open_variables(actor: Actor, version_id: int) -> dict[str, Any]:
    """Return the variables of a template that a partner may fill, by name."""
    document = templates.document_of(templates.version(actor, version_id))
    return {name: variable for name, variable in document.variables.items() if variable.editable}


def main_target(plan: TouchPlan, flyer_url: str = "") -> str:
    """Return where the button of a touch leads: what the kit says, else to the partner, else to the brand."""
    if plan.link_url == "{{attachment_url}}" and plan.attachment is not None:
        return flyer_url
    if plan.link_url.startswith(("https://", "http://")):
        return plan.link_url
    return next((web for web in (plan.partner.web, plan.brand.web) if web.startswith(("https://", "http://"))), "")


def share_text(plan: TouchPlan, link: str) -> str:
    """Return the words of a touch that is shared or posted, in the partner's language, with the link in them."""
    locale = pick_locale(plan.partner.locale, plan.texts, plan.default_locale)
    message = plan.texts.get(locale, {}).get("message", "")
    words = fill(message, {**profile_words(plan), "link": link}).strip()
    return f"{words}\n\n{link}".strip() if link and link not in words else words


def measured_text(plan: TouchPlan) -> str:
    """Return the words of a post with a link as long as the tracked one will be, which is made for the touch later."""
    stand_in = f"{settings.current().base_url}/t/c/{'x' * LONGEST_TOKEN}"
    return share_text(plan, stand_in if main_target(plan) else "")


def picture(plan: TouchPlan, file: artworks.RenderedFile) -> Picture:
    """Return a rendered file as the picture of a post, with its description."""
    kind = _MEASURED.get(file.media_type)
    width, height = announced_size(file.data, kind) if kind else (0, 0)
    return Picture(file.filename, file.media_type, file.data, width, height, alt_text(plan))


def picture_problems(plan: TouchPlan, file: artworks.RenderedFile) -> list[str]:
    """Return why a network would not take a rendered file; nothing where the touch is no post on a network."""
    network = plan.channel.network
    return list(networks.picture_problems(network, picture(plan, file))) if network else []


def alt_text(plan: TouchPlan) -> str:
    """Return the description of a post's picture, in the partner's language."""
    locale = pick_locale(plan.partner.locale, plan.texts, plan.default_locale)
    return fill(plan.texts.get(locale, {}).get("alt", ""), profile_words(plan)).strip()


def profile_words(plan: TouchPlan) -> dict[str, str]:
    """Return what the tokens of partner and brand stand for."""
    words: dict[str, str] = {}
    for owner, profile in (("partner", plan.partner), ("brand", plan.brand)):
        for name in dir(profile):
            if name.startswith("_"):  # early Python 3.11 cannot even read `__weakref__` of a slotted dataclass
                continue
            value = getattr(profile, name)
            if isinstance(value, str):
                words[f"{owner}.{name}"] = str(value)
    return words


def personalize(text: str, values: Mapping[str, str]) -> str:
    """Fill in one recipient's tokens for a preview, in one pass; a token without a value becomes nothing."""
    return _TOKEN.sub(lambda found: values.get(found[1], ""), text)


def personalize_html(text: str, values: Mapping[str, str]) -> str:
    """Fill in one recipient's tokens for a preview as HTML."""
    return _TOKEN.sub(lambda found: markup.escape(values.get(found[1], "")), text)
