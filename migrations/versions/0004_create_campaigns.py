"""Create kits, audiences and launches.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import brand_writes, grant, own_by_partner, own_by_partner_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
WALL_TIME = sa.DateTime(timezone=False)


# The one thing that the brand may know of a partner's contacts: how many there are. It counts as that partner, and no
# row leaves it; the session's own scope is put back before anybody sees the answer.
AUDIENCE_COUNTS = """
CREATE FUNCTION audience_counts(of_partner bigint)
RETURNS TABLE (contacts bigint, mailable bigint, suppressed bigint) LANGUAGE plpgsql AS $$
DECLARE
    scope_before text := coalesce(current_setting('tcma.scope', true), '');
    partner_before text := coalesce(current_setting('tcma.partner_id', true), '');
BEGIN
    IF scope_before NOT IN ('brand', 'system')
        AND NOT (scope_before = 'partner' AND partner_before = of_partner::text)
    THEN
        RETURN;
    END IF;
    PERFORM set_config('tcma.scope', 'partner', true), set_config('tcma.partner_id', of_partner::text, true);
    RETURN QUERY
        SELECT count(*), count(*) FILTER (WHERE agreed AND NOT stopped), count(*) FILTER (WHERE stopped)
        FROM (
            SELECT
                EXISTS (
                    SELECT FROM consents k
                    WHERE k.contact_id = c.id AND k.channel = 'email' AND k.withdrawn_at IS NULL
                ) AS agreed,
                EXISTS (
                    SELECT FROM suppressions s
                    WHERE s.address_hash = c.address_hash AND (s.partner_id = c.partner_id OR s.partner_id IS NULL)
                ) AS stopped
            FROM contacts c WHERE c.partner_id = of_partner
        ) AS standing;
    PERFORM set_config('tcma.scope', scope_before, true), set_config('tcma.partner_id', partner_before, true);
END $$
"""


def upgrade() -> None:
    _create_kits()
    _create_audiences()
    _create_launches()


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS audience_counts(bigint)")
    for table in ("launch_touches", "launches", "suppressions", "consents", "contacts", "contact_imports"):
        op.drop_table(table)
    for table in ("kit_versions", "kits"):
        op.drop_table(table)
    op.execute("DROP FUNCTION IF EXISTS keep_published_kit_version()")


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = False, ondelete: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(target, ondelete=ondelete), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _state(name: str, *words: str) -> sa.Column[str]:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.Column(name, sa.Text, sa.CheckConstraint(f"{name} IN ({listed})", name=name), nullable=False)


def _stamps() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
    )


def _revision() -> sa.Column[int]:
    return sa.Column("revision", sa.BigInteger, nullable=False)


def _create_kits() -> None:
    op.create_table(
        "kits",
        _id(),
        sa.Column("name", sa.Text, nullable=False),
        _text("summary"),
        _text("audience_advice"),
        _ref("created_by", "users.id", nullable=True),
        _revision(),
        *_stamps(),
        sa.UniqueConstraint("name", name="uq_kits_name"),
    )
    op.create_table(
        "kit_versions",
        _id(),
        _ref("kit_id", "kits.id"),
        sa.Column("number", sa.BigInteger, nullable=False),
        _state("state", "draft", "published", "retired", "withdrawn"),
        sa.Column("document", JSONB, nullable=False),
        _ref("created_by", "users.id", nullable=True),
        _ref("published_by", "users.id", nullable=True),
        sa.Column("published_at", INSTANT),
        sa.Column("withdrawn_at", INSTANT),
        _text("withdrawn_reason"),
        _revision(),
        *_stamps(),
        sa.UniqueConstraint("kit_id", "number", name="uq_kit_versions_kit_id_number"),
    )
    for state in ("draft", "published"):
        op.create_index(
            f"uq_kit_versions_one_{state}",
            "kit_versions",
            ["kit_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    # What partners launched stays what the brand published, whatever the code does.
    op.execute(
        """
        CREATE FUNCTION keep_published_kit_version() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state <> 'draft' AND NEW.document IS DISTINCT FROM OLD.document THEN
                RAISE EXCEPTION 'kit version % is %, its document does not change', OLD.id, OLD.state;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_published_kit_version BEFORE UPDATE ON kit_versions "
        "FOR EACH ROW EXECUTE FUNCTION keep_published_kit_version()"
    )
    for table in ("kits", "kit_versions"):
        grant(table)
        brand_writes(table)


