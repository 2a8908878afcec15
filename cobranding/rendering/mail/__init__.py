"""E-mails: compiled once per template version, filled once per partner and locale."""
