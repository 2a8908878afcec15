"""The demo brand's templates, one file each; the function of that name gives the document."""

from tcma.demo.templates.brochure import brochure
from tcma.demo.templates.deck import deck
from tcma.demo.templates.email import email
from tcma.demo.templates.flyer import flyer
from tcma.demo.templates.social import social

__all__ = ["brochure", "deck", "email", "flyer", "social"]
