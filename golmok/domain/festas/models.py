from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from golmok.domain.core.bilingual import here
from golmok.domain.core.labels import label
from golmok.domain.core.public_id import new_public_id
from golmok.domain.places.models import District
from golmok.domain.shops.models import Product, Shop, Variant


class Festa(models.Model):
    """A series of shows."""

    slug = models.SlugField(label("desk-slug"), unique=True)
    name = models.CharField(label("desk-name"), max_length=80)
    name_en = models.CharField(label("desk-name-en"), max_length=80, blank=True)
    about = models.TextField(label("desk-about"), blank=True)
    about_en = models.TextField(label("desk-about-en"), blank=True)
    organiser = models.CharField(label("desk-organiser-name"), max_length=80)
    organiser_en = models.CharField(label("desk-organiser-name-en"), max_length=80, blank=True)
    is_current = models.BooleanField(label("desk-is-current"), default=True)

    class Meta:
        verbose_name = label("desk-festa")
        verbose_name_plural = label("desk-festas")

    def __str__(self) -> str:
        return here(self, "name")


class Show(models.Model):
    """One broadcast. Its id names its folder and its address."""

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", label("desk-status-scheduled")
        LIVE = "live", label("desk-status-live")
        ENDED = "ended", label("desk-status-ended")
        CANCELLED = "cancelled", label("desk-status-cancelled")

    id = models.CharField(primary_key=True, max_length=32, default=new_public_id, editable=False)
    festa = models.ForeignKey(Festa, models.PROTECT, related_name="shows", verbose_name=label("desk-festa"))
    district = models.ForeignKey(
        District, models.PROTECT, related_name="shows", verbose_name=label("desk-district")
    )
    title = models.CharField(label("desk-title"), max_length=80)
    title_en = models.CharField(label("desk-title-en"), max_length=80, blank=True)
    starts_at = models.DateTimeField(label("desk-starts-at"))
    ends_at = models.DateTimeField(label("desk-ends-at"))
    status = models.CharField(
        label("desk-status"), max_length=10, choices=Status, default=Status.SCHEDULED, editable=False
    )
    started_at = models.DateTimeField(label("desk-started-at"), null=True, editable=False)
    ended_at = models.DateTimeField(label("desk-ended-at"), null=True, editable=False)

    class Meta:
        verbose_name = label("desk-show")
        verbose_name_plural = label("desk-shows")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="show_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return here(self, "title")


class RundownSegment(models.Model):
    """One shop's turn in the running order of a show."""

    show = models.ForeignKey(Show, models.CASCADE, related_name="rundown", verbose_name=label("desk-show"))
    shop = models.ForeignKey(
        Shop, models.PROTECT, related_name="rundown_segments", verbose_name=label("desk-shop")
    )
    position = models.PositiveSmallIntegerField(label("desk-position"))
    minutes = models.PositiveSmallIntegerField(label("desk-minutes"), default=20)

    class Meta:
        verbose_name = label("desk-rundown-segment")
        verbose_name_plural = label("desk-rundown")
        ordering = ["show", "position"]
        constraints = [models.UniqueConstraint(fields=["show", "shop"], name="one_turn_per_shop")]

    def __str__(self) -> str:
        return f"{self.position}. {self.shop}"


class Offer(models.Model):
    """What a show sells: a variant at its live price (won), good while the show is on the air."""

    class Kind(models.TextChoices):
        HOLD = "hold", label("desk-offer-hold")
        """Kept for whoever starts a checkout, until their time is over."""
        FIRST_PAID = "first_paid", label("desk-offer-first-paid")
        """Kept for nobody: whoever pays first gets it."""

    show = models.ForeignKey(Show, models.CASCADE, related_name="offers", verbose_name=label("desk-show"))
    variant = models.ForeignKey(
        Variant, models.PROTECT, related_name="offers", verbose_name=label("desk-variant")
    )
    price = models.PositiveIntegerField(
        label("desk-live-price"), validators=[MinValueValidator(1)], help_text=label("desk-in-won")
    )
    kind = models.CharField(
        label("desk-offer-kind"),
        max_length=10,
        choices=Kind,
        default=Kind.HOLD,
        help_text=label("desk-offer-kind-help"),
    )
    per_buyer_cap = models.PositiveSmallIntegerField(label("desk-per-buyer-cap"), null=True, blank=True)
    total_cap = models.PositiveIntegerField(
        label("desk-total-cap"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=label("desk-total-cap-help"),
    )
    """Units that all buyers together may take at the live price."""

    class Meta:
        verbose_name = label("desk-offer")
        verbose_name_plural = label("desk-offers")
        ordering = ["show", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["show", "variant"], name="one_offer_per_variant"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="offer_price_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.variant} {self.price}"

    def kind_while(self, show: Show) -> str:
        """How it is sold: its own way only while `show`, the offer's own, is on the air."""
        return self.kind if show.status == Show.Status.LIVE else self.Kind.HOLD.value

    def price_while(self, show: Show) -> int:
        """Won: the live price while `show`, the offer's own, is on the air, the regular one otherwise."""
        return self.price if show.status == Show.Status.LIVE else self.variant.price


class Pin(models.Model):
    """A product held up in a show, from when to when. At most one at a time."""

    show = models.ForeignKey(Show, models.CASCADE, related_name="pins")
    product = models.ForeignKey(Product, models.PROTECT, related_name="pins")
    pinned_at = models.DateTimeField(default=timezone.now)
    unpinned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["show"], condition=models.Q(unpinned_at=None), name="one_open_pin_per_show"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} @ {self.show}"


class IngestKey(models.Model):
    """A secret that lets one device send a show's picture. Only its SHA-256 is kept."""

    show = models.ForeignKey(Show, models.CASCADE, related_name="ingest_keys")
    digest = models.CharField(max_length=64, unique=True)
    issued_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="ingest_keys")
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.show} {self.issued_at:%F %T}"
