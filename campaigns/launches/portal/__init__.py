"""The pages of launches: the desk where one click launches a kit, the list, and one launch with its controls."""

from campaigns.launches.portal import desk, runs
from campaigns.launches.portal.views import bp

__all__ = ["bp", "desk", "runs"]
