"""What every portal door does the same: pages beside their noun, the menu, forms that cannot run twice."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2 import BaseLoader, FileSystemLoader, PrefixLoader
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from tcma.infra import replays
from tcma.infra.db import reading, transaction
from tcma.kernel.actor import SYSTEM, Actor, Scope
from tcma.kernel.errors import Conflict, DomainError, Invalid
from tcma.kernel.permissions import Permission
from tcma.web import guards
from tcma.web.api import request_hash
from tcma.web.problems import flatten, status_of

# The order of the sections in the menu.
DEEPEST_NAME, LONGEST_NAME = 6, 200
SECTIONS = ("", "Campaigns", "Brand", "Money", "Organization")


@dataclass(frozen=True, slots=True)
class NavItem:
    """Describe a line of the menu: for those who hold a permission (or everybody), at the brand, a partner or both."""

    label: str
    endpoint: str
    permission: Permission | None = None
    section: str = ""
    position: int = 50
    scope: Scope | None = None

    def shows_to(self, actor: Actor) -> bool:
        """Tell whether the line is for this actor."""
        mine = self.scope is None or actor.scope is self.scope
        return mine and (self.permission is None or actor.can(self.permission))


@dataclass(frozen=True, slots=True)
class FormState:
    """Hold what somebody entered and what is to be corrected: field -> sentences; "_" is about the whole form."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, list[str]] = field(default_factory=dict)


class PortalBlueprint(Blueprint):
    """Find the pages of a noun in its folder `pages/`, under the noun's name: "claims/show.html"."""

    @property
    def jinja_loader(self) -> BaseLoader | None:
        """Return the loader of the noun's pages."""
        return PrefixLoader({self.name: FileSystemLoader(Path(self.root_path) / "pages")})


def portal_blueprint(
    noun: str, import_name: str, url_prefix: str, *, nav: NavItem | list[NavItem] | None = None
) -> Blueprint:
    """Return the portal door of a noun, with its lines of the menu."""
    blueprint = PortalBlueprint(noun, import_name, url_prefix=url_prefix or None)
    items = nav if isinstance(nav, list) else [nav] if nav else []
    blueprint.record(lambda state: state.app.extensions.setdefault("nav", []).extend(items))
    return blueprint


def render(template: str, /, **context: Any) -> str:
    """Return a page."""
    return render_template(template, **context)


def submit(
    schema: Schema,
    operation: Callable[[Actor, dict[str, Any]], Any],
    *,
    then: Callable[[Any], str],
    again: Callable[[FormState], ResponseReturnValue] | None = None,
    flash: str = "",
) -> ResponseReturnValue:
    """Run a form's command in one transaction and go on to `then`; the same form sent twice has one effect.

    What is to be corrected is shown by `again` beside the fields, with what was entered kept.
    """
    values = form_values()
    try:
        data = schema.load(readable(schema, values))
        location = _perform_once(operation, data, then)
    except ValidationError as error:
        refusal: DomainError = Invalid(errors=flatten(error.messages))
    except (Invalid, Conflict) as error:
        refusal = error
    else:
        if flash:
            say(flash)
        return redirect(location, code=303)
    if again is None:
        raise refusal
    errors = dict(refusal.errors) or {"_": [refusal.detail]}
    page = again(FormState(values, errors))
    return page if isinstance(page, tuple) else (page, status_of(refusal))  # type: ignore[return-value] # a page and its status


def _perform_once(
    operation: Callable[[Actor, dict[str, Any]], Any], data: dict[str, Any], then: Callable[[Any], str]
) -> str:
    actor = guards.current_actor()
    key = request.form.get("_key", "")
    fingerprint = request_hash()
    with transaction(actor):
        if key and (answer := replays.first_answer(actor, key, fingerprint)):
            return str(answer.body["location"])
        location = then(operation(actor, data))
        if key:
            replays.keep_answer(actor, key, replays.Answer(303, {"location": location}))
    return location


def say(sentence: str, tone: str = "success") -> None:
    """Show a sentence on the next page."""
    flash(sentence, tone)


