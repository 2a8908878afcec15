"""The Celery process: every job, and the timetable of the sweeps.

`celery -A tcma.worker worker` works; `celery -A tcma.worker beat` keeps the timetable. A job that is lost or repeated
does no harm: the state is in PostgreSQL, and each sweep finds all that is owed.
"""

import functools
import os
from collections.abc import Callable

from tcma.frame import make_app
from tcma.infra import broker, figures
from tcma.infra.jobs import JobFunction, registered_jobs
from tcma.logs import bind_contextvars, clear_contextvars
from tcma.settings import Settings

# Seconds between two runs.
TIMETABLE = {
    "accounts.forget_old_replays": 3600.0,
    "accounts.mail_owed_links": 30.0,
    "campaigns.imports.sweep": 15.0,
    "campaigns.launches.tick": 5.0,
    "campaigns.networks.refresh_due": 300.0,
    "campaigns.networks.warn_expiring": 3600.0,
    "campaigns.posting.publish_due": 10.0,
    "campaigns.posting.sweep": 30.0,
    "campaigns.sending.forget_mailed": 86400.0,
    "campaigns.senders.check_due": 600.0,
    "campaigns.senders.mail_owed_codes": 60.0,
    "campaigns.sending.sweep": 10.0,
    "cobranding.batches.sweep": 15.0,
    "cobranding.templates.finish_recalls": 60.0,
    "mdf.claims.expire": 3600.0,
    "mdf.requests.expire_overdue": 3600.0,
    "notifications.mail_owed": 30.0,
}


app = make_app(Settings.from_environment(os.environ))


def _in_the_app(name: str, function: JobFunction) -> Callable[..., None]:
    @functools.wraps(function)
    def run(**ids: int) -> None:
        clear_contextvars()
        bind_contextvars(job=name, **ids)
        with app.app_context():
            function(**ids)
        figures.leave()

    return run


celery = broker.celery
broker.employ(registered_jobs(), around=_in_the_app)
broker.schedule(TIMETABLE)
broker.beat_while_working()
