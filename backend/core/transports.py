"""The way out of the building: the one module that opens connections to elsewhere."""

import contextlib
import io
import re
import smtplib
import socket
import ssl
import sys
import time
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from backend.core import clock
from backend.core.loopback import is_loopback
from backend.settings import NO_TLS

TIMEOUT = 15  # seconds, for connecting and for each answer
IN_ALL = 30  # seconds for one letter, however many lines an answer has and however they come
TOO_LARGE = 552  # of this letter, also where it is said to who sends it (RFC 1870, 6.1)
WANTS_LOGIN = (530, 534, 535, 538)  # RFC 4954, 6: also where it is said only to what follows
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
    """A letter was not taken. `is_final` when trying again cannot help.

    `is_well`: the carrier was reached and spoke with us, so this is about the one letter: its
    recipient, its size. Else nobody's letter would have been taken.
    """

    def __init__(self, why: str, *, is_final: bool = False, is_well: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.is_final = is_final
        self.is_well = is_well or is_final


class Mail(Protocol):
    """Something that takes letters."""

    def send(self, letter: Letter) -> None:
        """Hand the letter on; raises CannotSend."""


class ConsoleMail:
    """Prints letters where the server was started: for an installation without SMTP. Of what they
    say the first link: without it an invitation would lead nowhere.
    """

    def send(self, letter: Letter) -> None:
        link = re.search(r"https?://\S+", letter.body)
        words = f"{letter.subject} {link.group()}" if link else letter.subject
        print(f"\n  To {letter.to}: {words}\n", file=sys.stdout, flush=True)


class Heard(io.RawIOBase):
    """What a mail server says, until `ends` (seconds of the monotonic clock)."""

    def __init__(self, line: socket.socket, ends: float) -> None:
        self._line, self._ends = line, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(min(left, TIMEOUT))
        return self._line.recv_into(buffer)


class Talk(smtplib.SMTP):
    """A conversation that ends in time: `smtplib` gives each line of an answer a time of its own,
    and one that goes on with "250-wait" keeps us for ever.
    """

    def __init__(self, host: str, port: int, **more: Any) -> None:
        self._ends = time.monotonic() + IN_ALL
        super().__init__(host, port, timeout=TIMEOUT, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(Heard(self.sock, self._ends))
        return super().getreply()


class TlsTalk(Talk, smtplib.SMTP_SSL):
    """The same, under TLS from the first byte."""


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
        message = self._message(letter)
        smtp = self._connect()
        try:
            smtp.send_message(message, self._sender, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            (code, _text) = next(iter(error.recipients.values()))
            raise _refused(code, "recipient refused") from None
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code >= 500 and error.smtp_code != TOO_LARGE:
                why = f"sender refused, {error.smtp_code}"  # ours, so everybody's letter is
                raise CannotSend(why) from None
            raise _refused(error.smtp_code, "letter refused") from None
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code, "letter refused") from None
        except (smtplib.SMTPException, OSError) as error:
            raise CannotSend(type(error).__name__, is_well=True) from None
        finally:
            _take_leave(smtp)

    def _connect(self) -> smtplib.SMTP:
        """A mail server that has greeted us and let us in. Whatever fails here is about it."""
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._greeted()
            if self._name:
                smtp.login(self._name, self._password)
            smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            why = f"the mail server answered {error.smtp_code}"
        except (smtplib.SMTPException, OSError) as error:
            why = type(error).__name__
        else:
            return smtp
        if smtp:
            smtp.close()
        raise CannotSend(why)

    def _greeted(self) -> smtplib.SMTP:
        if self._is_tls:
            return TlsTalk(self._host, self._port, context=self._context)
        smtp = Talk(self._host, self._port)
        try:
            smtp.ehlo_or_helo_if_needed()
            self._start_tls(smtp)
        except Exception:
            smtp.close()
            raise
        return smtp

    @cached_property
    def _context(self) -> ssl.SSLContext:
        """Made once: to read whom this machine trusts takes longer than a letter."""
        return ssl.create_default_context()

    def _start_tls(self, smtp: smtplib.SMTP) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=self._context)
        elif self._name:
            raise CannotSend("no TLS is offered, so our password was not sent")
        elif not self._may_be_read:
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


def _refused(code: int, what: str) -> CannotSend:
    """An answer to one letter: final from 500 on (RFC 5321, 4.2.1), but for one that is to us."""
    is_ours = code in WANTS_LOGIN
    return CannotSend(f"{what}, {code}", is_final=code >= 500 and not is_ours, is_well=not is_ours)


def _take_leave(smtp: smtplib.SMTP) -> None:
    """What became of the letter is known by now, whatever is answered to this."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()
