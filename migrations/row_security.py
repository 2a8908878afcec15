"""What every migration says about who may see and change the rows of a table, in a few words.

PostgreSQL knows who acts from `tcma.scope`, `tcma.partner_id` and `tcma.user_id`, set at the start of each transaction.
When nothing is set, nothing is visible: deny by default.
"""

from collections.abc import Iterable

from alembic import op

APPLICATION_ROLE = "tcma_app"

# Asked in a query of its own, PostgreSQL answers it once for a statement and not once for each row.
_SCOPE = "(SELECT tcma_scope())"
_ALL = f"{_SCOPE} IN ('brand', 'system')"
_OWN = f"({_SCOPE} = 'partner' AND partner_id = (SELECT tcma_partner_id()))"


def grant(table: str, verbs: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Let the application use a table."""
    op.execute(f"GRANT {verbs} ON {table} TO {APPLICATION_ROLE}")


def _enable(table: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def own_by_partner(table: str) -> None:
    """Show a partner its own rows only; the brand and the service see all. Needs a column partner_id."""
    _enable(table)
    op.execute(f"CREATE POLICY partner_or_brand ON {table} USING ({_ALL} OR {_OWN}) WITH CHECK ({_ALL} OR {_OWN})")


def own_by_partner_only(table: str) -> None:
    """Show a partner its own rows only, and nobody else any: no brand role, no job that does not act as the partner."""
    _enable(table)
    op.execute(f"CREATE POLICY partner_only ON {table} USING ({_OWN}) WITH CHECK ({_OWN})")


def own_by_partner_and_service(table: str) -> None:
    """Show a partner its own rows only, and the service all; no brand role sees any. Needs a column partner_id."""
    _enable(table)
    seen = f"({_SCOPE} = 'system' OR {_OWN})"
    op.execute(f"CREATE POLICY partner_and_service ON {table} USING {seen} WITH CHECK {seen}")


def own_by_brand(table: str) -> None:
    """Show the rows to the brand and the service only, whomever they name."""
    _enable(table)
    op.execute(f"CREATE POLICY brand_only ON {table} USING ({_ALL}) WITH CHECK ({_ALL})")


def brand_writes(table: str) -> None:
    """Let everybody who is signed in read, and only the brand and the service write."""
    _enable(table)
    everybody = f"{_SCOPE} IN ('brand', 'system', 'partner')"
    op.execute(f"CREATE POLICY everybody_reads ON {table} FOR SELECT USING ({everybody})")
    op.execute(f"CREATE POLICY brand_inserts ON {table} FOR INSERT WITH CHECK ({_ALL})")
    op.execute(f"CREATE POLICY brand_updates ON {table} FOR UPDATE USING ({_ALL}) WITH CHECK ({_ALL})")
    op.execute(f"CREATE POLICY brand_deletes ON {table} FOR DELETE USING ({_ALL})")


def partner_reads(table: str) -> None:
    """Show a partner its own rows, which only the brand and the service write. Needs a column partner_id."""
    _enable(table)
    op.execute(f"CREATE POLICY own_or_brand_reads ON {table} FOR SELECT USING ({_ALL} OR {_OWN})")
    op.execute(f"CREATE POLICY brand_inserts ON {table} FOR INSERT WITH CHECK ({_ALL})")
    op.execute(f"CREATE POLICY brand_updates ON {table} FOR UPDATE USING ({_ALL}) WITH CHECK ({_ALL})")
    op.execute(f"CREATE POLICY brand_deletes ON {table} FOR DELETE USING ({_ALL})")


def own_and_the_brands(table: str) -> None:
    """Let a partner read its own rows and those without a partner, and write its own; the brand and the service all."""
    _enable(table)
    of_the_brand = f"({_SCOPE} = 'partner' AND partner_id IS NULL)"
    may_write = f"({_ALL} OR {_OWN})"
    op.execute(f"CREATE POLICY own_and_brands_read ON {table} FOR SELECT USING ({_ALL} OR {_OWN} OR {of_the_brand})")
    op.execute(f"CREATE POLICY own_insert ON {table} FOR INSERT WITH CHECK {may_write}")
    op.execute(f"CREATE POLICY own_update ON {table} FOR UPDATE USING {may_write} WITH CHECK {may_write}")


def brand_only(table: str) -> None:
    """Show the rows to the brand and the service, and to no partner."""
    _enable(table)
    op.execute(f"CREATE POLICY brand_only ON {table} USING ({_ALL}) WITH CHECK ({_ALL})")


def answers_for_the_service(function: str, returns: str, query: str) -> None:
    """Make a function whose one query sees what the service sees, whoever asks; it must answer without telling whose.

    The scope is set inside, and set back: only a superuser may make functions that carry settings of ours.
    """
    op.execute(
        f"""
        CREATE FUNCTION {function} RETURNS {returns} LANGUAGE plpgsql AS $$
        #variable_conflict use_column
        DECLARE
            scope_before text := coalesce(current_setting('tcma.scope', true), '');
        BEGIN
            PERFORM set_config('tcma.scope', 'system', true);
            RETURN QUERY {query};
            PERFORM set_config('tcma.scope', scope_before, true);
        END $$
        """
    )


def append_only(table: str) -> None:
    """Refuse every change of a row that is there, to the owner of the table too."""
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE}")
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION tcma_refuse_change()"
    )


def one_of(column: str, words: Iterable[str]) -> str:
    """Return the CHECK that a text column holds one of some words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
