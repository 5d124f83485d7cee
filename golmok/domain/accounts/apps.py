from django.apps import AppConfig

from golmok.domain.core.labels import label as words


class AccountsConfig(AppConfig):
    name = "golmok.domain.accounts"
    label = "accounts"
    verbose_name = words("desk-app-accounts")
