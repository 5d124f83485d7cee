from django.contrib.auth.models import AbstractUser
from django.db import models

from golmok.domain.core.labels import label


class User(AbstractUser):
    """A person who signs in: viewer, merchant, helper or organiser."""

    name = models.CharField(label("desk-person-name"), max_length=40, blank=True)
    phone = models.CharField(label("desk-phone"), max_length=20, blank=True)

    class Meta:
        verbose_name = label("desk-user")
        verbose_name_plural = label("desk-users")

    def __str__(self) -> str:
        return self.name or self.username
