"""E-mail goes where the operator said, and nobody is told of one that did not go."""

import email
import re
from email.message import EmailMessage
from email.policy import default

import pytest
from django.core import mail as outbox
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from golmok.settings import Mail, mail
from tests.web.accounts.post_office import PostOffice, post_office
from tests.web.festa_day import FestaDay

RESET = "/accounts/password/reset/"
PAGES_OF_OTHERS = [
    "email/", "confirm-email/", "3rdparty/", "3rdparty/signup/", "reauthenticate/", "password/set/",
    "social/connections/", "login/code/confirm/",
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("", Mail("none")),
        ("file:", Mail("file")),
        ("smtp://localhost", Mail("smtp", "localhost", 25)),
        ("smtp://a%40b:p%2Fw@mx.kr?tls=1", Mail("smtp", "mx.kr", 587, "a@b", "p/w", starttls=True)),
        ("smtp://mx.kr:2525?tls=1", Mail("smtp", "mx.kr", 2525, starttls=True)),
        ("smtps://mx.kr", Mail("smtp", "mx.kr", 465, tls=True)),
    ],
)
def test_where_e_mail_goes(url: str, meant: Mail) -> None:
    assert mail(url) == meant


@pytest.mark.parametrize("url", ["mx.kr", "http://mx.kr", "smtp://", "smtp://mx.kr?ssl=1"])
def test_an_address_that_means_nothing_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="GOLMOK_MAIL_URL"):
        mail(url)


@pytest.mark.parametrize(("prefix", "words"), [("", "보내지 않아요"), ("/en", "No e-mail is sent")])
def test_without_a_mail_server_nothing_is_promised(day: FestaDay, prefix: str, words: str) -> None:
    for answer in (Client().get(prefix + RESET), Client().post(prefix + RESET, {"email": day.viewer.email})):
        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert 'name="email"' not in answer.content.decode()
    assert outbox.outbox == []


def test_the_e_mail_leads_to_a_new_password(day: FestaDay, settings: Settings) -> None:
    with post_office() as office:
        connect(settings, office)
        sent = Client().post(RESET, {"email": day.viewer.email}, follow=True)
        assert "이메일을 보냈어요" in sent.content.decode()
    letter = read(office)
    assert letter["To"] == "viewer@example.com"
    assert letter["Subject"].strip() == "골목에서 새 비밀번호를 정해 주세요"
    assert letter["From"] == settings.DEFAULT_FROM_EMAIL
    body = letter.get_content()
    assert "아이디: viewer" in body and "{" not in body
    address = re.search(r"http://127\.0\.0\.1:8000(/accounts/\S+)", body)
    assert address
    visitor = Client()
    form = visitor.get(address[1], follow=True)
    new = {"password1": "아침의골목2027", "password2": "아침의골목2027"}
    assert "비밀번호를 바꿨어요" in visitor.post(form.request["PATH_INFO"], new, follow=True).content.decode()
    day.viewer.refresh_from_db()
    assert day.viewer.check_password("아침의골목2027")


@pytest.mark.parametrize(("prefix", "subject"), [("", "가입한 적이 없어요"), ("/en", "No account at Golmok")])
def test_an_address_without_account_is_told_so_by_e_mail_alone(
    day: FestaDay, settings: Settings, prefix: str, subject: str
) -> None:
    with post_office() as office:
        connect(settings, office)
        Client().post(prefix + RESET, {"email": "o'nobody@example.com"})
    letter = read(office)
    assert subject in letter["Subject"]
    assert "o'nobody@example.com" in letter.get_content()


def test_an_e_mail_that_cannot_be_sent_is_not_called_sent(day: FestaDay, settings: Settings) -> None:
    with post_office() as office:
        connect(settings, office)
    answer = Client().post(RESET, {"email": day.viewer.email})
    html = answer.content.decode()
    assert "이메일을 보내지 못했어요" in html and 'value="viewer@example.com"' in html


def test_an_e_mail_in_a_file_is_not_called_sent(day: FestaDay, settings: Settings) -> None:
    settings.MAIL_KIND = "file"
    html = Client().post(RESET, {"email": day.viewer.email}, follow=True).content.decode()
    assert "파일로 적어 두었어요" in html and "이메일을 보냈어요" not in html


def test_asking_again_and_again_is_slowed_down_in_our_words(day: FestaDay, settings: Settings) -> None:
    settings.MAIL_KIND = "file"
    client = Client()
    answers = [client.post(RESET, {"email": day.viewer.email}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert "너무 빠르게 여러 번 했어요" in answers[-1].content.decode()


@pytest.mark.parametrize("page", PAGES_OF_OTHERS)
def test_pages_without_our_words_are_switched_off(day: FestaDay, page: str) -> None:
    client = Client()
    client.force_login(day.viewer, "django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/accounts/{page}").status_code == 404


def test_signing_up_sends_nothing(day: FestaDay, settings: Settings) -> None:
    settings.MAIL_KIND = "file"
    form = {"email": "new@example.com", "username": "new", "password1": "아침의골목2027"}
    assert Client().post("/accounts/signup/", form).status_code == 302
    assert outbox.outbox == []


def test_an_account_that_is_switched_off_is_told_so(day: FestaDay) -> None:
    assert "쉬고 있는 계정" in Client().get("/accounts/inactive/").content.decode()


def connect(settings: Settings, office: PostOffice) -> None:
    meant = mail(f"smtp://127.0.0.1:{office.port}")
    settings.MAIL_KIND, settings.EMAIL_BACKEND = meant.kind, meant.backend
    settings.EMAIL_HOST, settings.EMAIL_PORT = meant.host, meant.port


def read(office: PostOffice) -> EmailMessage:
    (letter,) = office.letters
    return email.message_from_bytes(letter, EmailMessage, policy=default)
