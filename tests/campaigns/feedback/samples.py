"""What large providers send back, written after the shape that each of them uses; addresses and hosts are made up."""

from typing import NamedTuple


class Sample(NamedTuple):
    name: str
    kind: str
    status: str
    words: str  # a piece of what was kept
    raw: bytes


def report(
    *, sender: str, subject: str, prose: str, status: str, action: str = "failed", code: str = "", more: str = ""
) -> bytes:
    """Build an RFC 3464 report."""
    diagnostic = f"Diagnostic-Code: {code}\r\n" if code else ""
    return (
        f"From: {sender}\r\nTo: b-1-abc@mail.brand.example\r\nSubject: {subject}\r\nAuto-Submitted: auto-replied\r\n"
        "MIME-Version: 1.0\r\nMessage-ID: <dsn-1@mx.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        f"--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{prose}\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\nArrival-Date: Thu, 26 Nov 2026 10:00:00 +0000\r\n\r\n"
        f"Final-Recipient: rfc822; ana@people.example\r\nAction: {action}\r\nStatus: {status}\r\n{diagnostic}{more}\r\n"
        "--b1\r\nContent-Type: message/rfc822\r\n\r\nSubject: News\r\nMessage-ID: <m@mail.brand.example>\r\n\r\nHi\r\n"
        "--b1--\r\n"
    ).encode()


def letter(headers: str, body: str) -> bytes:
    return f"{headers}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode()


def complaint(kind: str, agent: str) -> bytes:
    """Build an RFC 5965 report."""
    return (
        f"From: complaints@{agent.lower()}.example\r\nSubject: Fw: News\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b2"\r\n\r\n'
        "--b2\r\nContent-Type: text/plain\r\n\r\nThis is an email abuse report.\r\n"
        "--b2\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: {agent}-FBL/1.0\r\nVersion: 1\r\n\r\n"
        "--b2\r\nContent-Type: message/rfc822\r\n\r\nSubject: News\r\n\r\nHi\r\n--b2--\r\n"
    ).encode()


