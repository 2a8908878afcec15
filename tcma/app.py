"""The table of contents: `create_app(settings)` opens every door of the service, each listed by hand."""

import os
from datetime import timedelta

from flask import Flask
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

import assets.library.api
import assets.library.portal
import assets.uploads.api
import assets.uploads.portal
import campaigns.audiences.api
import campaigns.audiences.portal
import campaigns.feedback.api
import campaigns.imports.api
import campaigns.imports.portal
import campaigns.kits.api
import campaigns.kits.portal
import campaigns.launches.api
import campaigns.launches.portal
import campaigns.networks.api
import campaigns.networks.portal
import campaigns.posting.api
import campaigns.posting.portal
import campaigns.senders.api
import campaigns.senders.portal
import campaigns.sending.api
import campaigns.sending.portal
import campaigns.tracking.api
import campaigns.tracking.portal
import cobranding.artworks.api
import cobranding.artworks.portal
import cobranding.batches.api
import cobranding.batches.portal
import cobranding.manifests.api
import cobranding.manifests.portal
import cobranding.templates.api
import cobranding.templates.portal
import mdf.claims.api
import mdf.claims.portal
import mdf.funds.api
import mdf.funds.portal
import mdf.ledger.api
import mdf.ledger.portal
import mdf.payments.api
import mdf.payments.portal
import mdf.programs.api
import mdf.programs.portal
import mdf.requests.api
import mdf.requests.portal
import tcma.accounts.api
import tcma.accounts.portal
import tcma.audit.api
import tcma.audit.portal
import tcma.insights.portal
import tcma.notifications.portal
from tcma.accounts import service as accounts
from tcma.accounts.signin import Doorkeeper
from tcma.frame import make_app
from tcma.notifications import service as notifications
from tcma.settings import Settings
from tcma.web import guards, health, incoming, pages, problems
from tcma.web.api import IdConverter, make_api
from tcma.web.reference import bp as reference
from tcma.web.sandbox import bp as sandbox

# The largest body that a request may have; an upload of one file fits, and nothing is read beyond it.
LARGEST_REQUEST = 30 * 1024 * 1024

API = (
    tcma.accounts.api.brand,
    tcma.accounts.api.partners,
    tcma.accounts.api.users,
    tcma.accounts.api.tokens,
    tcma.audit.api.bp,
    assets.library.api.bp,
    assets.uploads.api.bp,
    cobranding.templates.api.bp,
    cobranding.artworks.api.bp,
    cobranding.batches.api.bp,
    cobranding.manifests.api.bp,
    cobranding.manifests.api.verify,
    campaigns.kits.api.bp,
    campaigns.imports.api.bp,
    *campaigns.audiences.api.blueprints,
    campaigns.senders.api.domains,
    campaigns.senders.api.senders,
    campaigns.launches.api.bp,
    campaigns.sending.api.bp,
    campaigns.sending.api.shares,
    campaigns.tracking.api.bp,
    campaigns.networks.api.bp,
    campaigns.posting.api.bp,
    campaigns.posting.api.touches,
    campaigns.tracking.api.adoptions,
    campaigns.tracking.api.people,
    campaigns.feedback.api.bp,
    mdf.claims.api.bp,
    mdf.payments.api.bp,
    mdf.programs.api.bp,
    mdf.funds.api.funds,
    mdf.funds.api.allocations,
    mdf.requests.api.bp,
    mdf.ledger.api.bp,
)

PORTAL = (
    tcma.insights.portal.bp,
    *tcma.accounts.portal.blueprints,
    tcma.notifications.portal.bp,
    tcma.audit.portal.bp,
    assets.library.portal.bp,
    assets.library.portal.shared_links,
    assets.uploads.portal.bp,
    cobranding.templates.portal.bp,
    cobranding.artworks.portal.bp,
    cobranding.artworks.portal.pictures,
    cobranding.batches.portal.bp,
    cobranding.manifests.portal.keys,
    cobranding.manifests.portal.verify,
    campaigns.kits.portal.bp,
    campaigns.imports.portal.bp,
    *campaigns.audiences.portal.blueprints,
    campaigns.senders.portal.domains,
    campaigns.senders.portal.senders,
    campaigns.launches.portal.bp,
    campaigns.launches.portal.calendar.bp,
    campaigns.sending.portal.bp,
    campaigns.sending.portal.shares,
    campaigns.networks.portal.bp,
    campaigns.posting.portal.bp,
    campaigns.posting.portal.touches,
    campaigns.tracking.portal.bp,
    campaigns.tracking.portal.results,
    campaigns.tracking.portal.adoptions,
    mdf.claims.portal.bp,
    mdf.payments.portal.bp,
    mdf.funds.portal.bp,
    mdf.programs.portal.bp,
    mdf.requests.portal.bp,
    mdf.ledger.portal.bp,
    health.bp,
    reference,
    sandbox,
)


def create_app(settings: Settings) -> Flask:
    """Return the service, ready to answer."""
    app = make_app(settings)
    https = settings.base_url.startswith("https://")
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-tcma" if https else "tcma",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=https,
        BOOTSTRAP_SERVE_LOCAL=True,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
    )
    app.url_map.converters["int"] = IdConverter
    app.url_map.strict_slashes = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1) if https else app.wsgi_app  # type: ignore[method-assign]
    Bootstrap5(app)
    problems.install(app)
    incoming.install(app)
    guards.install(app, Doorkeeper(), https=https)
    pages.install(app, brand_name=accounts.brand_name, unread_count=notifications.unread_count)
    api = make_api(app)
    for blueprint in API:
        api.register_blueprint(blueprint)
    for page in PORTAL:
        app.register_blueprint(page)
    return app


def from_environment() -> Flask:
    """Return the service with the settings of this process's environment: what gunicorn calls."""
    return create_app(Settings.from_environment(os.environ))
