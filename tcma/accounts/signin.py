"""Signing in and out: passwords, single-use links, browser sessions, API tokens.

Passwords are hashed with argon2id, outside any transaction because that takes a while on purpose. An unknown address
costs as much time, and is answered with the same sentence, as a wrong password.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import session as browser

from tcma.accounts import queries, rules, service, visits
from tcma.accounts.errors import LinkExpired, TooManyTries, WrongCredentials
from tcma.accounts.model import ApiToken
from tcma.accounts.rules import LinkPurpose
from tcma.audit import service as audit
from tcma.infra import cache, crypto
from tcma.infra.db import reading, transaction
from tcma.kernel import clock
from tcma.kernel.actor import SYSTEM, Actor
from tcma.kernel.permissions import Permission

_hasher = PasswordHasher()
# The hash of nothing that anybody knows, so that an unknown address takes as long as a known one.
_NOBODY = _hasher.hash(crypto.random_token())


class Doorkeeper:
    """Know people by their token or their browser session."""

    def by_token(self, token: str) -> Actor | None:
        """Return the actor of a live API token, or None."""
        with reading(SYSTEM):
            row = queries.live_token(crypto.fingerprint(token))
            user = None if row is None else queries.user(SYSTEM, row.user_id)
        if row is None or user is None or not user.is_active:
            return None
        only = None if row.scopes is None else frozenset(Permission(scope) for scope in row.scopes)
        return service.actor_of(user, only=only)

    def by_session(self) -> Actor | None:
        """Return the actor of the browser's session, or None when it ended."""
        user_id = browser.get("user_id")
        if user_id is None:
            return None
        with reading(SYSTEM):
            found = queries.person(user_id)
        if found is None or not found.is_active or found.session_epoch != browser.get("epoch"):
            browser.clear()
            return None
        if visits.has_ended():
            browser.clear()
            return None
        return service.actor_of(found, only=visits.MAY if visits.is_visit() else None)


def sign_in(*, email: str, password: str, network: str) -> Actor:
    """Return the person that an address and a password belong to. Raises WrongCredentials, TooManyTries.

    `network` is the network address of whoever tries.
    """
    address = email.strip().lower()
    network_key = f"sign-in-from:{network}"
    tries_key = "sign-in:" + crypto.keyed_hash("sign-in", address).hex()
    if (
        cache.count_up(tries_key, window_s=rules.TRY_WINDOW_S) > rules.TRIES_PER_ADDRESS
        or cache.count_up(network_key, window_s=rules.TRY_WINDOW_S) > rules.TRIES_PER_NETWORK
    ):
        raise TooManyTries
    with reading(SYSTEM):
        user = queries.user_by_email(address)
    right = _matches(user.password_hash if user and user.password_hash else _NOBODY, password)
    if user is None or not user.is_active or not right:
        raise WrongCredentials
    cache.forget(tries_key)
    cache.count_down(network_key)
    with transaction(SYSTEM):
        user = queries.user(SYSTEM, user.id)
        service.last_seen(user, clock.now())
        actor = service.actor_of(user)
        audit.record(actor, "accounts.user.signed_in", user)
    return actor


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password[: rules.LONGEST_PASSWORD + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


def start_session(actor: Actor) -> None:
    """Let the browser that asks stay signed in as a person."""
    with reading(SYSTEM):
        user = queries.user(SYSTEM, actor.user_id or 0)
    browser.clear()
    browser.permanent = True
    browser["user_id"] = user.id
    browser["epoch"] = user.session_epoch


def end_session(actor: Actor) -> None:
    """Sign a person out, in every browser: a copy of the cookie is worth nothing afterwards."""
    browser.clear()
    with transaction(SYSTEM):
        service.end_sessions(queries.user(SYSTEM, actor.user_id or 0))


def sign_in_token(*, email: str, password: str, network: str) -> tuple[str, ApiToken]:
    """Return an API token for an address and a password, for scripts. Raises WrongCredentials, TooManyTries."""
    actor = sign_in(email=email, password=password, network=network)
    with transaction(actor):
        return service.issue_token(actor, name="sign-in", lives=rules.SIGN_IN_TOKEN_LIVES)


def ask_for_reset(*, email: str, network: str) -> None:
    """Send a password reset if the address belongs to somebody; whoever asks cannot tell. Raises TooManyTries."""
    address = email.strip().lower()
    asked_key = "reset:" + crypto.keyed_hash("reset", address).hex()
    if (
        cache.count_up(asked_key, window_s=rules.TRY_WINDOW_S) > rules.RESETS_PER_ADDRESS
        or cache.count_up(f"reset-from:{network}", window_s=rules.TRY_WINDOW_S) > rules.TRIES_PER_NETWORK
    ):
        raise TooManyTries
    with transaction(SYSTEM):
        service.send_reset(SYSTEM, email=address)


def use_link(*, token: str, purpose: LinkPurpose, password: str) -> Actor:
    """Set the password of the person that a single-use link is for; their sessions and tokens end.

    Raises LinkExpired, WeakPassword.
    """
    rules.check_password(password)
    password_hash = _hasher.hash(password)
    with transaction(SYSTEM):
        link = service.accepted_by(token, purpose)
        if link is None:
            raise LinkExpired
        user = service.user_of_link(link)
        if not user.is_active:
            raise LinkExpired
        user.password_hash = password_hash
        service.end_access(user)
        actor = service.actor_of(user)
        audit.record(actor, f"accounts.{purpose}.used", user)
    return actor


def whose_link(*, token: str, purpose: LinkPurpose) -> str:
    """Return the address of the person that a link is for. Raises LinkExpired."""
    with transaction(SYSTEM):
        link = service.accepted_by(token, purpose)
        if link is None:
            raise LinkExpired
        return service.user_of_link(link).email


def change_password(actor: Actor, *, present: str, password: str) -> None:
    """Set a new password for whoever is signed in; their sessions and tokens end.

    Raises WrongCredentials, WeakPassword.
    """
    rules.check_password(password)
    if cache.count_up(f"change-password:{actor.user_id}", window_s=rules.TRY_WINDOW_S) > rules.TRIES_PER_ADDRESS:
        raise TooManyTries
    with reading(SYSTEM):
        user = queries.user(SYSTEM, actor.user_id or 0)
    if not _matches(user.password_hash or _NOBODY, present):
        raise WrongCredentials(errors={"present": ["This is not your present password."]})
    set_password(user.id, password)


def set_password(user_id: int, password: str) -> None:
    """Set a person's password, from the command line or after they proved who they are. Raises WeakPassword."""
    rules.check_password(password)
    password_hash = _hasher.hash(password)
    with transaction(SYSTEM):
        user = queries.user(SYSTEM, user_id)
        user.password_hash = password_hash
        service.end_access(user)
        audit.record(SYSTEM, "accounts.user.password_set", user)
