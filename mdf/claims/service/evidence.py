"""The proof that the service has itself: what a launch sent and what came of it."""

from tcma.kernel.actor import Actor


def of_launch(actor: Actor, launch_id: int | None) -> list[dict[str, str]]:
    """List what the service knows about a launch as {label, value, link}; nothing without one."""
    _ = actor
    if launch_id is None:
        return []
    return [
        {"label": "Campaign run through this service", "value": f"Launch {launch_id}", "link": f"/launches/{launch_id}"}
    ]
