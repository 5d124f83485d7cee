from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from golmok.domain.core.bilingual import here
from golmok.domain.core.labels import label
from golmok.domain.places.models import District
from golmok.domain.shops.notice import NoticeOfGoods, missing_of


class Shop(models.Model):
    """A neighbourhood shop, with what the law wants buyers to know of a seller."""

    slug = models.SlugField(label("desk-slug"), unique=True, allow_unicode=True)
    district = models.ForeignKey(
        District, models.PROTECT, related_name="shops", verbose_name=label("desk-district")
    )
    name = models.CharField(label("desk-name"), max_length=60)
    name_en = models.CharField(label("desk-name-en"), max_length=60, blank=True)
    trade = models.CharField(label("desk-trade"), max_length=40)
    trade_en = models.CharField(label("desk-trade-en"), max_length=40, blank=True)
    about = models.TextField(label("desk-about"), blank=True)
    about_en = models.TextField(label("desk-about-en"), blank=True)
    address = models.CharField(label("desk-address"), max_length=200)
    address_en = models.CharField(label("desk-address-en"), max_length=200, blank=True)
    phone = models.CharField(label("desk-phone"), max_length=20)
    email = models.EmailField(label("desk-email"), blank=True)
    representative = models.CharField(label("desk-representative"), max_length=40)
    business_number = models.CharField(label("desk-business-number"), max_length=12)
    mail_order_number = models.CharField(label("desk-mail-order-number"), max_length=40, blank=True)
    pickup_hours = models.CharField(label("desk-pickup-hours"), max_length=80, blank=True)
    pickup_hours_en = models.CharField(label("desk-pickup-hours-en"), max_length=80, blank=True)
    parcel_fee = models.PositiveIntegerField(
        label("desk-parcel-fee"), default=0, help_text=label("desk-in-won")
    )
    free_parcel_from = models.PositiveIntegerField(
        label("desk-free-parcel-from"), null=True, blank=True, help_text=label("desk-in-won")
    )
    remote_parcel_fee = models.PositiveIntegerField(
        label("desk-remote-parcel-fee"), default=0, help_text=label("desk-remote-parcel-fee-help")
    )
    is_sample = models.BooleanField(label("desk-is-sample"), default=False)

    class Meta:
        verbose_name = label("desk-shop")
        verbose_name_plural = label("desk-shops")
        ordering = ["name"]

    def __str__(self) -> str:
        return here(self, "name")


class ShopMember(models.Model):
    """A person who works for a shop."""

    class Role(models.TextChoices):
        MERCHANT = "merchant", label("desk-role-merchant")
        HELPER = "helper", label("desk-role-helper")

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="members", verbose_name=label("desk-shop"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="shop_memberships",
        verbose_name=label("desk-user"),
    )
    role = models.CharField(label("desk-role"), max_length=10, choices=Role, default=Role.MERCHANT)

    class Meta:
        verbose_name = label("desk-shop-member")
        verbose_name_plural = label("desk-shop-members")
        constraints = [models.UniqueConstraint(fields=["shop", "user"], name="one_membership_per_shop")]

    def __str__(self) -> str:
        return f"{self.user} @ {self.shop}"


class Product(NoticeOfGoods):
    """Something a shop sells. Food names its origin (원산지), or it cannot be pinned in a show."""

    class Withdrawal(models.TextChoices):
        SEVEN_DAYS = "seven_days", label("desk-withdrawal-seven-days")
        PERISHABLE = "perishable", label("desk-withdrawal-perishable")
        MADE_TO_ORDER = "made_to_order", label("desk-withdrawal-made-to-order")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="products", verbose_name=label("desk-shop"))
    slug = models.SlugField(label("desk-slug"), unique=True, allow_unicode=True)
    name = models.CharField(label("desk-name"), max_length=80)
    name_en = models.CharField(label("desk-name-en"), max_length=80, blank=True)
    about = models.TextField(label("desk-about"), blank=True)
    about_en = models.TextField(label("desk-about-en"), blank=True)
    is_food = models.BooleanField(label("desk-is-food"), default=False)
    origin = models.CharField(label("desk-origin"), max_length=120, blank=True)
    origin_en = models.CharField(label("desk-origin-en"), max_length=120, blank=True)
    picture = models.ImageField(label("desk-picture"), upload_to="products", blank=True)
    picture_alt = models.CharField(label("desk-picture-alt"), max_length=120, blank=True)
    picture_alt_en = models.CharField(label("desk-picture-alt-en"), max_length=120, blank=True)
    parcel = models.BooleanField(label("desk-parcel"), default=False)
    pickup = models.BooleanField(label("desk-pickup"), default=True)
    withdrawal = models.CharField(
        label("desk-withdrawal"), max_length=16, choices=Withdrawal, default=Withdrawal.SEVEN_DAYS
    )

    class Meta:
        verbose_name = label("desk-product")
        verbose_name_plural = label("desk-products")
        ordering = ["shop", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_food=False) | ~models.Q(origin=""), name="food_names_its_origin"
            ),
            models.CheckConstraint(
                condition=models.Q(parcel=True) | models.Q(pickup=True), name="product_can_be_received"
            ),
        ]

    def __str__(self) -> str:
        return here(self, "name")

    @property
    def needs_consent(self) -> bool:
        """Whether the buyer must agree, before paying, that the seven days do not hold for it."""
        return self.withdrawal != self.Withdrawal.SEVEN_DAYS

    @property
    def missing_notice(self) -> list[str]:
        """Fields of the notice of goods that its kind needs and that are empty."""
        return missing_of(self, self.is_food)


class Variant(models.Model):
    """One buyable form of a product. `price` is the regular price in won, VAT included."""

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="variants", verbose_name=label("desk-product")
    )
    name = models.CharField(label("desk-option"), max_length=60, blank=True)
    name_en = models.CharField(label("desk-option-en"), max_length=60, blank=True)
    price = models.PositiveIntegerField(
        label("desk-price"), validators=[MinValueValidator(1)], help_text=label("desk-in-won")
    )

    class Meta:
        verbose_name = label("desk-variant")
        verbose_name_plural = label("desk-variants")
        ordering = ["product", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(price__gt=0), name="variant_price_positive")]

    def __str__(self) -> str:
        return f"{self.product} {here(self, 'name')}".strip()
