"""Forms that do not end in one transaction: signing in, and tokens that are shown once."""

from typing import Any

from marshmallow import Schema, ValidationError

from tcma.kernel.errors import DomainError, Invalid
from tcma.web.pages import FormState, form_values, readable
from tcma.web.problems import flatten


def load(schema: Schema) -> dict[str, Any]:
    """Return what the present form holds. Raises Invalid."""
    try:
        loaded: dict[str, Any] = schema.load(readable(schema, form_values()))
    except ValidationError as error:
        raise Invalid(errors=flatten(error.normalized_messages())) from None  # type: ignore[no-untyped-call]
    return loaded


def refused(error: DomainError) -> FormState:
    """Return the form with what is to be corrected, and without what nobody may read back."""
    values = {name: value for name, value in form_values().items() if name not in {"password", "present"}}
    return FormState(values, dict(error.errors) or {"_": [error.detail]})
