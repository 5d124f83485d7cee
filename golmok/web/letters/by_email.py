"""Letters as e-mail: words and simple HTML, no picture, nothing that tells us who read it."""

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils import translation

from golmok.domain.orders.gateways.gateway import Deposit
from golmok.domain.orders.letters.channels import NotNow, Undeliverable
from golmok.domain.orders.models import Letter
from golmok.messages import text
from golmok.web.letters.contents import Contents
from golmok.web.letters.to_buyer import buyer_contents
from golmok.web.letters.to_shop import shop_contents

PERMANENT = range(500, 600)
"""Replies of SMTP after which trying again is of no use (RFC 5321, 4.2.1)."""


def mail_is_set_up() -> bool:
    """Somebody takes e-mail, be it a file; without that nobody is promised any."""
    return bool(settings.MAIL_KIND != "none")


class Email:
    """One connection for a round of letters; a broken one is opened again for the next letter."""

    def __init__(self) -> None:
        self._connection = get_connection()

    def close(self) -> None:
        self._connection.close()

    def deliver(self, letter: Letter, deposit: Deposit | None = None) -> None:
        contents = _contents(letter, deposit)
        address = address_of(letter)
        if not address:
            raise Undeliverable("no address")
        self.send(contents, address, _threading(letter))

    def send(self, contents: Contents, address: str, headers: Mapping[str, str]) -> None:
        """Raises Undeliverable, NotNow."""
        try:
            self._connection.open()
            _message(contents, address, headers, self._connection).send()
        except (OSError, SMTPException) as failure:
            self._connection.close()
            raise _verdict(failure) from failure
        except (ValueError, UnicodeError) as malformed:
            raise Undeliverable("address cannot be written") from malformed


def address_of(letter: Letter) -> str:
    """As it is now: the shop may have mended it since."""
    if letter.shop is not None:
        return letter.shop.email
    return next((one.order.email for one in letter.news.all() if one.order.email), "")


def _contents(letter: Letter, deposit: Deposit | None) -> Contents:
    if letter.shop is not None:
        return shop_contents(letter, letter.shop)
    if letter.checkout is not None:
        return buyer_contents(letter, letter.checkout, deposit)
    raise Undeliverable("no reader")


def _message(
    contents: Contents, address: str, headers: Mapping[str, str], connection: object
) -> EmailMultiAlternatives:
    """No robot answers it (RFC 3834)."""
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message = EmailMultiAlternatives(
        contents.subject,
        _rendered("letters/letter.txt", contents).strip() + "\n",
        formataddr((name or text("common-golmok", contents.language), sender)),
        [address],
        reply_to=[contents.reply_to] if contents.reply_to else None,
        headers={**headers, "Auto-Submitted": "auto-generated", "Content-Language": contents.language},
        connection=connection,
    )
    message.attach_alternative(_rendered("letters/letter.html", contents), "text/html")
    return message


def _threading(letter: Letter) -> dict[str, str]:
    """The same Message-ID on every try, so that a mailbox may know a double."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    thread = letter.checkout_id.hex if letter.checkout_id else f"shop-{letter.shop_id}"
    return {
        "Message-ID": f"<letter-{letter.pk}.{letter.made_at:%Y%m%d%H%M%S%f}@{domain}>",
        "References": f"<{thread}@{domain}>",
    }


def _rendered(template: str, contents: Contents) -> str:
    with translation.override(contents.language):
        return render_to_string(template, {"contents": contents})


def _verdict(failure: Exception) -> NotNow | Undeliverable:
    """Replies are told by their number alone: their words often repeat the address."""
    if isinstance(failure, SMTPRecipientsRefused):
        codes = [code for code, _words in failure.recipients.values()]
        words = f"SMTP {codes[0] if codes else '?'}"
        return Undeliverable(words) if all(code in PERMANENT for code in codes) else NotNow(words)
    if isinstance(failure, SMTPResponseException):
        return NotNow(f"SMTP {failure.smtp_code}")
    return NotNow(type(failure).__name__)
