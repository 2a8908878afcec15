"""Every route of the service, walked: who may come in, and that nobody reaches what belongs to another partner."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from assets.library import service as library
from campaigns.audiences import service as audiences
from campaigns.imports import service as imports
from campaigns.kits import service as kits
from campaigns.launches import service as launches
from campaigns.senders import service as senders
from campaigns.sending import service as sending
from cobranding.artworks import service as artworks
from cobranding.templates import service as templates
from tcma import demo
from tcma.accounts import service as accounts
from tcma.accounts.model import User
from tcma.infra import broker, cache
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import BRAND_ROLES, PARTNER_ROLES, Role
from tcma.notifications import service as notifications
from tcma.web.guards import is_public
from tests.clients import api_client, browser, empty
from tests.factories import accounts as make
from tests.factories import networks as make_networks

pytestmark = pytest.mark.xdist_group("routes")

# Every route that a stranger may use, and why.
PUBLIC = {
    "accounts.forgotten": "whoever forgot the password cannot sign in",
    "accounts.forgotten_form": "the same",
    "accounts.link_form": "an invitation is opened before its person can sign in",
    "accounts.sign_in": "signing in",
    "accounts.sign_in_form": "signing in",
    "accounts.visit": "a link of a mail leads its person to one page, once; the token is signed",
    "accounts.visit_form": "the same",
    "accounts.use_link": "an invitation is accepted before its person can sign in",
    "calendar.feed": "a calendar program reads its person's feed; the token is signed and can be renewed",
    "api-docs.openapi_json": "the description of the API says nothing about anybody",
    "api_tokens.sign_in": "signing in, for scripts",
    "api_feedback.amazon": "Amazon says what became of a mail; its signature and the topic are checked",
    "api_manifests.keys": "anybody may check a signature",
    "api_verify.verify_code": "anybody may ask whether a file is genuine; the code cannot be guessed",
    "api_verify.verify_file": "anybody may ask whether a file is genuine",
    "health.live": "the supervisor asks",
    "health.metrics": "Prometheus asks; figures about nobody",
    "health.ready": "the load balancer asks",
    "reference.docs": "the description of the API says nothing about anybody",
    "sandbox.attachment": "there is no such page outside the sandbox",
    "sandbox.index": "the same",
    "sandbox.page": "the same",
    "sandbox.show": "the same",
    "sandbox.source": "the same",
    "links.shared": "whoever got a link fetches its file; the token is signed",
    "pictures.hosted": "mail programs load the pictures of a mail; the token is signed",
    "verify.ask": "anybody may ask whether a file is genuine",
    "verify.by_code": "the same; the code cannot be guessed",
    "verify.by_file": "the same",
    "tracking.click": "whoever got a mail follows its links; the token is signed",
    "tracking.flyer": "the same",
    "tracking.pixel": "the same",
    "tracking.unsubscribe": "whoever got a mail leaves without signing in; the token is signed (RFC 8058)",
    "tracking.unsubscribe_from_all": "the same, from all partners of the brand",
    "tracking.view": "whoever got a mail reads it in the browser; the token is signed",
    "tracking.way_out": "whoever got a mail finds the way out; the token is signed",
}

# Whose row an id in an address means: the table, all of whose rows belong to a partner.
OWNED = {
    "allocation_id": "mdf_allocations",
    "artwork_id": "artworks",
    "asset_id": "assets",
    "claim_id": "mdf_claims",
    "contact_id": "contacts",
    "delivery_id": "deliveries",
    "handshake_id": "social_handshakes",
    "domain_id": "sending_domains",
    "import_id": "contact_imports",
    "launch_id": "launches",
    "list_id": "contact_lists",
    "notification_id": "notifications",
    "partner_id": "partners",
    "payment_id": "mdf_payments",
    "post_id": "social_posts",
    "proof_id": "mdf_claim_proofs",
    "request_id": "mdf_requests",
    "sender_id": "senders",
    "share_id": "asset_shares",
    "social_account_id": "social_accounts",
    "suppression_id": "suppressions",
    "token_id": "api_tokens",
    "touch_id": "launch_touches",
    "user_id": "users",
}

# Ids of what belongs to the brand, which a partner may or may not read.
OF_THE_BRAND = {
    "account_id": "ledger_accounts",
    "batch_id": "mdf_payment_batches",
    "fund_id": "mdf_funds",
    "key_id": "signing_keys",
    "kit_id": "kits",
    "number": None,
    "program_id": "mdf_programs",
    "template_id": "templates",
    "transaction_id": "ledger_transactions",
    "version_id": None,
}


# Forms that need a valid field before anything is looked for.
FORMS = {
    "contact_lists.start": {"columns.0": "email", "consent_source": "fair", "agreed": "true"},
    "deliveries.settle": {"state": "sent"},
    "posts.settle": {"state": "failed"},
    "social_accounts.chosen": {"subjects": ["1"]},
    "partners.retier": {"tier": "gold"},
    "senders.confirm": {"code": "123456"},
    "templates.edit_template": {"approval": "always"},
}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def ids_in(rule: Rule) -> list[str]:
    return re.findall(r"<int:(\w+)>", rule.rule)


def address(rule: Rule, ids: dict[str, int]) -> str:
    found = re.sub(r"<int:(\w+)>", lambda match: str(ids.get(match[1], 1)), rule.rule)
    return re.sub(r"<[^>]*?(\w+)>", "x", found)


def test_every_route_that_a_stranger_may_use_is_listed(app: Flask):
    public = {rule.endpoint for rule, _ in routes(app) if is_public(app, rule.endpoint)}
    assert {endpoint for endpoint in public if not endpoint.endswith("static")} == set(PUBLIC)


def test_every_other_route_turns_a_stranger_away(app: Flask, world):
    client = app.test_client()
    for rule, method in routes(app):
        if is_public(app, rule.endpoint):
            continue
        answer = client.open(address(rule, {}), method=method)
        if rule.rule.startswith("/api/"):
            assert answer.status_code == 401, rule
            assert answer.json["code"] == "unauthorized"
        else:
            assert answer.status_code == 302, rule
            assert answer.location.startswith("/sign-in?next="), rule


def test_every_id_in_an_address_is_known_to_these_tests(app: Flask):
    names = {name for rule, _ in routes(app) for name in ids_in(rule) if not is_public(app, rule.endpoint)}
    assert names <= set(OWNED) | set(OF_THE_BRAND)


@pytest.fixture(scope="module")
def asking(app: Flask, database_url: str) -> Iterator[User]:
    """A person of one partner of the demo, with all roles of a partner; the demo is loaded once for all tests here."""
    with cache.redis() as client:
        client.flushdb()
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(broker, "send", list)
        demo.load("a long sentence for the demo")
        yield person_with_all_roles_of_a_partner()
    empty(database_url)


def person_with_all_roles_of_a_partner() -> User:
    with transaction(SYSTEM):
        partner = accounts.partners(SYSTEM)[0]
        return make.user(partner=accounts.queries.partner(SYSTEM, partner.id), roles=sorted(PARTNER_ROLES))


@pytest.fixture(scope="module")
def foreign(asking: User, database_url: str) -> dict[str, int]:
    """An id of each kind of thing that belongs to another partner; `owner`'s things are completed first."""
    with reading(SYSTEM):
        others = [partner.id for partner in accounts.partners(SYSTEM) if partner.id != asking.partner_id]
    complete(others[0])
    found: dict[str, int] = {}
    with psycopg.connect(database_url, autocommit=True) as connection:
        for partner_id in others:
            for name, table in OWNED.items():
                column = "id" if table == "partners" else "partner_id"
                if newest := newest_of(connection, table, column, partner_id):
                    found[name] = newest
    missing = set(OWNED) - set(found)
    assert not missing, f"nobody else owns any of these: {missing}"
    return found


