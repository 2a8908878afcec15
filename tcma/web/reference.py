"""The API's description, made readable: /api/docs shows /api/openapi.json on one page, with nothing from elsewhere."""

from typing import Any

from flask import Blueprint, current_app, render_template

from tcma.web.guards import public

bp = Blueprint("reference", __name__)

_VERBS = ("get", "post", "put", "patch", "delete")


@bp.get("/api/docs")
@public
def docs() -> str:
    """Show every route of the API, by noun."""
    spec = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return render_template("reference.html", spec=spec, groups=_by_noun(spec), properties=_properties(spec))


def _by_noun(spec: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in spec["paths"].items():
        for verb in _VERBS:
            if verb in item:
                operation = item[verb]
                noun = (operation.get("tags") or ["api"])[0].removeprefix("api_").replace("_", " ")
                entry = {"verb": verb, "path": path, "operation": operation, "parameters": item.get("parameters", [])}
                groups.setdefault(noun, []).append(entry)
    return dict(sorted(groups.items()))


def _properties(spec: dict[str, Any]) -> Any:
    schemas = spec.get("components", {}).get("schemas", {})

    def of(reference: dict[str, Any]) -> dict[str, Any]:
        name = str(reference.get("$ref", "")).rpartition("/")[2]
        found: dict[str, Any] = schemas.get(name, reference)
        return found

    return of
