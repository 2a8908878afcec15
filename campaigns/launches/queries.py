"""Reads of launches and touches; each starts from the rows that the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.kits.rules import TouchChannel
from campaigns.launches.rules import LaunchState, TouchState
from tcma.accounts.service import BrandProfile, PartnerProfile


@dataclass(frozen=True, slots=True)
class TouchPlan:
    """Everything that sending needs to know about one touch.

    `texts` is locale -> slot -> text, `values` is variable -> value. Nothing may leave unless `may_send` is true: ask
    again (`service.may_send`) at hand-off, since a launch can be paused or a kit withdrawn at any moment.
    """

    touch_id: int
    launch_id: int
    partner_id: int
    kit_id: int
    kit_version_id: int
    kit_name: str
    launch_name: str
    launch_state: LaunchState
    touch_state: TouchState
    kit_withdrawn: bool
    key: str
    channel: TouchChannel
    position: int
    due_at: datetime
    template_version_id: int | None
    texts: Mapping[str, Mapping[str, str]]
    default_locale: str
    link_url: str
    attachment: Mapping[str, Any] | None
    values: Mapping[str, Any]
    sender_name: str
    sender_email: str
    reply_to: str
    partner: PartnerProfile
    brand: BrandProfile

    @property
    def may_send(self) -> bool:
        """Tell whether deliveries of this touch may leave now."""
        return (
            self.launch_state is LaunchState.RUNNING
            and not self.kit_withdrawn
            and self.touch_state in {TouchState.DUE, TouchState.FANNED_OUT}
        )
