"""Schemas and fields that every noun uses: strict input, plain output, money, states, pages."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from tcma.kernel.errors import DomainError
from tcma.kernel.money import Money


class Input(Schema):
    """Load a command; an unknown field is refused with its name."""

    class Meta:
        """Refuse what nobody asked for."""

        unknown = RAISE


class Output(Schema):
    """Dump a noun."""


class Empty(Input):
    """Load a command that takes nothing."""


class MoneyField(fields.Field[Money]):
    """Show money as {"amount": "125.50", "currency": "EUR"}; amounts are strings, so nobody makes a float of them."""

    default_error_messages = {
        # Doubled braces, because marshmallow formats its messages.
        "invalid": 'Write money as {{"amount": "125.50", "currency": "EUR"}}.',
        "negative": "This amount cannot be negative.",
    }

    def _serialize(self, value: Money | None, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, str] | None:
        _ = (attr, obj, kwargs)
        return None if value is None else {"amount": str(value.decimal), "currency": value.currency}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Money:
        _ = (attr, data, kwargs)
        if not isinstance(value, Mapping) or set(value) != {"amount", "currency"}:
            raise self.make_error("invalid")
        if not isinstance(value["amount"], str) or not isinstance(value["currency"], str):
            raise self.make_error("invalid")
        try:
            money = Money.parse(value["amount"], value["currency"])
        except DomainError as error:
            raise ValidationError(error.detail) from error
        if money.minor < 0:
            raise self.make_error("negative")
        return money


def described_money(_converter: Any, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
    """Return how OpenAPI describes money."""
    if not isinstance(field, MoneyField):
        return {}
    amount = {"type": "string", "example": "125.50", "description": "A decimal string, with the currency's own digits."}
    currency = {"type": "string", "example": "EUR", "description": "ISO 4217"}
    kind: Any = ["object", "null"] if field.allow_none else "object"
    return {"type": kind, "required": ["amount", "currency"], "properties": {"amount": amount, "currency": currency}}


class DocumentField(fields.Dict):
    """Take a document: an object, or its JSON as text, which is how a form sends it."""

    default_error_messages = {"invalid": "A document is a JSON object.", "not_json": "This is not JSON: {reason}."}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise self.make_error("not_json", reason=str(error)) from error
        return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]


class StateField(fields.String):
    """Show a state by its word; `states` lists the words in the API's description."""

    def __init__(self, states: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf([state.value for state in states]), **kwargs)


class IdField(fields.Integer):
    """Take the id of something: a positive 64-bit integer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=False, validate=validate.Range(min=1, max=2**63 - 1), **kwargs)


class ListQuery(Schema):
    """Load the question for one page of a list."""

    class Meta:
        """Refuse what nobody asked for."""

        unknown = RAISE

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))
    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=2**63 - 1))


_pages: dict[type[Schema], type[Schema]] = {}


def page_of(schema: type[Schema]) -> type[Schema]:
    """Return the schema of one page of a list: {items, next}."""
    if schema not in _pages:
        members = {
            "items": fields.List(fields.Nested(schema), required=True),
            "next": fields.Integer(required=True, allow_none=True),
            "__module__": schema.__module__,
        }
        _pages[schema] = type(f"{schema.__name__}Page", (Output,), members)
    return _pages[schema]
