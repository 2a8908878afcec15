"""Typed ids: all are positive 64-bit integers given by PostgreSQL, and the type checker keeps them apart."""

from typing import NewType

PartnerId = NewType("PartnerId", int)
UserId = NewType("UserId", int)
