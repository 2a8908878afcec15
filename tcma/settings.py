"""Everything the service is told from outside: environment variables, read once, all problems reported at once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """Report every missing or malformed name at once. `problems` maps a name to what would work."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        lines = [f"  {name}: {what}" for name, what in sorted(problems.items())]
        super().__init__("These settings need attention:\n" + "\n".join(lines))


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold the settings; each field is read from `TCMA_` and its name in capitals."""

    secret_key: str = field(repr=False, metadata={"help": "at least 32 characters, kept secret: signs and encrypts"})
    database_url: str = field(repr=False, metadata={"help": "postgresql://user:password@host/name"})
    redis_url: str = field(repr=False, metadata={"help": "redis://host:6379/0, Redis 6 or newer, or Valkey"})
    storage_url: str = field(metadata={"help": "file:///path or s3://bucket?endpoint=https://…"})
    smtp_url: str = field(
        repr=False,
        metadata={
            "help": "mail servers, separated by commas: smtp+starttls://user:password@host:587, ses://eu-central-1"
        },
    )
    base_url: str = field(
        metadata={"help": "the address at which people reach the service, such as https://portal.example"}
    )
    links_url: str = field(
        metadata={"help": "the address of links in mails, such as https://go.brand.example; TCMA_BASE_URL if not given"}
    )
    mail_domain: str = field(
        metadata={"help": "the domain of the service's own mail addresses; the host of TCMA_BASE_URL if not given"}
    )
    partner_mails_per_hour: int = field(
        metadata={"help": "how many campaign mails one partner may send in an hour; no limit if not given"}
    )
    sandbox_mail_dir: Path | None = field(
        metadata={"help": "where the sandbox SMTP server keeps mails; shows them at /sandbox/mail; never in production"}
    )
    sns_topics: frozenset[str] = field(
        metadata={
            "help": "topics of Amazon SNS whose notices about mails are taken in at /api/v1/feedback/sns, by comma"
        }
    )
    feedback_listen: str = field(
        metadata={
            "help": "where delivery reports are taken in: lmtp://127.0.0.1:2424 or smtp://…; not at all if not given"
        }
    )
    social_apps: Mapping[str, Mapping[str, str]] = field(
        repr=False,
        metadata={
            "help": 'how networks know the service, as JSON: {"linkedin": {"client_id": "…", "client_secret": "…"}}'
        },
    )
    log_level: str = field(metadata={"help": "debug, info, warning or error; info if not given"})

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises SettingsError."""
        problems: dict[str, str] = {}
        values = {name: _text(environ, name, problems) for name in _REQUIRED}
        _check_shapes(values, problems)
        level = environ.get("TCMA_LOG_LEVEL", "info").lower()
        if level not in {"debug", "info", "warning", "error"}:
            problems["TCMA_LOG_LEVEL"] = "use debug, info, warning or error"
        listen = urlsplit(environ.get("TCMA_FEEDBACK_LISTEN", "").strip())
        if listen.geturl() and (listen.scheme not in {"smtp", "lmtp"} or not listen.hostname):
            problems["TCMA_FEEDBACK_LISTEN"] = "use lmtp://host:port or smtp://host:port"
        links = urlsplit(environ.get("TCMA_LINKS_URL", "").strip())
        if links.geturl() and (links.scheme not in {"http", "https"} or not links.hostname):
            problems["TCMA_LINKS_URL"] = "use https://host"
        social_apps = _social_apps(environ.get("TCMA_SOCIAL_APPS", ""), problems)
        per_hour = environ.get("TCMA_PARTNER_MAILS_PER_HOUR", "").strip()
        if per_hour and not (per_hour.isdecimal() and per_hour.isascii() and len(per_hour) < 10):
            problems["TCMA_PARTNER_MAILS_PER_HOUR"] = "is not a whole number; 0 means no limit"
        if unknown := {name for name in environ if name.startswith("TCMA_") and name not in known_names()}:
            problems |= dict.fromkeys(unknown, "is not a setting of this service")
        if problems:
            raise SettingsError(problems)
        sandbox = environ.get("TCMA_SANDBOX_MAIL_DIR", "")
        return cls(
            secret_key=values["TCMA_SECRET_KEY"],
            database_url=values["TCMA_DATABASE_URL"],
            redis_url=values["TCMA_REDIS_URL"],
            storage_url=values["TCMA_STORAGE_URL"],
            smtp_url=values["TCMA_SMTP_URL"],
            base_url=values["TCMA_BASE_URL"].rstrip("/"),
            links_url=(environ.get("TCMA_LINKS_URL") or values["TCMA_BASE_URL"]).rstrip("/"),
            mail_domain=environ.get("TCMA_MAIL_DOMAIN") or str(urlsplit(values["TCMA_BASE_URL"]).hostname),
            partner_mails_per_hour=int(per_hour) if per_hour else 0,
            sandbox_mail_dir=Path(sandbox) if sandbox else None,
            sns_topics=frozenset(filter(None, environ.get("TCMA_SNS_TOPICS", "").replace(" ", "").split(","))),
            feedback_listen=environ.get("TCMA_FEEDBACK_LISTEN", "").strip(),
            social_apps=social_apps,
            log_level=level,
        )


