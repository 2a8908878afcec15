"""Several mail servers: who is used, who stands by, and how one that fails is left alone and tried again."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sesv2.models import sesv2_backends

from tcma import settings as process_settings
from tcma.infra import breakers, cache
from tcma.infra.buckets import take
from tcma.infra.mail import (
    Mail,
    MailDeferred,
    MailLost,
    MailRefused,
    MailServerUnavailable,
    Provider,
    deliver,
    providers,
    ses,
    usable,
)
from tcma.infra.mail.providers import arrange, read

MESSAGE = b"From: a@brand.example\r\nTo: b@people.example\r\nSubject: Hello\r\n\r\nHello\r\n"


@dataclass
class Played:
    """A server that says what it is told to; `handed` is what it took."""

    answer: Exception | str = "250 OK"
    handed: list[str] = field(default_factory=list)

    def send(self, _envelope_from: str, recipient: str, _data: bytes) -> str:
        if isinstance(self.answer, Exception):
            raise self.answer
        self.handed.append(recipient)
        return self.answer


@pytest.fixture
def servers(world, settings, monkeypatch) -> Callable[[str], dict[str, Played]]:
    """`servers(urls)` are the listed providers, each played, by name."""

    def play(urls: str) -> dict[str, Played]:
        process_settings.install(dataclasses.replace(settings, smtp_url=urls))
        played = {provider.name: Played() for provider in read(urls)}
        monkeypatch.setattr(Provider, "connection", lambda provider: played[provider.name])
        monkeypatch.setattr(providers, "_told_at", {})
        return played

    yield play
    process_settings.install(settings)


def pick() -> Provider:
    return next(usable())


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@brand.example", "kim@people.example", "Hello"
    message.set_content("Hello")
    return message


def send(provider: Provider) -> str:
    return provider.send("b-1-aa@brand.example", "kim@people.example", MESSAGE)


def test_a_list_of_addresses_says_who_shares_and_who_stands_by():
    one, two, three = read("smtp+starttls://u:p@a.example:587?name=main, smtps://b.example,ses://eu-central-1?weight=2")
    assert (one.name, one.weight, one.url) == ("main", 1, "smtp://u:p@a.example:587?starttls=required")
    assert (two.name, two.weight) == ("b.example", 0)
    assert (three.name, three.weight, three.rewrites) == ("eu-central-1", 2, {b"date", b"message-id"})
    assert "u:p" not in repr(one)


@pytest.mark.parametrize(
    "urls",
    ["smtp://a,smtp://a", "http://a", "smtp://a?weight=0", "smtp://a?weight=-1", "smtp://a?speed=1", "ses://x?speed=1"],
)
def test_a_list_that_means_nothing_is_refused(urls):
    with pytest.raises(ValueError, match=r"."):
        read(urls)


def test_the_load_is_shared_by_weight_and_the_rest_stands_by():
    providers = read("smtp://a?weight=3,smtp://b?weight=1,smtp://c")
    firsts = [arrange(providers, at / 100)[0].name for at in range(100)]
    assert (firsts.count("a"), firsts.count("b")) == (75, 25)
    assert [one.name for one in arrange(providers, 0.9)] == ["b", "a", "c"]


def test_a_server_that_fails_five_times_running_is_left_alone_and_the_next_one_sends(servers):
    played = servers("smtp://a,smtp://b")
    played["a"].answer = MailServerUnavailable("no connection")
    for _ in range(breakers.FAILURES):
        assert pick().name == "a"
        with pytest.raises(MailServerUnavailable):
            send(pick())
    assert pick().name == "b"
    assert send(pick()) == "250 OK"
    assert breakers.is_open("a")
    assert not breakers.is_open("b")


def test_after_the_rest_one_worker_tries_and_a_success_closes_the_breaker(servers):
    played = servers("smtp://a,smtp://b")
    for _ in range(breakers.FAILURES):
        breakers.failed("a")
    with cache.redis() as client:
        client.delete("breaker:a:rests")
    assert [pick().name, pick().name] == ["a", "b"]  # the second worker does not try as well
    played["a"].answer = "250 OK"
    send(read("smtp://a,smtp://b")[0])
    assert [pick().name, pick().name] == ["a", "a"]


def test_a_refused_or_deferred_mail_is_no_failure_of_the_server(servers):
    played = servers("smtp://a,smtp://b")
    for answer in (MailRefused("no such user", 550), MailDeferred("slow down", 454)):
        played["a"].answer = answer
        for _ in range(breakers.FAILURES):
            with pytest.raises(type(answer)):
                send(pick())
    assert pick().name == "a"


def test_failures_with_a_success_between_them_open_nothing(servers, monkeypatch):
    played = servers("smtp://a,smtp://b")
    for _ in range(2):
        for _ in range(breakers.FAILURES - 1):
            breakers.failed("a")
        send(pick())
        monkeypatch.setattr(providers, "_told_at", {})
    assert played["a"].handed
    assert not played["b"].handed


def test_a_mail_of_the_service_leaves_by_the_next_server_at_once(servers):
    played = servers("smtp://a,smtp://b")
    played["a"].answer = MailServerUnavailable("no connection")
    deliver(letter())
    assert played["b"].handed == ["kim@people.example"]


def test_a_mail_that_may_have_left_is_not_repeated_by_another_server(servers):
    played = servers("smtp://a,smtp://b")
    played["a"].answer = MailLost("broke")
    with pytest.raises(MailLost):
        deliver(letter())
    assert not played["b"].handed


def test_a_server_that_took_a_mail_and_gave_no_answer_is_left_alone_at_once(servers):
    played = servers("smtp://a,smtp://b")
    played["a"].answer = MailLost("silence")
    with pytest.raises(MailLost):
        send(pick())
    assert pick().name == "b"


def test_when_all_servers_are_left_alone_the_one_whose_turn_it_is_is_tried(servers):
    servers("smtp://a,smtp://b")
    breakers.open_now("a")
    breakers.open_now("b")
    assert [one.name for one in usable()] == ["a"]


def test_a_limit_an_hour_is_a_bucket_and_none_is_none(world):
    limited, free = read("smtp://a?per_hour=600&name=limited-here,smtp://b")
    assert take(100, limited.buckets).granted == 10
    assert take(100, free.buckets).granted == 100


@pytest.fixture
def amazon(monkeypatch):
    """Amazon's second API, played by moto, which knows the identity brand.example."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        boto3.client("sesv2", region_name="eu-central-1").create_email_identity(EmailIdentity="brand.example")
        connection = ses.SesConnection("ses://eu-central-1")
        yield connection
        connection.close()


