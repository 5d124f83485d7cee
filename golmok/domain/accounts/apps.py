from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "golmok.domain.accounts"
    label = "accounts"