_REQUIRED = (
    "TCMA_SECRET_KEY",
    "TCMA_DATABASE_URL",
    "TCMA_REDIS_URL",
    "TCMA_STORAGE_URL",
    "TCMA_SMTP_URL",
    "TCMA_BASE_URL",
)
_SCHEMES = {
    "TCMA_DATABASE_URL": {"postgresql", "postgres"},
    "TCMA_REDIS_URL": {"redis", "rediss", "unix"},
    "TCMA_STORAGE_URL": {"file", "s3"},
    "TCMA_SMTP_URL": {"smtp", "smtp+starttls", "smtps", "ses"},
    "TCMA_BASE_URL": {"http", "https"},
}
# Read by the test suite and by `tcma up`, which share the prefix.
_BESIDE = frozenset({"TCMA_DATA_DIR", "TCMA_TEST_DATABASE_URL", "TCMA_TEST_REDIS_URL", "TCMA_DEMO_PASSWORD"})


def known_names() -> frozenset[str]:
    """Return every environment variable with our prefix that means something."""
    return frozenset(f"TCMA_{item.name.upper()}" for item in fields(Settings)) | _BESIDE


def _text(environ: Mapping[str, str], name: str, problems: dict[str, str]) -> str:
    text = environ.get(name, "").strip()
    if not text:
        help_text = next(item.metadata["help"] for item in fields(Settings) if f"TCMA_{item.name.upper()}" == name)
        problems[name] = f"is missing: {help_text}"
    return text


def _social_apps(text: str, problems: dict[str, str]) -> Mapping[str, Mapping[str, str]]:
    try:
        apps = json.loads(text or "{}")
    except ValueError:
        apps = None
    shaped = isinstance(apps, dict) and all(
        isinstance(app, dict)
        and {"client_id", "client_secret"} <= set(app)
        and all(isinstance(word, str) for word in app.values())
        for app in apps.values()
    )
    if not shaped:
        problems["TCMA_SOCIAL_APPS"] = 'use JSON: {"linkedin": {"client_id": "…", "client_secret": "…"}}'
        return {}
    return dict(apps)


def _check_shapes(values: Mapping[str, str], problems: dict[str, str]) -> None:
    if 0 < len(values["TCMA_SECRET_KEY"]) < 32:
        problems |= {"TCMA_SECRET_KEY": "is too short: use at least 32 random characters"}
    for name, schemes in _SCHEMES.items():
        if not values[name] or name in problems:
            continue
        # Mail servers may be several.
        urls = values[name].split(",") if name == "TCMA_SMTP_URL" else [values[name]]
        if wrong := next(filter(None, (_what_is_wrong(name, url.strip(), schemes) for url in urls)), ""):
            problems[name] = wrong


def _what_is_wrong(name: str, url: str, schemes: set[str]) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in schemes:
        return f"does not begin as it should: use {' or '.join(sorted(schemes))}://"
    if not (parts.netloc or parts.path.strip("/")):
        return "names no place: something must follow ://"
    return "names no host" if name == "TCMA_BASE_URL" and not parts.hostname else ""


_current: Settings | None = None


def install(settings: Settings) -> None:
    """Make these the settings of the process."""
    global _current  # noqa: PLW0603 - one process has one set of settings
    _current = settings


def current() -> Settings:
    """Return the settings of the process. Raises RuntimeError before `install`."""
    if _current is None:
        raise RuntimeError("there are no settings yet: create_app(settings) installs them")
    return _current