def test_ses_takes_a_ready_message(amazon):
    answer = amazon.send("b-1-aa@brand.example", "kim@people.example", MESSAGE)
    assert answer.startswith("SES ")
    (kept,) = sesv2_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"].core_backend.sent_messages
    assert "Subject: Hello" in str(kept.raw_data)


def test_ses_takes_many_messages_and_says_of_each_what_became_of_it(amazon):
    stranger = MESSAGE.replace(b"brand.example", b"stranger.example")
    letters = [stranger if number == 3 else MESSAGE for number in range(20)]
    mails = [Mail(n, "b-1-aa@brand.example", f"p{n}@people.example", data) for n, data in enumerate(letters)]
    answers = {mail.number: answer for mail, answer in amazon.send_each(mails)}
    assert len(answers) == 20
    assert [number for number, answer in answers.items() if isinstance(answer, MailRefused)] == [3]


def test_ses_that_cannot_be_used_holds_back_what_has_not_left(amazon, monkeypatch):
    handed = []

    def unusable(_from, recipient, _data):
        handed.append(recipient)
        raise MailServerUnavailable("suspended")

    monkeypatch.setattr(amazon, "send", unusable)
    assert list(amazon.send_each(Mail(n, "b@brand.example", f"p{n}@x.example", MESSAGE) for n in range(100))) == []
    assert len(handed) == ses.REQUESTS


def test_ses_refuses_a_sender_that_it_does_not_know(amazon):
    with pytest.raises(MailRefused, match="MessageRejected"):
        amazon.send("b-1-aa@x.example", "kim@people.example", MESSAGE.replace(b"brand.example", b"stranger.example"))


def answered(name: str, status: int) -> ClientError:
    about = {"Error": {"Code": name, "Message": "…"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(about, "SendEmail")


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (answered("TooManyRequestsException", 429), MailDeferred),
        (answered("LimitExceededException", 400), MailDeferred),
        (answered("MessageRejected", 400), MailRefused),
        (answered("AccountSuspendedException", 400), MailServerUnavailable),
        (answered("SomethingNewException", 403), MailServerUnavailable),
        (answered("InternalServiceErrorException", 500), MailLost),
        (ReadTimeoutError(endpoint_url="https://email.example"), MailLost),
    ],
)
def test_each_error_of_ses_means_one_of_the_four_answers(monkeypatch, error, means):
    connection = ses.SesConnection("ses://eu-central-1")

    class Client:
        def send_email(self, **_wanted):
            raise error

    connection._client = Client()
    with pytest.raises(means):
        connection.send("b-1-aa@brand.example", "kim@people.example", MESSAGE)
