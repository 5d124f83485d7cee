"""Letters as their readers get them."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from typing import cast

from tests.web.accounts.post_office import PostOffice


@dataclass(frozen=True)
class Got:
    to: str
    subject: str
    text: str
    html: str
    headers: EmailMessage


def got(office: PostOffice) -> list[Got]:
    """Everything the mail server took, in the order it came."""
    return [_read(letter) for letter in office.letters]


def to(office: PostOffice, address: str) -> list[Got]:
    return [letter for letter in got(office) if letter.to == address]


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _read(letter: bytes) -> Got:
    undotted = re.sub(rb"(?m)^\.\.", b".", letter)
    message = email.message_from_bytes(undotted, EmailMessage, policy=default)
    words, html = (cast(EmailMessage, message.get_body((kind,))) for kind in ("plain", "html"))
    return Got(message["To"], message["Subject"].strip(), words.get_content(), html.get_content(), message)
