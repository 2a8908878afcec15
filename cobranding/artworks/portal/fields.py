"""What the editor of an artwork asks for: one field for each open variable, with pictures to choose from."""

from typing import Any

from assets.library import service as library
from cobranding.rendering.document.model import Document, Variable
from tcma.kernel.actor import Actor
from tcma.web.pages import FormState

KINDS = {
    "text": "text",
    "rich_text": "textarea",
    "link": "url",
    "number": "number",
    "date": "date",
    "image": "pictures",
    "logo": "pictures",
    "contact": "contact",
    "choice": "select",
}
HELP = {
    "rich_text": "Up to {} characters. **Strong**, *emphasis*, [a link](https://…); lines with - are a list.",
    "image": "Your own pictures and those of the brand, the newest first. Add one under Files.",
    "logo": "Your logos, as they stand under Files.",
    "contact": "Empty: as it stands in your profile.",
}


def fields(actor: Actor, document: Document, form: FormState) -> list[dict[str, Any]]:
    """Return a field for each open variable, as the form shows it. Call it inside a transaction: it lists pictures."""
    return [
        _field(document, variable) | {"pictures": _pictures(actor, variable, form)}
        for variable in document.variables.values()
        if variable.editable
    ]


def _pictures(actor: Actor, variable: Variable, form: FormState) -> list[library.AssetView]:
    """Return what can be chosen for a picture or a logo, and what is chosen now though it was put away since."""
    if KINDS[variable.type] != "pictures":
        return []
    chosen = str(form.values.get(f"values.{variable.name}") or "")
    return library.pictures_to_choose(
        actor,
        are_logos=variable.type == "logo",
        tags=variable.categories,
        chosen_id=int(chosen) if chosen.isdecimal() else None,
    )


def _field(document: Document, variable: Variable) -> dict[str, Any]:
    long = variable.type == "text" and (variable.multiline or variable.max_length > 120)
    default = variable.default.get(document.locale) or variable.default.get("", "")
    told = HELP.get(variable.type, "").format(variable.max_length)
    if variable.type == "text" and default:
        told = f"Up to {variable.max_length} characters. Empty: the brand's own words."
    if variable.type == "image" and variable.categories:
        told = f"{told} It needs one of the tags {', '.join(variable.categories)}."
    if variable.must_change:
        told = "Say it in your own words: what stands there only shows what to write."
    return {
        "variable": variable,
        "kind": "textarea" if long else KINDS[variable.type],
        "default": default,
        "help": variable.help or told,
        "options": [(value, next(iter(texts.values()), value)) for value, texts in variable.choices.items()],
    }


def open_styles(document: Document) -> list[dict[str, Any]]:
    """Return the elements whose style may be chosen, with what there is to choose."""
    return [
        {
            "name": f"{fmt.name}.{element.id}.style",
            "label": f"{element.label} ({fmt.label})",
            "styles": element.open.styles,
        }
        for fmt in document.formats.values()
        for element in fmt.elements
        if element.open.styles
    ]


def locales(document: Document) -> list[str]:
    """Return the languages that a document speaks."""
    spoken = {locale for variable in document.variables.values() for locale in variable.default if locale}
    return sorted(spoken | {document.locale})