def newest_of(connection: psycopg.Connection, table: str, column: str, partner_id: int) -> int | None:
    """Return the newest id of a partner's rows, read as one of its own people."""
    connection.execute(
        "SELECT set_config('tcma.scope', 'partner', false), set_config('tcma.partner_id', %s, false),"
        " set_config('tcma.user_id', (SELECT max(id)::text FROM users WHERE partner_id = %s), false)",
        [str(partner_id), partner_id],
    )
    newest = connection.execute(f"SELECT max(id) FROM {table} WHERE {column} = %s", [partner_id]).fetchone()
    return newest[0] if newest else None


def complete(partner_id: int) -> None:
    """Give a partner one of each thing that the demo has only where its story needs it."""
    with transaction(SYSTEM):
        person = accounts.actor_of(make.user(partner=accounts.queries.partner(SYSTEM, partner_id)))
    with transaction(person):
        accounts.issue_token(person, name="theirs")
        audiences.suppress(person, "gone@people.example")
        imports.receive(person, imports.Received.store(io.BytesIO(b"email\na@people.example\n")), filename="theirs.csv")
        senders.add_domain(person, name="theirs.example.com")
        senders.add_sender(person, name="Theirs", address="kim@elsewhere.example.com")
        logo = library.partner_logo(person, partner_id)
        assert logo
        library.share(person, logo.asset_id)
        flyer = next(template for template in templates.gallery(person) if template.kind == "flyer")
        version = templates.newest_published(person, flyer.id)
        assert version
        artworks.create(person, template_version_id=version.id, name="Theirs")
        notifications.tell_partner(SYSTEM, partner_id, kind="test", title="Theirs")
        account = make_networks.account(person)
        make_networks.handshake(person)
        published = [kit.published_version_id for kit in kits.latest(person)]
        launch = launches.launch(person, kit_version_id=next(filter(None, published)))
    with transaction(person):
        touches = session.scalars(text("SELECT id FROM launch_touches WHERE launch_id = :id"), {"id": launch.id})
        for touch_id in touches.all():
            sending.fan_out(person, touch_id)
        make_networks.post(person, account, launch.id, launch.touches[0].id)


