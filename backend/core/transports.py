"""The way out of the building: the one module that opens connections to elsewhere."""

import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from backend.core import clock
from backend.core.here import is_loopback
from backend.settings import NO_TLS

TIMEOUT = 15  # seconds, for connecting and for each answer
# RFC 5322, 2.1.1 allows lines of 998. Folded at 78, Python writes a long address in a header as
# an encoded word, and List-Unsubscribe is a link no more.
UNFOLDED = SMTP.clone(max_line_length=998)


@dataclass(frozen=True)
class Letter:
    """A mail to one address, in plain text; `html` says the same to those who prefer it.

    `headers` stand beside our own; subject and headers are words of ours, never anybody's.
    """

    to: str
    subject: str
    body: str
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class CannotSend(Exception):
    """A letter was not taken. `is_final` when trying again cannot help."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.is_final = is_final


class Mail(Protocol):
    """Something that takes letters."""

    def send(self, letter: Letter) -> None:
        """Hand the letter on; raises CannotSend."""


class ConsoleMail:
    """Prints letters where the server was started: for an installation without SMTP."""

    def send(self, letter: Letter) -> None:
        print(f"\n  To {letter.to}: {letter.subject}\n", file=sys.stdout, flush=True)


class SmtpMail:
    """Speaks SMTP (RFC 5321) under TLS: smtps:// from the first byte, smtp:// with STARTTLS.

    Without TLS only to this machine, or where the URL says ?tls=never: else whoever stands between
    could hide the offer and read codes. A name and password are told under TLS in any case.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._is_tls = parts.scheme == "smtps"
        self._may_be_read = parts.query == NO_TLS or is_loopback(self._host)
        self._port = parts.port or (465 if self._is_tls else 587)
        self._name = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    def send(self, letter: Letter) -> None:
        try:
            with self._connect() as smtp:
                smtp.send_message(self._message(letter), self._sender, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            (code, _text) = next(iter(error.recipients.values()))
            raise CannotSend(f"recipient refused, {code}", is_final=code >= 550) from None
        except smtplib.SMTPResponseException as error:
            raise CannotSend(f"the mail server answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise CannotSend(type(error).__name__) from None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=context
            )
        else:
            smtp = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
            smtp.ehlo()
            self._start_tls(smtp, context)
        if self._name:
            smtp.login(self._name, self._password)
        return smtp

    def _start_tls(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
        elif self._name:
            smtp.close()
            raise CannotSend("no TLS is offered, so our password was not sent")
        elif not self._may_be_read:
            smtp.close()
            raise CannotSend(
                "no TLS is offered, so the letter was not sent; ALONGSIDE_SMTP_URL may say "
                f"?{NO_TLS} where the network between is your own"
            )

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=UNFOLDED)
        message["From"] = Address("Alongside", addr_spec=self._sender)
        message["To"] = Address(addr_spec=letter.to)  # one address: a comma cannot make two
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers:
            message[name] = value
        message.set_content(letter.body, cte="quoted-printable")
        if letter.html:
            message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        return message
