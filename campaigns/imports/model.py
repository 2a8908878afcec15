"""Lists of contacts, what was left out of them, and whose turn a worker has to take."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.audiences.rules import ConsentScope
from campaigns.imports.rules import ListState
from tcma.infra.db import Model, PartnerOwned, state_column
from tcma.kernel import clock


class ContactList(PartnerOwned, Model):
    """One file of contacts, and how far it was taken over."""

    __tablename__ = "contact_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    filename: Mapped[str] = mapped_column(server_default="")
    file_sha256: Mapped[str] = mapped_column(server_default="")
    state: Mapped[ListState] = mapped_column(state_column(ListState), default=ListState.WAITING, server_default="")
    raw_key: Mapped[str] = mapped_column(server_default="")  # the file as it came
    # The same as text in which a line end is one byte: the file itself, or what a workbook was turned into.
    text_key: Mapped[str] = mapped_column(default="", server_default="")
    encoding: Mapped[str] = mapped_column(server_default="")
    separator: Mapped[str] = mapped_column(server_default="")
    header: Mapped[list[Any]]
    columns: Mapped[list[Any]]
    consent_scope: Mapped[ConsentScope] = mapped_column(
        state_column(ConsentScope), default=ConsentScope.PARTNER, server_default=""
    )
    size_bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    done_bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    done_rows: Mapped[int] = mapped_column(default=0, server_default="0")  # the number of the last row; 1 is the header
    problems: Mapped[int] = mapped_column(default=0, server_default="0")
    import_id: Mapped[int | None] = mapped_column(ForeignKey("contact_imports.id"), index=True)
    claimed_by: Mapped[str] = mapped_column(default="", server_default="")
    lease_until: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="", server_default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]

    @property
    def percent(self) -> int:
        """Return how much of it is done."""
        if self.state is ListState.DONE:
            return 100
        return min(99, 100 * self.done_bytes // self.size_bytes) if self.size_bytes else 0


class ListProblem(PartnerOwned, Model):
    """A row that was left out, and why. It does not repeat the row's content."""

    __tablename__ = "contact_list_problems"
    __table_args__ = (Index("ix_contact_list_problems_list_id_row", "list_id", "row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("contact_lists.id", ondelete="CASCADE"))
    row: Mapped[int]
    field: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")


class ListTurn(Model):
    """A list that is being taken over: ids alone, so that the sweep sees nobody's lists."""

    __tablename__ = "contact_list_turns"

    list_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    expected_by: Mapped[datetime] = mapped_column(index=True)  # a job shows itself by then, or another is asked for
