"""Programs, funds, requests and the ledger, whose invariants PostgreSQL itself holds."""

from alembic import op

from migrations.row_security import append_only, brand_writes, grant, own_by_partner

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE mdf_programs (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_programs PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT uq_mdf_programs_name UNIQUE,
    summary TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE mdf_program_versions (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_program_versions PRIMARY KEY,
    program_id BIGINT NOT NULL CONSTRAINT fk_mdf_program_versions_program_id REFERENCES mdf_programs,
    number INTEGER NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_mdf_program_versions_state CHECK (state IN ('draft', 'published')),
    valid_from_on DATE,
    document JSONB NOT NULL,
    published_at TIMESTAMPTZ,
    published_by BIGINT,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_mdf_program_versions_number UNIQUE (program_id, number),
    CONSTRAINT ck_mdf_program_versions_dated
        CHECK (state = 'draft' OR (valid_from_on IS NOT NULL AND published_at IS NOT NULL))
);
CREATE INDEX ix_mdf_program_versions_program_id ON mdf_program_versions (program_id);
CREATE UNIQUE INDEX uq_mdf_program_versions_one_draft ON mdf_program_versions (program_id) WHERE state = 'draft';

CREATE TABLE mdf_funds (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_funds PRIMARY KEY,
    program_id BIGINT NOT NULL CONSTRAINT fk_mdf_funds_program_id REFERENCES mdf_programs,
    name TEXT NOT NULL CONSTRAINT uq_mdf_funds_name UNIQUE,
    currency TEXT NOT NULL CONSTRAINT ck_mdf_funds_currency CHECK (currency ~ '^[A-Z]{3}$'),
    period_start_on DATE NOT NULL,
    period_end_on DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_mdf_funds_id_currency UNIQUE (id, currency),
    CONSTRAINT ck_mdf_funds_period CHECK (period_start_on <= period_end_on)
);
CREATE INDEX ix_mdf_funds_program_id ON mdf_funds (program_id);

CREATE TABLE mdf_allocations (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_allocations PRIMARY KEY,
    fund_id BIGINT NOT NULL CONSTRAINT fk_mdf_allocations_fund_id REFERENCES mdf_funds,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_allocations_partner_id REFERENCES partners,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_mdf_allocations_fund_partner UNIQUE (fund_id, partner_id),
    CONSTRAINT uq_mdf_allocations_id_partner UNIQUE (id, partner_id)
);
CREATE INDEX ix_mdf_allocations_partner_id ON mdf_allocations (partner_id);

CREATE TABLE mdf_requests (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_requests PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_requests_partner_id REFERENCES partners,
    allocation_id BIGINT NOT NULL,
    fund_id BIGINT NOT NULL CONSTRAINT fk_mdf_requests_fund_id REFERENCES mdf_funds,
    program_id BIGINT NOT NULL CONSTRAINT fk_mdf_requests_program_id REFERENCES mdf_programs,
    currency TEXT NOT NULL,
    activity_type TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    launch_id BIGINT,
    state TEXT NOT NULL CONSTRAINT ck_mdf_requests_state CHECK (state IN
        ('draft', 'submitted', 'info_requested', 'approved', 'rejected', 'declined', 'withdrawn', 'expired', 'closed')),
    cost_minor BIGINT NOT NULL,
    requested_minor BIGINT NOT NULL,
    created_by BIGINT,
    submitted_at TIMESTAMPTZ,
    submitted_by BIGINT,
    decided_at TIMESTAMPTZ,
    decided_by BIGINT,
    program_version_id BIGINT CONSTRAINT fk_mdf_requests_program_version_id REFERENCES mdf_program_versions,
    approved_minor BIGINT,
    share_percent NUMERIC(5, 2),
    claim_until_on DATE,
    answer_by_on DATE,
    proof_list JSONB,
    rule_results JSONB,
    approval_hash BYTEA,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT fk_mdf_requests_allocation_partner
        FOREIGN KEY (allocation_id, partner_id) REFERENCES mdf_allocations (id, partner_id),
    CONSTRAINT ck_mdf_requests_dates CHECK (starts_on <= ends_on),
    CONSTRAINT ck_mdf_requests_amounts CHECK (cost_minor >= 0 AND requested_minor >= 0),
    CONSTRAINT ck_mdf_requests_approved
        CHECK (approved_minor IS NULL OR (approved_minor > 0 AND approved_minor <= requested_minor)),
    CONSTRAINT ck_mdf_requests_approval_hash
        CHECK ((state IN ('approved', 'closed')) = (approval_hash IS NOT NULL))
);
CREATE INDEX ix_mdf_requests_partner_id ON mdf_requests (partner_id);
CREATE INDEX ix_mdf_requests_allocation_id ON mdf_requests (allocation_id);
CREATE INDEX ix_mdf_requests_fund_id ON mdf_requests (fund_id);
CREATE INDEX ix_mdf_requests_state ON mdf_requests (state);

CREATE TABLE mdf_request_lines (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_request_lines PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_request_lines_partner_id REFERENCES partners,
    request_id BIGINT NOT NULL CONSTRAINT fk_mdf_request_lines_request_id REFERENCES mdf_requests,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    description TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_mdf_request_lines_amount CHECK (amount_minor > 0),
    currency TEXT NOT NULL
);
CREATE INDEX ix_mdf_request_lines_partner_id ON mdf_request_lines (partner_id);
CREATE INDEX ix_mdf_request_lines_request_id ON mdf_request_lines (request_id);

CREATE TABLE mdf_request_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_request_events PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_request_events_partner_id REFERENCES partners,
    request_id BIGINT NOT NULL CONSTRAINT fk_mdf_request_events_request_id REFERENCES mdf_requests,
    kind TEXT NOT NULL CONSTRAINT ck_mdf_request_events_kind CHECK (kind IN
        ('drafted', 'edited', 'submitted', 'asked', 'answered', 'approved', 'rejected', 'declined', 'withdrawn',
         'expired', 'closed', 'linked')),
    state TEXT NOT NULL,
    by_user_id BIGINT,
    by_name TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_mdf_request_events_partner_id ON mdf_request_events (partner_id);
CREATE INDEX ix_mdf_request_events_request_id ON mdf_request_events (request_id);

CREATE TABLE ledger_accounts (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_ledger_accounts PRIMARY KEY,
    fund_id BIGINT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT ck_ledger_accounts_kind CHECK (kind IN
        ('funding', 'unallocated', 'available', 'pending', 'committed', 'payable', 'paid', 'expired', 'clawed_back')),
    partner_id BIGINT CONSTRAINT fk_ledger_accounts_partner_id REFERENCES partners,
    allocation_id BIGINT CONSTRAINT fk_ledger_accounts_allocation_id REFERENCES mdf_allocations,
    request_id BIGINT CONSTRAINT fk_ledger_accounts_request_id REFERENCES mdf_requests,
    -- The claims' own migration comes after this one, so there is no foreign key for them here.
    claim_id BIGINT,
    currency TEXT NOT NULL,
    may_go_negative BOOLEAN NOT NULL,
    CONSTRAINT uq_ledger_accounts_key UNIQUE NULLS NOT DISTINCT (fund_id, kind, allocation_id, request_id, claim_id),
    CONSTRAINT uq_ledger_accounts_id_currency UNIQUE (id, currency),
    CONSTRAINT fk_ledger_accounts_fund_currency FOREIGN KEY (fund_id, currency) REFERENCES mdf_funds (id, currency),
    CONSTRAINT ck_ledger_accounts_negative CHECK (may_go_negative = (kind = 'funding')),
    CONSTRAINT ck_ledger_accounts_depth CHECK (
        (kind IN ('funding', 'unallocated')) = (allocation_id IS NULL)
        AND (allocation_id IS NULL) = (partner_id IS NULL)
        AND (kind IN ('pending', 'committed', 'payable', 'paid', 'clawed_back')) = (request_id IS NOT NULL)
        AND (kind IN ('payable', 'paid', 'clawed_back')) = (claim_id IS NOT NULL))
);
CREATE INDEX ix_ledger_accounts_partner_id ON ledger_accounts (partner_id);
CREATE INDEX ix_ledger_accounts_allocation_id ON ledger_accounts (allocation_id);
CREATE INDEX ix_ledger_accounts_request_id ON ledger_accounts (request_id);
CREATE INDEX ix_ledger_accounts_claim_id ON ledger_accounts (claim_id);

CREATE TABLE ledger_balances (
    account_id BIGINT NOT NULL CONSTRAINT pk_ledger_balances PRIMARY KEY
        CONSTRAINT fk_ledger_balances_account_id REFERENCES ledger_accounts,
    partner_id BIGINT CONSTRAINT fk_ledger_balances_partner_id REFERENCES partners,
    may_go_negative BOOLEAN NOT NULL,
    balance_minor BIGINT NOT NULL,
    CONSTRAINT ck_ledger_balances_not_negative CHECK (may_go_negative OR balance_minor >= 0)
) WITH (fillfactor = 50);
CREATE INDEX ix_ledger_balances_partner_id ON ledger_balances (partner_id);

CREATE TABLE ledger_chains (
    fund_id BIGINT NOT NULL CONSTRAINT pk_ledger_chains PRIMARY KEY
        CONSTRAINT fk_ledger_chains_fund_id REFERENCES mdf_funds,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE ledger_transactions (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_ledger_transactions PRIMARY KEY,
    fund_id BIGINT NOT NULL CONSTRAINT fk_ledger_transactions_fund_id REFERENCES mdf_funds,
    sequence BIGINT NOT NULL,
    partner_id BIGINT CONSTRAINT fk_ledger_transactions_partner_id REFERENCES partners,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    note TEXT NOT NULL,
    actor_id BIGINT,
    posted_at TIMESTAMPTZ NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL CONSTRAINT ck_ledger_transactions_hash CHECK (octet_length(hash) = 32),
    CONSTRAINT uq_ledger_transactions_fund_sequence UNIQUE (fund_id, sequence),
    CONSTRAINT uq_ledger_transactions_fund_reference UNIQUE (fund_id, reference)
);
CREATE INDEX ix_ledger_transactions_partner_id ON ledger_transactions (partner_id);

CREATE TABLE ledger_postings (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_ledger_postings PRIMARY KEY,
    transaction_id BIGINT NOT NULL CONSTRAINT fk_ledger_postings_transaction_id REFERENCES ledger_transactions,
    line INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    partner_id BIGINT CONSTRAINT fk_ledger_postings_partner_id REFERENCES partners,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_ledger_postings_not_zero CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    CONSTRAINT fk_ledger_postings_account_currency
        FOREIGN KEY (account_id, currency) REFERENCES ledger_accounts (id, currency)
);
CREATE INDEX ix_ledger_postings_account_id ON ledger_postings (account_id, id);
CREATE INDEX ix_ledger_postings_transaction_id ON ledger_postings (transaction_id);
CREATE INDEX ix_ledger_postings_partner_id ON ledger_postings (partner_id);
"""

# The functions run as the owner of the tables, so that the application needs no right to write balances and chains.
FUNCTIONS = r"""
CREATE FUNCTION ledger_start_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO ledger_balances (account_id, partner_id, may_go_negative, balance_minor)
    VALUES (NEW.id, NEW.partner_id, NEW.may_go_negative, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_accounts_start_balance AFTER INSERT ON ledger_accounts
    FOR EACH ROW EXECUTE FUNCTION ledger_start_balance();

CREATE FUNCTION ledger_start_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO ledger_chains (fund_id, sequence, hash) VALUES (NEW.id, 0, decode(repeat('00', 32), 'hex'));
    RETURN NULL;
END $$;
CREATE TRIGGER mdf_funds_start_chain AFTER INSERT ON mdf_funds
    FOR EACH ROW EXECUTE FUNCTION ledger_start_chain();

-- Locks the chain of a fund and then the balances in the order of their ids: everybody locks in this order.
CREATE FUNCTION ledger_lock(wanted_fund BIGINT, wanted_accounts BIGINT[])
    RETURNS TABLE (account_id BIGINT, balance_minor BIGINT, sequence BIGINT, hash BYTEA)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    chain ledger_chains;
BEGIN
    SELECT * INTO STRICT chain FROM ledger_chains c WHERE c.fund_id = wanted_fund FOR UPDATE;
    RETURN QUERY
        SELECT b.account_id, b.balance_minor, chain.sequence, chain.hash
        FROM ledger_balances b WHERE b.account_id = ANY (wanted_accounts) ORDER BY b.account_id FOR UPDATE;
END $$;

-- A transaction follows the one before it in its fund, and carries its hash.
CREATE FUNCTION ledger_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE ledger_chains SET sequence = NEW.sequence, hash = NEW.hash
    WHERE fund_id = NEW.fund_id AND sequence = NEW.sequence - 1 AND hash = NEW.previous_hash;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger transaction % of fund % does not follow the one before it', NEW.sequence, NEW.fund_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_transactions_link AFTER INSERT ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION ledger_link();

-- Entries are added only together with their transaction: a finished one is never continued.
CREATE FUNCTION ledger_keep_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added JOIN ledger_transactions t ON t.id = added.transaction_id
        WHERE t.xmin <> pg_current_xact_id()::xid
    ) THEN
        RAISE EXCEPTION 'a finished ledger transaction takes no more postings'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE ledger_balances b SET balance_minor = b.balance_minor + change.amount_minor
    FROM (SELECT account_id, sum(amount_minor)::BIGINT AS amount_minor FROM added GROUP BY account_id) change
    WHERE b.account_id = change.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_postings_keep_balances AFTER INSERT ON ledger_postings
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances();

-- Checked at commit, when all lines of the transaction are there.
CREATE FUNCTION ledger_check_sum() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transaction_id = NEW.id)
        OR EXISTS (
            SELECT 1 FROM ledger_postings p WHERE p.transaction_id = NEW.id
            GROUP BY p.currency HAVING sum(p.amount_minor) <> 0
        )
    THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transactions_check_sum AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_sum();

CREATE FUNCTION mdf_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'a published version of a program never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER mdf_program_versions_keep_published BEFORE UPDATE OR DELETE ON mdf_program_versions
    FOR EACH ROW EXECUTE FUNCTION mdf_keep_published();
"""

OWNED = (
    "mdf_allocations",
    "mdf_requests",
    "mdf_request_lines",
    "mdf_request_events",
    "ledger_accounts",
    "ledger_balances",
    "ledger_transactions",
    "ledger_postings",
)
WRITTEN_BY_BRAND = ("mdf_programs", "mdf_program_versions", "mdf_funds")
ONLY_ADDED_TO = ("ledger_accounts", "ledger_transactions", "ledger_postings", "mdf_request_events")
KEPT_BY_TRIGGERS = ("ledger_balances", "ledger_chains")


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for table in (*OWNED, *WRITTEN_BY_BRAND, "ledger_chains"):
        grant(table)
    for table in OWNED:
        own_by_partner(table)
    for table in WRITTEN_BY_BRAND:
        brand_writes(table)
    for table in ONLY_ADDED_TO:
        append_only(table)
    for table in KEPT_BY_TRIGGERS:
        op.execute(f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM tcma_app")
    # The owner's functions link every fund, whoever acts; the application reads the chains as brand or service only.
    op.execute("ALTER TABLE ledger_chains ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY brand_reads ON ledger_chains FOR SELECT USING (tcma_scope() IN ('brand', 'system'))")


def downgrade() -> None:
    op.execute("DROP TRIGGER mdf_funds_start_chain ON mdf_funds")
    for table in (
        "ledger_postings",
        "ledger_transactions",
        "ledger_chains",
        "ledger_balances",
        "ledger_accounts",
        "mdf_request_events",
        "mdf_request_lines",
        "mdf_requests",
        "mdf_allocations",
        "mdf_funds",
        "mdf_program_versions",
        "mdf_programs",
    ):
        op.execute(f"DROP TABLE {table}")
    for function in (
        "ledger_lock(bigint, bigint[])",
        "ledger_start_balance()",
        "ledger_start_chain()",
        "ledger_link()",
        "ledger_keep_balances()",
        "ledger_check_sum()",
        "mdf_keep_published()",
    ):
        op.execute(f"DROP FUNCTION {function}")
