"""The pages of artworks: the editor of a partner, the brand's reviews, and the pictures of both and of mails."""

from cobranding.artworks.portal import making, reviewing, showing
from cobranding.artworks.portal.views import bp, pictures

__all__ = ["bp", "making", "pictures", "reviewing", "showing"]