def example(schema: dict[str, Any], spec: dict[str, Any]) -> Any:
    """Return the smallest body that a schema takes."""
    if "$ref" in schema:
        return example(spec["components"]["schemas"][schema["$ref"].rpartition("/")[2]], spec)
    for key in {"allOf", "anyOf", "oneOf"} & set(schema):
        return example(schema[key][0], spec)
    if {"example", "enum"} & set(schema):
        return schema.get("example") or schema["enum"][0]
    return example_of_type(schema, spec)


def example_of_type(schema: dict[str, Any], spec: dict[str, Any]) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: example(schema["properties"][name], spec) for name in schema.get("required", [])}
    if kind == "array":
        return [example(schema["items"], spec)] * schema.get("minItems", 0)
    if kind == "string":
        formats = {"date": "2026-12-01", "date-time": "2026-12-01T10:00:00+00:00", "email": "x@x.example"}
        return formats.get(schema.get("format", ""), "x" * max(schema.get("minLength", 1), 1))
    return {"integer": max(schema.get("minimum", 1), 1), "number": 1, "boolean": True}[kind]


def bodies(app: Flask) -> Callable[[Rule, str], Any]:
    """Return a function that gives the smallest body which a route of the API takes."""
    spec = app.test_client().get("/api/openapi.json").json

    def body_of(rule: Rule, method: str) -> Any:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        operation = spec["paths"].get(path, {}).get(method.lower(), {})
        content = operation.get("requestBody", {}).get("content", {})
        return next((example(media["schema"], spec) for media in content.values()), None)

    return body_of


def test_an_id_that_belongs_to_another_partner_is_not_there_on_any_route_of_the_api(app, asking, foreign):
    client, body_of = api_client(app, asking), bodies(app)
    reached = {}
    for rule, method in routes(app):
        if not rule.rule.startswith("/api/") or not set(ids_in(rule)) & set(OWNED):
            continue
        path = address(rule, foreign).removeprefix("/api/v1")
        answer = client.call(method, path, json=body_of(rule, method), key=f"foreign {method} {path}")
        if answer.status_code != 404:
            reached[f"{method} {rule.rule}"] = (answer.status_code, answer.text[:200])
    assert reached == {}


def test_an_id_that_belongs_to_another_partner_is_not_there_on_any_page(app, asking, foreign):
    client = browser(app, asking)
    reached = {}
    for rule, method in routes(app):
        public = is_public(app, rule.endpoint)
        if rule.rule.startswith("/api/") or public or not set(ids_in(rule)) & set(OWNED):
            continue
        answer = client.open(address(rule, foreign), method=method, data=FORMS.get(rule.endpoint))
        if answer.status_code != 404:
            reached[f"{method} {rule.rule}"] = (answer.status_code, answer.location)
    assert reached == {}


@pytest.mark.parametrize("number", [0, 2**62])
def test_an_id_that_nothing_has_is_not_there_on_any_route(app, asking, number):
    with transaction(SYSTEM):
        brand = make.user(Role.ADMIN, roles=sorted(BRAND_ROLES))
    body_of = bodies(app)
    answered = {}
    for person in (asking, brand):
        client, pages = api_client(app, person), browser(app, person)
        for rule, method in routes(app):
            if not ids_in(rule) or is_public(app, rule.endpoint):
                continue
            path = address(rule, dict.fromkeys(ids_in(rule), number))
            if path.startswith("/api/"):
                path = path.removeprefix("/api/v1")
                answer = client.call(method, path, json=body_of(rule, method), key=f"{person.id} {method} {path}")
            else:
                answer = pages.open(path, method=method, data=FORMS.get(rule.endpoint))
            # Somebody who may not do such a thing at all may be told so before the thing is looked for.
            if answer.status_code not in {403, 404}:
                answered[f"{method} {rule.rule}"] = (answer.status_code, answer.location)
    assert answered == {}
