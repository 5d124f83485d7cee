"""Letters that did not arrive stand at the desk until somebody sends them again."""

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from golmok.domain.orders.letters.channels import Undeliverable
from golmok.domain.orders.letters.sending import claim, deliver
from golmok.domain.orders.letters.writing import write_letters
from golmok.domain.orders.models import Letter
from tests.buying import hold, pay, place
from tests.web.desk.test_desk import page
from tests.web.festa_day import FestaDay, person

LIST = "/desk/orders/letter/"


class Nobody:
    def deliver(self, letter: Letter, deposit: object) -> None:
        raise Undeliverable("SMTP 550")


def given_up(day: FestaDay) -> Letter:
    pay(place(hold(day.variant), email="gone@example.com"))
    write_letters(timezone.now(), mail=True)
    assert claim(Letter.objects.values_list("pk", flat=True).get(), timezone.now())
    letter = Letter.objects.get()
    deliver(letter, Nobody(), timezone.now())
    return letter


def test_the_first_page_leads_to_what_was_not_sent(day: FestaDay, organiser: Client) -> None:
    assert "보내지 못한 메일" not in page(organiser, "/desk/")
    letter = given_up(day)
    assert "보내지 못한 메일이 1통 있어요" in page(organiser, "/desk/")
    html = page(organiser, f"{LIST}?state__exact=given_up")
    number = letter.news.get().order_id
    assert "SMTP 550" in html and number in html and "김*울" in html
    assert "gone@example.com" not in html


def test_it_is_sent_again_at_the_desks_word(day: FestaDay, organiser: Client, settings: Settings) -> None:
    letter = given_up(day)
    form = {"action": "send_many", "_selected_action": [letter.pk]}
    answer = organiser.post(LIST, form, follow=True)
    assert "1통을 다시 보낼게요." in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("waiting", 0)
    answer = organiser.post(LIST, form, follow=True)
    assert "다시 보낼 메일이 없어요" in answer.content.decode()


def test_who_may_only_look_sends_nothing(day: FestaDay) -> None:
    letter = given_up(day)
    looker = person("looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_letter"))
    client = Client()
    client.force_login(looker, "django.contrib.auth.backends.ModelBackend")
    assert "SMTP 550" in page(client, LIST)
    client.post(LIST, {"action": "send_many", "_selected_action": [letter.pk]})
    assert Letter.objects.get().state == "given_up"


def test_a_letter_shows_what_it_told(day: FestaDay, organiser: Client) -> None:
    letter = given_up(day)
    html = page(organiser, f"{LIST}{letter.pk}/change/")
    assert letter.news.get().order_id in html and "결제됨" in html
