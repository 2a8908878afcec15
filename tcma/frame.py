"""What every process of the service needs, whether it has doors or only works: settings, engines, and all the jobs.

A process that asks for a job knows from here how urgent the job is; a worker takes it from here, and carries no door.
"""

from dataclasses import asdict

from flask import Flask

import campaigns.imports.tasks
import campaigns.launches.tasks
import campaigns.networks.tasks
import campaigns.posting.tasks
import campaigns.senders.tasks
import campaigns.sending.tasks
import cobranding.batches.tasks
import cobranding.templates.tasks
import mdf.claims.tasks
import mdf.requests.tasks
import tcma.accounts.tasks
import tcma.notifications.tasks
from cobranding.rendering import cache as memories
from tcma import logs
from tcma import settings as process_settings
from tcma.infra import broker, cache, crypto, figures, storage
from tcma.infra.db import bind_application_role, db
from tcma.infra.schema import sqlalchemy_url
from tcma.settings import Settings

# Every module of jobs, listed by hand: to be imported is what registers them.
JOBS = (
    campaigns.imports.tasks,
    campaigns.launches.tasks,
    campaigns.networks.tasks,
    campaigns.posting.tasks,
    campaigns.senders.tasks,
    campaigns.sending.tasks,
    cobranding.batches.tasks,
    cobranding.templates.tasks,
    mdf.claims.tasks,
    mdf.requests.tasks,
    tcma.accounts.tasks,
    tcma.notifications.tasks,
)


def make_app(settings: Settings) -> Flask:
    """Return an application without doors, its engines told where they are."""
    configure(settings)
    app = Flask("tcma", template_folder="web/templates", static_folder="web/static", root_path=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=sqlalchemy_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": True,
            "pool_size": 10,
            "max_overflow": 10,
            "connect_args": {"options": "-c statement_timeout=60000 -c lock_timeout=15000"},
        },
    )
    db.init_app(app)
    with app.app_context():
        bind_application_role(db.engine)
    return app


def configure(settings: Settings) -> None:
    """Tell each door of the infrastructure where its outside thing is."""
    process_settings.install(settings)
    logs.configure(settings.log_level)
    crypto.configure(settings.secret_key)
    cache.configure(settings.redis_url)
    broker.configure(settings.redis_url)
    storage.configure(settings.storage_url)
    figures.configure(rendering_memories)


def rendering_memories() -> dict[str, dict[str, int]]:
    """Return how well the memories of compiled templates and prepared pictures serve in this process."""
    return {name: asdict(counts) for name, counts in memories.figures().items()}
