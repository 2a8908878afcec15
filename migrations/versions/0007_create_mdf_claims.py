"""Claims with proofs, approvals and fingerprints; payment batches and their items."""

from alembic import op

from migrations.row_security import answers_for_the_service, append_only, grant, own_by_partner

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REASONS = """'invoice_unreadable', 'invoice_not_to_partner', 'amount_differs', 'outside_dates', 'not_in_request',
        'cost_excluded', 'proof_insufficient', 'brand_rules_broken', 'duplicate', 'other'"""
STATES = """'draft', 'submitted', 'info_requested', 'approved', 'payable', 'paid', 'reversed', 'rejected', 'disputed',
        'withdrawn', 'expired'"""

TABLES = f"""
CREATE TABLE mdf_claims (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_claims PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_claims_partner_id REFERENCES partners,
    request_id BIGINT NOT NULL CONSTRAINT fk_mdf_claims_request_id REFERENCES mdf_requests,
    state TEXT NOT NULL CONSTRAINT ck_mdf_claims_state CHECK (state IN ({STATES})),
    title TEXT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_mdf_claims_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
    supplier TEXT NOT NULL,
    supplier_tax_id TEXT NOT NULL,
    invoice_number TEXT NOT NULL,
    invoiced_on DATE,
    net_minor BIGINT,
    tax_minor BIGINT,
    asked_minor BIGINT,
    figures JSONB NOT NULL,
    evidence JSONB NOT NULL,
    note TEXT NOT NULL,
    worked_on_by JSONB NOT NULL,
    submitted_at TIMESTAMPTZ,
    decide_by_on DATE,
    asked_at TIMESTAMPTZ,
    answer_by_on DATE,
    waited_business_days BIGINT NOT NULL,
    decided_at TIMESTAMPTZ,
    rejected_by BIGINT,
    reason TEXT CONSTRAINT ck_mdf_claims_reason CHECK (reason IN ({REASONS})),
    reason_text TEXT NOT NULL,
    reason_fix TEXT NOT NULL,
    approved_minor BIGINT,
    accepted_cost_minor BIGINT,
    pay_by_on DATE,
    paid_on DATE,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_mdf_claims_approved
        CHECK ((state IN ('approved', 'payable', 'paid', 'reversed')) = (approved_minor IS NOT NULL)),
    CONSTRAINT ck_mdf_claims_amounts
        CHECK ((approved_minor IS NULL AND accepted_cost_minor IS NULL)
               OR (approved_minor > 0 AND accepted_cost_minor > 0 AND accepted_cost_minor <= net_minor))
);
CREATE INDEX ix_mdf_claims_partner_id ON mdf_claims (partner_id);
CREATE INDEX ix_mdf_claims_request_id ON mdf_claims (request_id);
CREATE INDEX ix_mdf_claims_queue ON mdf_claims (state, submitted_at);

CREATE TABLE mdf_claim_proofs (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_claim_proofs PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_proofs_partner_id REFERENCES partners,
    claim_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_proofs_claim_id REFERENCES mdf_claims,
    proof TEXT NOT NULL,
    asset_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_proofs_asset_id REFERENCES assets,
    sha256 TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    attached_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT uq_mdf_claim_proofs_asset UNIQUE (claim_id, proof, asset_id)
);
CREATE INDEX ix_mdf_claim_proofs_partner_id ON mdf_claim_proofs (partner_id);
CREATE INDEX ix_mdf_claim_proofs_claim_id ON mdf_claim_proofs (claim_id);
CREATE INDEX ix_mdf_claim_proofs_asset_id ON mdf_claim_proofs (asset_id);

CREATE TABLE mdf_claim_approvals (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_claim_approvals PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_approvals_partner_id REFERENCES partners,
    claim_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_approvals_claim_id REFERENCES mdf_claims,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    accepted_cost_minor BIGINT NOT NULL,
    share_percent NUMERIC(5, 2) NOT NULL,
    in_full BOOLEAN NOT NULL,
    money_hash TEXT NOT NULL,
    rule_results JSONB NOT NULL,
    reason TEXT CONSTRAINT ck_mdf_claim_approvals_reason CHECK (reason IN ({REASONS})),
    note TEXT NOT NULL,
    approved_by BIGINT NOT NULL,
    approved_by_name TEXT NOT NULL,
    approved_at TIMESTAMPTZ NOT NULL,
    voided_at TIMESTAMPTZ,
    void_reason TEXT NOT NULL,
    CONSTRAINT ck_mdf_claim_approvals_amounts CHECK (amount_minor > 0 AND accepted_cost_minor > 0)
);
CREATE INDEX ix_mdf_claim_approvals_partner_id ON mdf_claim_approvals (partner_id);
CREATE INDEX ix_mdf_claim_approvals_claim_id ON mdf_claim_approvals (claim_id);
CREATE UNIQUE INDEX uq_mdf_claim_approvals_in_force ON mdf_claim_approvals (claim_id) WHERE voided_at IS NULL;

CREATE TABLE mdf_claim_fingerprints (
    kind TEXT NOT NULL CONSTRAINT ck_mdf_claim_fingerprints_kind CHECK (kind IN ('invoice', 'file')),
    digest TEXT NOT NULL,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_fingerprints_partner_id REFERENCES partners,
    claim_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_fingerprints_claim_id REFERENCES mdf_claims,
    CONSTRAINT pk_mdf_claim_fingerprints PRIMARY KEY (kind, digest)
);
CREATE INDEX ix_mdf_claim_fingerprints_partner_id ON mdf_claim_fingerprints (partner_id);
CREATE INDEX ix_mdf_claim_fingerprints_claim_id ON mdf_claim_fingerprints (claim_id);

CREATE TABLE mdf_claim_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_claim_events PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_events_partner_id REFERENCES partners,
    claim_id BIGINT NOT NULL CONSTRAINT fk_mdf_claim_events_claim_id REFERENCES mdf_claims,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_mdf_claim_events_state CHECK (state IN ({STATES})),
    by_user_id BIGINT,
    by_name TEXT NOT NULL,
    note TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_mdf_claim_events_partner_id ON mdf_claim_events (partner_id);
CREATE INDEX ix_mdf_claim_events_claim_id ON mdf_claim_events (claim_id);

CREATE TABLE mdf_payment_batches (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_payment_batches PRIMARY KEY,
    state TEXT NOT NULL CONSTRAINT ck_mdf_payment_batches_state
        CHECK (state IN ('draft', 'released', 'exported', 'settled', 'cancelled')),
    currency TEXT NOT NULL,
    pay_on DATE NOT NULL,
    note TEXT NOT NULL,
    prepared_by BIGINT NOT NULL,
    prepared_by_name TEXT NOT NULL,
    released_by BIGINT,
    released_by_name TEXT NOT NULL,
    released_at TIMESTAMPTZ,
    exported_by BIGINT,
    exported_at TIMESTAMPTZ,
    file_sha256 TEXT,
    settled_at TIMESTAMPTZ,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_mdf_payment_batches_released CHECK ((released_by IS NULL) = (released_at IS NULL)),
    CONSTRAINT ck_mdf_payment_batches_second_person CHECK (released_by IS NULL OR released_by <> prepared_by)
);
CREATE INDEX ix_mdf_payment_batches_state ON mdf_payment_batches (state);

CREATE TABLE mdf_payments (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_mdf_payments PRIMARY KEY,
    partner_id BIGINT NOT NULL CONSTRAINT fk_mdf_payments_partner_id REFERENCES partners,
    batch_id BIGINT NOT NULL CONSTRAINT fk_mdf_payments_batch_id REFERENCES mdf_payment_batches,
    claim_id BIGINT NOT NULL CONSTRAINT fk_mdf_payments_claim_id REFERENCES mdf_claims,
    approval_id BIGINT NOT NULL CONSTRAINT fk_mdf_payments_approval_id REFERENCES mdf_claim_approvals,
    approved_by BIGINT NOT NULL,
    state TEXT NOT NULL CONSTRAINT ck_mdf_payments_state CHECK (state IN ('waiting', 'settled', 'failed', 'removed')),
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_mdf_payments_amount CHECK (amount_minor > 0),
    payee TEXT NOT NULL,
    reference TEXT NOT NULL,
    title TEXT NOT NULL,
    supplier_invoice TEXT NOT NULL,
    paid_on DATE,
    bank_reference TEXT NOT NULL,
    settled_by BIGINT,
    failure TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT ck_mdf_payments_paid_on CHECK ((state = 'settled') = (paid_on IS NOT NULL))
);
CREATE INDEX ix_mdf_payments_partner_id ON mdf_payments (partner_id);
CREATE INDEX ix_mdf_payments_batch_id ON mdf_payments (batch_id);
CREATE INDEX ix_mdf_payments_claim_id ON mdf_payments (claim_id);
CREATE INDEX ix_mdf_payments_state ON mdf_payments (state);
CREATE UNIQUE INDEX uq_mdf_payments_live_claim ON mdf_payments (claim_id) WHERE state IN ('waiting', 'settled');
"""

