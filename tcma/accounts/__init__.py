"""The brand, its partners, and the people of both: profiles, roles, sign-in, invitations, tokens.

Words: a *user* is a person with one or more roles, at the brand (no partner) or at one partner; a *single-use link* is
an invitation or a password reset; an *API token* is shown once and kept as a fingerprint. Every room may call the
service.
"""
