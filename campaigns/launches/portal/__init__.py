"""The pages of launches: the desk where one click launches a kit, the list, and one launch with its controls."""

from campaigns.launches.portal import calendar, desk, runs
from campaigns.launches.portal.views import bp

__all__ = ["bp", "calendar", "desk", "runs"]