SAMPLES = [
    Sample(
        "gmail: no such user",
        "hard_bounce",
        "5.1.1",
        "does not exist",
        report(
            sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            subject="Delivery Status Notification (Failure)",
            prose="Address not found",
            status="5.1.1",
            code="smtp; 550-5.1.1 The email account that you tried to reach does not exist.",
        ),
    ),
    Sample(
        "gmail: mailbox full",
        "soft_bounce",
        "5.2.2",
        "out of storage",
        report(
            sender="mailer-daemon@googlemail.com",
            subject="Delivery Status Notification (Failure)",
            prose="Inbox full",
            status="5.2.2",
            code="smtp; 552-5.2.2 The email account that you tried to reach is out of storage space.",
        ),
    ),
    Sample(
        "gmail: still trying",
        "delayed",
        "4.4.1",
        "did not respond",
        report(
            sender="mailer-daemon@googlemail.com",
            subject="Delivery Status Notification (Delay)",
            prose="Incomplete",
            status="4.4.1",
            action="delayed",
            code="smtp; The recipient server did not respond.",
            more="Will-Retry-Until: Sun, 29 Nov 2026 10:00:00 -0800\r\n",
        ),
    ),
    Sample(
        "outlook: unknown recipient",
        "hard_bounce",
        "5.1.10",
        "RecipientNotFound",
        report(
            sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@people.example>",
            subject="Undeliverable: News",
            prose="Your message couldn't be delivered.",
            status="5.1.10",
            code="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        ),
    ),
    Sample(
        "outlook: sender is blocked",
        "soft_bounce",
        "5.7.1",
        "block list",
        report(
            sender="postmaster@outlook.com",
            subject="Undeliverable: News",
            prose="rejected",
            status="5.7.1",
            code="smtp;550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent; part of their network is on"
            " our block list (S3150).",
        ),
    ),
    Sample(
        "exchange: a hop count that says nothing of the mailbox",
        "soft_bounce",
        "5.4.14",
        "loop",
        report(
            sender="postmaster@people.example",
            subject="Undeliverable: News",
            prose="loop",
            status="5.4.14",
            code="smtp;554 5.4.14 Hop count exceeded - possible mail loop",
        ),
    ),
    Sample(
        "a domain that cannot be routed is not a dead mailbox",
        "soft_bounce",
        "5.4.4",
        "unable to route",
        report(
            sender="MAILER-DAEMON@mx.example",
            subject="Undelivered Mail Returned to Sender",
            prose="x",
            status="5.4.4",
            code="X-Postfix; unable to route: no mail hosts for domain",
        ),
    ),
    Sample(
        "postfix: user unknown",
        "hard_bounce",
        "5.1.1",
        "User unknown",
        report(
            sender="MAILER-DAEMON@mx.example (Mail Delivery System)",
            subject="Undelivered Mail Returned to Sender",
            prose="This is the mail system at host mx.example.",
            status="5.1.1",
            code="smtp; 550 5.1.1 <ana@people.example>: Recipient address rejected: User unknown in virtual table",
        ),
    ),
    Sample(
        "postfix: given up after four days",
        "soft_bounce",
        "4.4.1",
        "Connection timed out",
        report(
            sender="MAILER-DAEMON@mx.example",
            subject="Undelivered Mail Returned to Sender",
            prose="x",
            status="4.4.1",
            code="X-Postfix; connect to mx.people.example[192.0.2.7]:25: Connection timed out",
        ),
    ),
    Sample(
        "yahoo: account disabled, under a code that says nothing",
        "hard_bounce",
        "5.0.0",
        "disabled",
        report(
            sender="MAILER-DAEMON@yahoo.com",
            subject="Failure Notice",
            prose="Sorry",
            status="5.0.0",
            code="smtp; 554 delivery error: dd This user doesn't have a yahoo.com account; mailbox is disabled",
        ),
    ),
    Sample(
        "gmx: mailbox unavailable",
        "hard_bounce",
        "5.1.1",
        "mailbox unavailable",
        report(
            sender="mailer-daemon@gmx.net",
            subject="Mail delivery failed: returning message to sender",
            prose="x",
            status="5.1.1",
            code="smtp; 550-Requested action not taken: mailbox unavailable",
        ),
    ),
    Sample(
        "icloud: unknown user",
        "hard_bounce",
        "5.1.1",
        "user lookup",
        report(
            sender="postmaster@icloud.com",
            subject="Undelivered Mail Returned to Sender",
            prose="x",
            status="5.1.1",
            code="smtp; 550 5.1.1 <ana@icloud.com>: user lookup success but no user record found",
        ),
    ),
    Sample(
        "amazon ses: suppressed there",
        "hard_bounce",
        "5.1.1",
        "suppression list",
        report(
            sender="MAILER-DAEMON@eu-west-1.amazonses.com",
            subject="Delivery Status Notification (Failure)",
            prose="An error occurred",
            status="5.1.1",
            code="Amazon SES has suppressed sending to this address; it is on the suppression list".replace(
                "Amazon", "smtp; Amazon"
            ),
        ),
    ),
    Sample(
        "mimecast: rejected by policy",
        "soft_bounce",
        "5.7.54",
        "Administrative",
        report(
            sender="postmaster@mimecast.example",
            subject="[Postmaster] Email Delivery Failure",
            prose="x",
            status="5.7.54",
            code="smtp; 550 5.7.54 Administrative prohibition - envelope blocked",
        ),
    ),
    Sample(
        "proofpoint: user unknown",
        "hard_bounce",
        "5.1.1",
        "User unknown",
        report(
            sender="MAILER-DAEMON@pphosted.example",
            subject="Undeliverable: News",
            prose="x",
            status="5.1.1",
            code="smtp; 550 5.1.1 User unknown",
        ),
    ),
    Sample(
        "a relay that handed on",
        "delivered",
        "2.0.0",
        "2.0.0",
        report(sender="postmaster@mx.example", subject="Relayed", prose="x", status="2.0.0", action="relayed"),
    ),
    Sample(
        "qmail: prose with a code",
        "hard_bounce",
        "5.1.1",
        "no mailbox here",
        letter(
            "From: MAILER-DAEMON@mx.example\r\nSubject: failure notice",
            "Hi. This is the qmail-send program at mx.example.\r\nI wasn't able to deliver your message.\r\n\r\n"
            "<ana@people.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n",
        ),
    ),
    Sample(
        "exim: prose with words",
        "hard_bounce",
        "",
        "Unrouteable address",
        letter(
            "From: Mail Delivery System <Mailer-Daemon@mx.example>\r\n"
            "Subject: Mail delivery failed: returning message to sender\r\nAuto-Submitted: auto-replied",
            "A message that you sent could not be delivered. This is a permanent error.\r\n\r\n"
            "  ana@people.example\r\n    Unrouteable address\r\n",
        ),
    ),
    Sample(
        "exchange in german, prose",
        "hard_bounce",
        "5.1.1",
        "5.1.1",
        letter(
            "From: Postmaster <postmaster@people.example>\r\nSubject: Unzustellbar: Neues",
            "Die folgenden Empfänger konnten nicht erreicht werden:\r\nana@people.example #550 5.1.1 RESOLVER.ADR\r\n",
        ),
    ),
    Sample(
        "outlook: out of office",
        "auto_reply",
        "",
        "Automatic reply",
        letter(
            "From: Ana <ana@people.example>\r\nSubject: Automatic reply: News\r\nAuto-Submitted: auto-generated\r\n"
            "X-Auto-Response-Suppress: All",
            "I am away until 550 people have asked. In urgent cases ask Ben.",
        ),
    ),
    Sample(
        "gmail: vacation",
        "auto_reply",
        "",
        "Out of office",
        letter(
            "From: Ana <ana@people.example>\r\nSubject: Out of office Re: News\r\nAuto-Submitted: auto-replied\r\n"
            "Precedence: bulk\r\nX-Autoreply: yes",
            "Thank you, I am on holiday.",
        ),
    ),
    Sample(
        "french vacation without any mark",
        "auto_reply",
        "",
        "Réponse automatique",
        letter(
            "From: Ana <ana@people.example>\r\nSubject: =?utf-8?Q?R=C3=A9ponse_automatique_:_absence?=",
            "Je suis absente.",
        ),
    ),
    Sample("yahoo: spam button", "complaint", "", "abuse", complaint("abuse", "Yahoo")),
    Sample("comcast: spam button", "complaint", "", "abuse", complaint("abuse", "Comcast")),
    Sample("not spam after all", "unrecognized", "", "not-spam", complaint("not-spam", "Comcast")),
    Sample(
        "a person who answers",
        "unrecognized",
        "",
        "Re: News",
        letter(
            "From: Ana <ana@people.example>\r\nSubject: Re: News", "Sounds good. My 5.1 speakers came; call 550 123."
        ),
    ),
    Sample("nothing", "unrecognized", "", "", b""),
    Sample("noise", "unrecognized", "", "", bytes(range(256)) * 20),
]