# An approval is voided, never changed or deleted.
FUNCTIONS = """
CREATE FUNCTION mdf_keep_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.voided_at IS NOT NULL
        OR (to_jsonb(NEW) - ARRAY['voided_at', 'void_reason']) <> (to_jsonb(OLD) - ARRAY['voided_at', 'void_reason'])
    THEN
        RAISE EXCEPTION 'an approval is voided, never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mdf_claim_approvals_keep BEFORE UPDATE OR DELETE ON mdf_claim_approvals
    FOR EACH ROW EXECUTE FUNCTION mdf_keep_approval();
"""

OWNED = (
    "mdf_claims",
    "mdf_claim_proofs",
    "mdf_claim_approvals",
    "mdf_claim_fingerprints",
    "mdf_claim_events",
    "mdf_payments",
)
BRAND_ONLY = "tcma_scope() IN ('brand', 'system')"


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    # Whether another claim of any partner has a fingerprint: yes or no, never whose.
    answers_for_the_service(
        "mdf_taken_fingerprints(own_claim BIGINT, wanted TEXT[])",
        "TABLE (kind TEXT, digest TEXT)",
        "SELECT f.kind, f.digest FROM mdf_claim_fingerprints f"
        " WHERE f.digest = ANY (wanted) AND f.claim_id <> own_claim",
    )
    for table in OWNED:
        grant(table)
        own_by_partner(table)
    grant("mdf_payment_batches")
    op.execute("ALTER TABLE mdf_payment_batches ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE mdf_payment_batches FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY brand_only ON mdf_payment_batches USING ({BRAND_ONLY}) WITH CHECK ({BRAND_ONLY})")
    append_only("mdf_claim_events")


def downgrade() -> None:
    for table in (
        "mdf_payments",
        "mdf_payment_batches",
        "mdf_claim_events",
        "mdf_claim_fingerprints",
        "mdf_claim_approvals",
        "mdf_claim_proofs",
        "mdf_claims",
    ):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION mdf_taken_fingerprints(bigint, text[])")
    op.execute("DROP FUNCTION mdf_keep_approval()")