def query_id(name: str) -> int | None:
    """Return an id of the present address's query, or None when there is none that anything could have."""
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and 0 < len(given) < 19 else None


def form_values() -> dict[str, Any]:
    """Return what the present form holds, by the fields' names; a name that comes more than once holds a list."""
    values: dict[str, Any] = {}
    for source in (request.form, request.files):
        for name, entries in _lists(source):
            if name not in {"csrf_token", "_key"}:
                values[name] = entries if len(entries) > 1 else entries[0]
    return values


def _lists(source: MultiDict[str, Any]) -> list[tuple[str, list[Any]]]:
    return [(name, source.getlist(name)) for name in source]


def readable(schema: Schema, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's values in the shape that the API's schema reads.

    A dotted name is a path: `lines.0.amount.currency`. A blank entry is left out, unless it blanks a text that may be
    blank. Raises Invalid for what no form of ours sends.
    """
    nested: dict[str, Any] = {}
    for name, value in values.items():
        path = name.split(".")
        if len(path) > DEEPEST_NAME or len(name) > LONGEST_NAME or (isinstance(value, str) and "\0" in value):
            raise Invalid(f"The form holds something that no page of ours sends: {name[:40]!r}.")
        top = schema.fields.get(path[0])
        if _is_blank(value) and not (len(path) == 1 and isinstance(top, fields.String) and not top.required):
            continue
        if isinstance(top, fields.List) and len(path) == 1 and not isinstance(value, list):
            value = [value]  # noqa: PLW2901 - one ticked box of several is still a list
        spot = nested
        for step in path[:-1]:
            spot = spot.setdefault(step, {})
            if not isinstance(spot, dict):
                raise Invalid(f"The form names {name[:40]!r} twice, as a value and as a group.")
        spot[path[-1]] = value
    return {name: _listed(value) for name, value in nested.items()}


def _is_blank(value: Any) -> bool:
    return value == "" or (hasattr(value, "filename") and not value.filename)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def install(app: Flask, *, brand_name: Callable[[], str], unread_count: Callable[[Actor], int]) -> None:
    """Give every page the menu, the brand's name, who is looking, and a fresh key for each form."""
    # Macros see the environment's names, not the page's.
    app.jinja_env.globals.update(new_key=lambda: secrets.token_urlsafe(16), Permission=Permission)

    @app.before_request
    def look_up_what_every_page_shows() -> None:
        if request.path.startswith("/api/") or request.endpoint is None or request.endpoint.endswith("static"):
            return
        actor = guards.actor_or_none()
        with reading(SYSTEM):
            g.brand = brand_name()
            g.unread_count = unread_count(actor) if actor else 0

    @app.context_processor
    def what_every_page_knows() -> dict[str, Any]:
        actor = guards.actor_or_none()
        return {
            "actor": actor,
            "nav": menu(actor),
            "brand": g.get("brand", ""),
            "unread_count": g.get("unread_count", 0),
            "new_key": lambda: secrets.token_urlsafe(16),
            "Permission": Permission,
        }


def menu(actor: Actor | None) -> list[dict[str, Any]]:
    """Return the menu's sections with the lines that the actor may follow."""
    if actor is None:
        return []
    sections: dict[str, list[dict[str, Any]]] = {}
    items: list[NavItem] = current_app.extensions.get("nav", [])
    shown = [item for item in sorted(items, key=lambda entry: entry.position) if item.shows_to(actor)]
    # Of two lines that lead here, such as /claims/ and /claims/desk, the longer one is where we are.
    here = max((href for item in shown if _holds_this_page(href := url_for(item.endpoint))), key=len, default="")
    for item in shown:
        href = url_for(item.endpoint)
        sections.setdefault(item.section, []).append({"label": item.label, "href": href, "active": href == here})
    order = [name for name in SECTIONS if name in sections] + [name for name in sections if name not in SECTIONS]
    return [{"label": name, "items": sections[name]} for name in order]


def _holds_this_page(href: str) -> bool:
    return request.path == href or (href != "/" and request.path.startswith(href.rstrip("/") + "/"))
