"""The pages of the library: all files, one file, and the links that people without sign-in follow."""

from assets.library.portal import file, listing
from assets.library.portal.links import bp as shared_links
from assets.library.portal.views import bp

__all__ = ["bp", "file", "listing", "shared_links"]
