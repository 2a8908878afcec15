"""The pages of claims: the partner's form and history, and finance's review desk."""

from mdf.claims.portal import desk, partner
from mdf.claims.portal.views import bp

__all__ = ["bp", "desk", "partner"]
