"""Alembic migrations: versions/NNNN_<verb>_<noun>.py in one line, and the SQL that puts row security on a table."""
