"""Whether the brand has to look first: at an artwork, or at words that a campaign brings without one."""

from collections.abc import Mapping
from typing import Any

from cobranding.artworks import queries, rules
from cobranding.artworks.errors import NotApproved, WordsNotApproved
from cobranding.artworks.model import Artwork
from cobranding.artworks.rules import Decision
from cobranding.templates import service as templates
from cobranding.templates.rules import ApprovalPolicy
from cobranding.templates.service import TemplateVersionView
from tcma.accounts import service as accounts
from tcma.kernel.actor import Actor


def is_trusted(actor: Actor, template: TemplateVersionView, partner_id: int) -> bool:
    """Tell whether the brand has approved an artwork of this template by this partner; asked only where it matters."""
    first_use = template.approval is ApprovalPolicy.FIRST_USE
    return first_use and queries.was_approved(actor, partner_id, template.template_id)


def is_reviewed_first(actor: Actor, template: TemplateVersionView, partner_id: int) -> bool:
    """Tell whether the brand looks at what this partner makes of this template before it is used."""
    return rules.needs_review(template.approval, is_trusted=is_trusted(actor, template, partner_id))


def may_be_used(actor: Actor, artwork: Artwork, template: TemplateVersionView) -> bool:
    """Tell whether the files of an artwork may be given out, as far as approval goes."""
    trusted = is_trusted(actor, template, artwork.partner_id)
    made_of = rules.hash_of(template.content_hash, artwork.values, artwork.locale)
    return rules.may_be_used(
        template.approval, artwork.state, is_as_approved=made_of == artwork.approved_hash, is_trusted=trusted
    )


def check_artwork(actor: Actor, artwork: Artwork, template: TemplateVersionView) -> None:
    """Refuse to give out files of an artwork that the brand has yet to approve. Raises NotApproved."""
    if not may_be_used(actor, artwork, template):
        raise NotApproved(rules.WAITS.get(artwork.state, ""))


def check_words(
    actor: Actor, template: TemplateVersionView, partner_id: int, values: Mapping[str, Any], *, locale: str
) -> None:
    """Refuse words of a campaign that the brand has yet to approve.

    The template's own words may be used, and those of an artwork that was approved. Raises WordsNotApproved.
    """
    if not is_reviewed_first(actor, template, partner_id):
        return
    document = templates.document_of(template)
    own = accounts.partner_profile(actor, partner_id).locale or document.locale
    spoken = locale or own
    ours = rules.departures(document, values, spoken.replace("_", "-"))
    if not ours:
        return
    # An artwork without a language of its own speaks the partner's.
    locales = {spoken, ""} if spoken == own else {spoken}
    hashes = {rules.hash_of(template.content_hash, values, one) for one in locales}
    if queries.last_decision(actor, partner_id, hashes) is not Decision.APPROVED:
        sentence = _way_out(template, makes_files=bool(document.formats))
        raise WordsNotApproved(sentence, errors={name: [sentence] for name in ours})


def _way_out(template: TemplateVersionView, *, makes_files: bool) -> str:
    looks = f"The brand looks at what partners write into {template.name} before it is used."
    if makes_files:
        return f"{looks} Make an artwork with these words and submit it, or leave the brand's own words as they are."
    return f"{looks} Leave the brand's own words as they are."
