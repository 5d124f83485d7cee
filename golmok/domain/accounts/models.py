from django.contrib.auth.models import AbstractUser
from django.db import models

from golmok.domain.accounts.names import LONGEST_NICKNAME, validate_name, written
from golmok.domain.core.labels import label


class User(AbstractUser):
    """A person who signs in: viewer, merchant, helper or organiser."""

    name = models.CharField(label("desk-person-name"), max_length=40, blank=True, validators=[validate_name])
    """Who receives an order; rooms say it of people of a shop and of the organiser, of nobody else."""
    nickname = models.CharField(
        label("desk-nickname"), max_length=LONGEST_NICKNAME, blank=True, validators=[validate_name]
    )
    """What rooms call a viewer."""
    phone = models.CharField(label("desk-phone"), max_length=20, blank=True)

    class Meta:
        verbose_name = label("desk-user")
        verbose_name_plural = label("desk-users")

    def clean(self) -> None:
        super().clean()
        self.name, self.nickname = written(self.name), written(self.nickname)

    def __str__(self) -> str:
        return self.name or self.username
