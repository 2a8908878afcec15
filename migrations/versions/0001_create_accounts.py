"""Create the application role, the words of row security, and the frame's own tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.row_security import answers_for_the_service, append_only, brand_writes, grant, one_of, own_by_partner

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = ("admin", "marketing", "channel_manager", "finance", "owner", "marketer")
TIERS = ("platinum", "gold", "silver", "registered")


def upgrade() -> None:
    create_words_of_row_security()
    create_accounts()
    create_audit()
    create_notifications()
    create_replays()


def create_words_of_row_security() -> None:
    op.execute(
        """
        DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'tcma_app') THEN
                CREATE ROLE tcma_app NOLOGIN NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
        """
    )
    # An owner that may not grant it has it already, from an administrator.
    op.execute(
        """
        DO $$ BEGIN
            IF NOT pg_has_role(current_user, 'tcma_app', 'MEMBER') THEN
                EXECUTE format('GRANT tcma_app TO %I', current_user);
            END IF;
        END $$;
        """
    )
    op.execute("GRANT USAGE ON SCHEMA public TO tcma_app")
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    op.execute("GRANT SELECT ON alembic_version TO tcma_app")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO tcma_app")
    op.execute(
        "CREATE FUNCTION tcma_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE"
        " AS $$ SELECT current_setting('tcma.scope', true) $$"
    )
    op.execute(
        "CREATE FUNCTION tcma_partner_id() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE"
        " AS $$ SELECT nullif(current_setting('tcma.partner_id', true), '')::bigint $$"
    )
    op.execute(
        "CREATE FUNCTION tcma_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )


def identity() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=False), primary_key=True)


def instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def create_accounts() -> None:
    op.create_table(
        "brands",
        identity(),
        words("name"),
        words("legal_name"),
        words("postal_address"),
        words("email"),
        words("web"),
        words("locale"),
        words("time_zone"),
        sa.Column("the_only_one", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.UniqueConstraint("the_only_one", name="uq_brands_the_only_one"),
        sa.CheckConstraint("the_only_one", name="ck_brands_one_brand_per_deployment"),
    )
    grant("brands")
    brand_writes("brands")
    op.create_table(
        "partners",
        identity(),
        *(words(name) for name in PARTNER_WORDS),
        sa.Column("specialties", JSONB, nullable=False),
        sa.Column("social", JSONB, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        instant("created_at"),
        instant("updated_at"),
        sa.CheckConstraint(one_of("tier", TIERS), name="ck_partners_tier"),
    )
    grant("partners")
    op.execute("ALTER TABLE partners ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE partners FORCE ROW LEVEL SECURITY")
    own = "tcma_scope() IN ('brand', 'system') OR (tcma_scope() = 'partner' AND id = tcma_partner_id())"
    op.execute(f"CREATE POLICY itself_or_brand ON partners USING ({own}) WITH CHECK ({own})")
    op.create_table(
        "users",
        identity(),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        words("email"),
        words("name"),
        words("password_hash", nullable=True),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("session_epoch", sa.BigInteger, nullable=False),
        instant("last_seen_at", nullable=True),
        instant("created_at"),
        instant("updated_at"),
        sa.CheckConstraint("email = lower(email)", name="ck_users_email_is_lower"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    grant("users")
    own_by_partner("users")
    # A partner's command tells finance that something waits: it may learn whom to tell (ids), and nothing about them.
    answers_for_the_service(
        "tcma_people_with_role(wanted text)",
        "SETOF bigint",
        "SELECT id FROM users WHERE partner_id IS NULL AND is_active AND roles ? wanted ORDER BY id",
    )
    answers_for_the_service(
        "tcma_address_is_taken(wanted text)",
        "SETOF boolean",
        "SELECT EXISTS (SELECT 1 FROM users WHERE email = wanted)",
    )
    op.create_table(
        "single_use_links",
        identity(),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id"), nullable=False, index=True),
        words("purpose"),
        instant("expires_at"),
        instant("used_at", nullable=True),
        *owed_mail(),
        instant("created_at"),
        sa.CheckConstraint(one_of("purpose", ("invitation", "password_reset")), name="ck_single_use_links_purpose"),
    )
    grant("single_use_links")
    own_by_partner("single_use_links")
    op.create_table(
        "api_tokens",
        identity(),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id"), nullable=False, index=True),
        words("name"),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("scopes", JSONB, nullable=True),
        instant("expires_at"),
        instant("revoked_at", nullable=True),
        instant("last_used_at", nullable=True),
        instant("created_at"),
    )
    grant("api_tokens")
    own_by_partner("api_tokens")


def owed_mail() -> list[sa.Column[object]]:
    return [
        instant("mail_due_at", nullable=True),
        sa.Column("mail_tries", sa.BigInteger, nullable=False),
        instant("mailed_at", nullable=True),
    ]


PARTNER_WORDS = (
    "legal_name",
    "trade_name",
    "contact_person",
    "email",
    "phone",
    "web",
    "street",
    "postal_code",
    "city",
    "country",
    "locale",
    "time_zone",
    "tier",
    "region",
)


def create_audit() -> None:
    op.create_table(
        "audit_entries",
        identity(),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        instant("at"),
        sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id"), nullable=True, index=True),
        words("actor_name"),
        words("action"),
        words("noun"),
        sa.Column("noun_id", sa.BigInteger, nullable=True),
        sa.Column("before", JSONB, nullable=True),
        sa.Column("after", JSONB, nullable=True),
        sa.Column("details", JSONB, nullable=False),
    )
    op.create_index("ix_audit_entries_noun_noun_id", "audit_entries", ["noun", "noun_id"])
    grant("audit_entries", "SELECT, INSERT")
    own_by_partner("audit_entries")
    append_only("audit_entries")


def create_notifications() -> None:
    op.create_table(
        "notifications",
        identity(),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        sa.Column("user_id", sa.BigInteger, sa.ForeignKey("users.id"), nullable=False, index=True),
        words("kind"),
        words("title"),
        words("body"),
        words("link"),
        instant("created_at"),
        instant("read_at", nullable=True),
        *owed_mail(),
    )
    grant("notifications")
    op.execute("ALTER TABLE notifications ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notifications FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY addressee ON notifications FOR SELECT USING (tcma_scope() = 'system'"
        " OR user_id = nullif(current_setting('tcma.user_id', true), '')::bigint)"
    )
    op.execute(
        "CREATE POLICY addressee_reads ON notifications FOR UPDATE USING (tcma_scope() = 'system'"
        " OR user_id = nullif(current_setting('tcma.user_id', true), '')::bigint)"
    )
    op.execute("CREATE POLICY anybody_tells ON notifications FOR INSERT WITH CHECK (tcma_scope() IS NOT NULL)")


def create_replays() -> None:
    op.create_table(
        "replays",
        identity(),
        sa.Column("partner_id", sa.BigInteger, sa.ForeignKey("partners.id"), nullable=True, index=True),
        words("organization"),
        words("key"),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.BigInteger, nullable=True),
        sa.Column("answer", sa.LargeBinary, nullable=True),
        instant("created_at"),
        sa.UniqueConstraint("organization", "key", name="uq_replays_organization_key"),
    )
    grant("replays")
    own_by_partner("replays")


def downgrade() -> None:
    op.execute("DROP FUNCTION tcma_address_is_taken(text)")
    op.execute("DROP FUNCTION tcma_people_with_role(text)")
    for table in ("replays", "notifications", "audit_entries", "api_tokens", "single_use_links", "users"):
        op.drop_table(table)
    op.drop_table("partners")
    op.drop_table("brands")
    for function in ("tcma_refuse_change", "tcma_partner_id", "tcma_scope"):
        op.execute(f"DROP FUNCTION {function}()")
