"""Putting a partner's mark on a brand's work.

A *template* is brand-owned; an *artwork* is one partner's values for one template version; a *render* is computed from
both whenever it is asked for. Campaigns import from here; this room imports assets and the frame only.
"""