def _create_audiences() -> None:
    op.create_table(
        "contact_imports",
        _id(),
        _ref("partner_id", "partners.id"),
        _text("filename"),
        _text("file_sha256"),
        sa.Column("consent_source", sa.Text, nullable=False),
        _text("consent_text"),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("created", "updated", "skipped", "without_consent", "suppressed")
        ),
        sa.Column("errors", JSONB, nullable=False),
        _ref("imported_by", "users.id", nullable=True),
        sa.Column("imported_at", INSTANT, nullable=False),
    )
    op.create_index("ix_contact_imports_partner_id", "contact_imports", ["partner_id"])
    op.create_table(
        "contacts",
        _id(),
        _ref("partner_id", "partners.id"),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_normalized", sa.Text, nullable=False),
        sa.Column("address_hash", sa.LargeBinary, nullable=False),
        _text("first_name"),
        _text("last_name"),
        _text("company"),
        _text("locale"),
        sa.Column("attributes", JSONB, nullable=False, server_default="{}"),
        *_stamps(),
        sa.UniqueConstraint("partner_id", "email_normalized", name="uq_contacts_partner_id_email_normalized"),
    )
    op.create_index("ix_contacts_partner_id", "contacts", ["partner_id"])
    op.create_index("ix_contacts_partner_id_address_hash", "contacts", ["partner_id", "address_hash"])
    op.create_table(
        "consents",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("contact_id", "contacts.id", ondelete="CASCADE"),
        _state("channel", "email"),
        _state("scope", "partner", "brand"),
        sa.Column("source", sa.Text, nullable=False),
        _text("text_shown"),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("evidence", JSONB, nullable=False, server_default="{}"),
        sa.Column("withdrawn_at", INSTANT),
    )
    op.create_index("ix_consents_partner_id", "consents", ["partner_id"])
    op.create_index(
        "uq_consents_live",
        "consents",
        ["contact_id", "channel", "scope"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "suppressions",
        _id(),
        _ref("partner_id", "partners.id", nullable=True),
        _state("scope", "partner", "brand", "everywhere"),
        sa.Column("address_hash", sa.LargeBinary, nullable=False),
        _state("reason", "bounced", "complained", "erased", "manual", "unsubscribed"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint("(scope = 'partner') = (partner_id IS NOT NULL)", name="scope_matches_partner"),
    )
    op.create_index("ix_suppressions_partner_id", "suppressions", ["partner_id"])
    op.create_index(
        "uq_suppressions_partner",
        "suppressions",
        ["address_hash", "partner_id"],
        unique=True,
        postgresql_where=sa.text("partner_id IS NOT NULL"),
    )
    op.create_index(
        "uq_suppressions_everyone",
        "suppressions",
        ["address_hash", "scope"],
        unique=True,
        postgresql_where=sa.text("partner_id IS NULL"),
    )
    for table in ("contact_imports", "contacts", "consents"):
        grant(table)
        own_by_partner_only(table)
    grant("suppressions", "SELECT, INSERT, DELETE")
    _secure_suppressions()
    op.execute(AUDIENCE_COUNTS)


def _secure_suppressions() -> None:
    """Let everybody see what binds everyone, and a partner its own, which it alone adds and lifts.

    What binds everyone only the brand and the service add: no partner can stop the mail of the others.
    """
    op.execute("ALTER TABLE suppressions ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE suppressions FORCE ROW LEVEL SECURITY")
    own = "(tcma_scope() = 'partner' AND partner_id = tcma_partner_id())"
    seen = f"({own} OR (partner_id IS NULL AND tcma_scope() IN ('brand', 'partner', 'system')))"
    op.execute(f"CREATE POLICY suppressions_seen ON suppressions FOR SELECT USING {seen}")
    added = f"({own} OR (partner_id IS NULL AND tcma_scope() IN ('brand', 'system')))"
    op.execute(f"CREATE POLICY suppressions_added ON suppressions FOR INSERT WITH CHECK {added}")
    op.execute(f"CREATE POLICY suppressions_lifted ON suppressions FOR DELETE USING {own}")


def _create_launches() -> None:
    op.create_table(
        "launches",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("kit_version_id", "kit_versions.id"),
        sa.Column("name", sa.Text, nullable=False),
        _state("state", "draft", "scheduled", "running", "paused", "missed", "completed", "cancelled"),
        sa.Column("values", JSONB, nullable=False, server_default="{}"),
        sa.Column("sender_name", sa.Text, nullable=False),
        sa.Column("sender_email", sa.Text, nullable=False),
        sa.Column("reply_to", sa.Text, nullable=False),
        sa.Column("starts_at_local", WALL_TIME, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        _ref("launched_by", "users.id", nullable=True),
        sa.Column("launched_at", INSTANT),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("completed_at", INSTANT),
        _text("stopped_reason"),
        _revision(),
        *_stamps(),
    )
    for column in ("partner_id", "kit_version_id", "state"):
        op.create_index(f"ix_launches_{column}", "launches", [column])
    op.create_table(
        "launch_touches",
        _id(),
        _ref("partner_id", "partners.id"),
        _ref("launch_id", "launches.id", ondelete="CASCADE"),
        sa.Column("key", sa.Text, nullable=False),
        _state("channel", "email", "share"),
        sa.Column("position", sa.BigInteger, nullable=False),
        _ref("template_version_id", "template_versions.id", nullable=True),
        sa.Column("due_at_local", WALL_TIME, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        _state("state", "waiting", "due", "fanned_out", "finished", "cancelled"),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("fanned_out_at", INSTANT),
        sa.Column("finished_at", INSTANT),
        sa.UniqueConstraint("launch_id", "key", name="uq_launch_touches_launch_id_key"),
    )
    op.create_index("ix_launch_touches_partner_id", "launch_touches", ["partner_id"])
    op.create_index(
        "ix_launch_touches_waiting", "launch_touches", ["due_at_local"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_index("ix_launch_touches_due", "launch_touches", ["id"], postgresql_where=sa.text("state = 'due'"))
    for table in ("launches", "launch_touches"):
        grant(table)
        own_by_partner(table)
