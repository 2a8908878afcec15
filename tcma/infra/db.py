"""The door to PostgreSQL: the session, the one commit, and the words that row security listens to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Date, DateTime, Dialect, ForeignKey, MetaData, Select, event, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import Text, TypeDecorator

from tcma.infra import broker
from tcma.infra.jobs import Errand
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor, Scope
from tcma.kernel.errors import Invalid, StaleEdit, Unavailable

# The role that the application acts under; row security binds it. Migrations run as the login role, the tables' owner.
APPLICATION_ROLE = "tcma_app"

M = TypeVar("M")
S = TypeVar("S", bound=Select[Any])


_NAMES_OF_CONSTRAINTS = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
_TYPES: dict[Any, Any] = {
    int: BigInteger,
    str: Text,
    date: Date,
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
    list[str]: JSONB,
}


class Base(DeclarativeBase):
    """Map Python types to PostgreSQL's, and name every constraint the same way on every machine."""

    registry = registry(metadata=MetaData(naming_convention=_NAMES_OF_CONSTRAINTS), type_annotation_map=_TYPES)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": True})
session = db.session

if TYPE_CHECKING:
    Model = Base
else:
    # Flask-SQLAlchemy's own subclass of Base, which a type checker cannot see through.
    Model = db.Model


class State(TypeDecorator[StrEnum]):
    """Keep a StrEnum as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, states: type[StrEnum]) -> None:
        super().__init__()
        self.states = states

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        """Write the state's word; a word that is no state is a ValueError."""
        _ = dialect
        return None if value is None else self.states(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Read the state's word."""
        _ = dialect
        return None if value is None else self.states(value)


def state_column(states: type[StrEnum]) -> State:
    """Return the column type of a state; the migration adds the CHECK."""
    return State(states)


class PartnerOwned:
    """Mark a table whose rows belong to one partner; its migration puts row security on it."""

    @declared_attr
    def partner_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Name the partner that owns the row."""
        return mapped_column(ForeignKey("partners.id"), index=True)


class Timestamped:
    """Add when a row was made and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class Revised:
    """Count the revisions of what people edit, so that a stale edit is refused (ETag, If-Match)."""

    revision: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy calls it with the class
        """Let SQLAlchemy count up at each update."""
        return {"version_id_col": cls.revision}


def check_revision(row: Revised, expected_revision: int | None) -> None:
    """Refuse an edit of something newer than the editor has seen. Raises StaleEdit."""
    if expected_revision is not None and row.revision != expected_revision:
        raise StaleEdit


class Unstorable(Invalid):
    """Report a text or a number that PostgreSQL cannot hold."""

    code = "unstorable"
    message = "Something in this cannot be stored: a control character, or a number that is too large."


class NestedTransaction(RuntimeError):
    """Report a programming error: a transaction was opened inside another."""


def bind_application_role(engine: Engine) -> None:
    """Make every connection of the engine act under the role that row security binds."""

    @event.listens_for(engine, "connect")
    def _set_role(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {APPLICATION_ROLE}")
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()


@contextmanager
def transaction(actor: Actor) -> Iterator[None]:
    """Commit what happens inside, or nothing of it, as `actor`; then send the jobs that were asked for.

    The only place that commits. Doors, jobs and the CLI open it, once per command.
    Raises StaleEdit when somebody else saved first, Unavailable when PostgreSQL is not there or two commands were in
    each other's way.
    """
    with _acting(actor):
        yield
        session.commit()
        errands: list[Errand] = session.info.pop("errands", [])
    broker.send(errands)


@contextmanager
def reading(actor: Actor) -> Iterator[None]:
    """Read as `actor`; whatever would write is refused by PostgreSQL. Raises Unavailable."""
    with _acting(actor):
        session.execute(text("SET TRANSACTION READ ONLY"))
        yield


@contextmanager
def _acting(actor: Actor) -> Iterator[None]:
    if session.info.get("acting"):
        raise NestedTransaction("a door opens one transaction per command; this is a second one inside it")
    session.info["acting"] = True
    session.info.pop("errands", None)
    try:
        session.close()
        _tell_who_acts(actor)
        yield
    except StaleDataError as error:
        raise StaleEdit from error
    except (DataError, UnicodeEncodeError) as error:
        raise Unstorable from error
    except DBAPIError as error:
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise Unavailable from error
        raise
    finally:
        # Undoes what was not committed; what was loaded stays readable.
        session.close()
        session.info.pop("acting", None)
        session.info.pop("errands", None)


def _tell_who_acts(actor: Actor) -> None:
    session.execute(
        text(
            "SELECT set_config('tcma.scope', :scope, true), set_config('tcma.partner_id', :partner_id, true),"
            " set_config('tcma.user_id', :user_id, true)"
        ),
        {
            "scope": actor.scope.value,
            "partner_id": str(actor.partner_id or ""),
            "user_id": str(actor.user_id or ""),
        },
    )


def enqueue(name: str, **ids: int) -> None:
    """Ask for a job; it leaves after the commit of the present transaction and is dropped on rollback."""
    errands: list[Errand] = session.info.setdefault("errands", [])
    errand = Errand(name, ids)
    if errand not in errands:
        errands.append(errand)


def owned_by(actor: Actor, model: type[M]) -> Select[M]:
    """Return the rows that an actor may see: a partner its own, the brand and the service all."""
    rows = select(model)
    if actor.scope is Scope.PARTNER:
        rows = rows.where(model.partner_id == actor.partner_id)  # type: ignore[attr-defined]
    return rows


def lock(rows: S) -> S:
    """Return the same rows, held until the transaction ends: others who want them wait."""
    return rows.with_for_update()


def ping() -> None:
    """Ask PostgreSQL for an answer. Raises Unavailable."""
    with reading(SYSTEM):
        session.execute(text("SELECT 1"))
