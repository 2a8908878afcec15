"""The door to Amazon SES: the same verb and the same four answers as SMTP, over `SendEmail` of its second API.

SES writes its own envelope sender, Date and Message-ID. The delivery that a return path names therefore travels as the
tag `return-path` too, which comes back with every event.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

from tcma.infra.mail.errors import MailDeferred, MailError, MailLost, MailRefused, MailServerUnavailable
from tcma.infra.mail.lanes import Answered, Mail

# What SES writes anew, which a signature must therefore leave out.
REWRITTEN: Final = frozenset({b"date", b"message-id"})
_THROTTLED: Final = frozenset(
    {"LimitExceededException", "SlowDown", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
_REFUSED: Final = frozenset({"BadRequestException", "InvalidParameterValue", "MessageRejected", "ValidationException"})
_UNUSABLE: Final = frozenset(
    {
        "AccessDeniedException",
        "AccountSuspendedException",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "SendingPausedException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
REQUESTS: Final = 8
"""How many requests are under way at once: each waits for an answer from far away."""
_TAG: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class SesAddress:
    """Where SES is, read from `ses://key:secret@region?configuration_set=…`; without a key boto3 finds its own."""

    region: str
    key: str = ""
    secret: str = ""
    configuration_set: str = ""
    endpoint: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read an SES URL. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme != "ses" or not parts.hostname or parts.path.strip("/"):
            raise ValueError("The SES address must look like ses://eu-central-1 or ses://key:secret@eu-central-1.")
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if unknown := set(options) - {"configuration_set", "endpoint"}:
            raise ValueError(f"The SES address has an unknown option: {', '.join(sorted(unknown))}.")
        return cls(
            region=parts.hostname,
            key=unquote(parts.username or ""),
            secret=unquote(parts.password or ""),
            configuration_set=options.get("configuration_set", ""),
            endpoint=options.get("endpoint", ""),
        )


class SesConnection:
    """Hand ready messages to SES; the client keeps its connections, and may be used by several threads."""

    def __init__(self, url: str) -> None:
        self.address = SesAddress.parse(url)
        self._client: Any = None
        self._making = threading.Lock()

    def send(self, envelope_from: str, recipient: str, data: bytes) -> str:
        """Hand over one ready message and return SES' own id of it.

        Raises MailRefused, MailDeferred, MailServerUnavailable, MailLost.
        """
        tag = envelope_from.partition("@")[0]
        wanted: dict[str, Any] = {
            "Destination": {"ToAddresses": [recipient]},
            "Content": {"Raw": {"Data": data}},
        }
        if _TAG.fullmatch(tag):
            wanted["EmailTags"] = [{"Name": "return-path", "Value": tag}]
        if self.address.configuration_set:
            wanted["ConfigurationSetName"] = self.address.configuration_set
        try:
            answer = self._ready().send_email(**wanted)
        except ClientError as error:
            raise _read(error) from error
        except (ReadTimeoutError, ConnectionClosedError) as error:
            # The request was on its way: SES may have kept it.
            raise MailLost(f"The connection to SES broke before it answered: {error}") from error
        except BotoCoreError as error:
            raise MailServerUnavailable(f"SES in {self.address.region} cannot be used: {error}") from error
        return f"SES {answer['MessageId']}"

    def send_each(self, mails: Iterable[Mail]) -> Iterator[Answered]:
        """Hand over each message and yield it with SES' words of acceptance, or with what went wrong.

        It ends early when SES is away or leaves a message without an answer: those not yielded by then never left.
        """
        rest = iter(mails)
        with ThreadPoolExecutor(REQUESTS, thread_name_prefix="ses") as pool:
            while together := list(islice(rest, REQUESTS)):
                answers = list(pool.map(self._answer, together))
                for mail, answer in zip(together, answers, strict=True):
                    if not isinstance(answer, MailServerUnavailable):
                        yield mail, answer
                if any(isinstance(answer, MailServerUnavailable | MailLost) for answer in answers):
                    return

    def _answer(self, mail: Mail) -> str | MailError:
        try:
            return self.send(mail.envelope_from, mail.recipient, mail.data)
        except MailError as error:
            return error

    def close(self) -> None:
        """Let go of the kept connections."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _ready(self) -> Any:
        with self._making:
            if self._client is None:
                at = self.address
                self._client = boto3.session.Session().client(
                    "sesv2",
                    region_name=at.region,
                    endpoint_url=at.endpoint or None,
                    aws_access_key_id=at.key or None,
                    aws_secret_access_key=at.secret or None,
                    # One attempt: a second one after a lost answer could send the mail twice.
                    config=Config(retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=60),
                )
            return self._client


def _read(error: ClientError) -> MailError:
    """Return which of the four answers an error of SES is."""
    name = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    text = f"{name}: {error.response.get('Error', {}).get('Message', '')}"[:500]
    if name in _THROTTLED or status in {429, 503}:
        return MailDeferred(text, 454)
    if name in _REFUSED:
        return MailRefused(text, 554)
    if name in _UNUSABLE or 400 <= status < 500:
        return MailServerUnavailable(text)
    return MailLost(text)
