"""Set the stage in a process of its own: a brand, a kit, one partner with many contacts. Prints the ids as JSON.

`python tests/resilience/stage.py prepare 2000` makes it; `... launch KIT_VERSION USER` launches, as that person.
"""

import json
import os
import sys

from campaigns.launches import service as launches
from tcma.accounts import queries as people
from tcma.frame import make_app
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tcma.settings import Settings
from tests.factories import accounts, audiences, kits

SPOKEN = 500  # contacts for each import


def prepare(number: int) -> dict[str, int]:
    with transaction(SYSTEM):
        accounts.brand()
        marketing = accounts.actor_for(accounts.user(Role.MARKETING))
        owner = accounts.user(Role.OWNER, accounts.partner("Nordwind"))
        partner_id = owner.partner_id
    with transaction(marketing):
        kit = kits.published_kit(marketing, kits.email_touch(kits.email_template(marketing)))
    actor = accounts.actor_for(owner)
    addresses = [f"contact{index:05d}@people.example" for index in range(number)]
    for start in range(0, number, SPOKEN):
        with transaction(actor):
            audiences.contacts(actor, *addresses[start : start + SPOKEN])
    return {"kit_version_id": kit.id, "user_id": owner.id, "partner_id": int(partner_id or 0)}


def launch(kit_version_id: int, user_id: int) -> dict[str, int]:
    with reading(SYSTEM):
        actor = accounts.actor_for(people.user(SYSTEM, user_id))
    with transaction(actor):
        row = launches.launch(actor, kit_version_id=kit_version_id)
        return {"launch_id": row.id}


if __name__ == "__main__":
    with make_app(Settings.from_environment(os.environ)).app_context():
        verbs = {"prepare": prepare, "launch": launch}
        sys.stdout.write(json.dumps(verbs[sys.argv[1]](*(int(word) for word in sys.argv[2:]))) + "\n")
