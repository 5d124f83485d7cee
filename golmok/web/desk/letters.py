"""Letters about orders: what was told to whom, and those that did not arrive."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline

from golmok.domain.core.labels import label
from golmok.domain.orders.letters.sending import send_again
from golmok.domain.orders.models import Letter, News
from golmok.domain.orders.names import masked_name
from golmok.messages import text
from golmok.web.desk import chips
from golmok.web.desk.orders import ReadOnly
from golmok.web.desk.site import desk
from golmok.web.desk.typed import column
from golmok.web.language import language_of

MOST_NAMED = 3
"""Orders named in a line of the list; a busy shop's letter has hundreds."""


class NewsInline(ReadOnly, TabularInline):  # type: ignore[misc]  # Unfold ships no types
    model = News
    extra = 0
    fields = ("order", "step")
    hide_title = True


@admin.register(Letter, site=desk)
class LetterPage(ReadOnly, ModelAdmin):  # type: ignore[misc]  # Unfold ships no types
    list_display = ("made_at", "reader", "orders", "state_now", "attempts", "trouble", "sent_at")
    list_filter = ("state", "audience", ("shop", admin.RelatedOnlyFieldListFilter))
    search_fields = ("news__order__number", "shop__name")
    date_hierarchy = "made_at"
    inlines = (NewsInline,)
    fields = (
        ("audience", "reader"),
        "channel",
        ("state", "attempts", "trouble"),
        ("made_at", "next_try_at", "sent_at"),
    )
    readonly_fields = ("reader",)
    actions = ("send_many",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        rows: QuerySet[Letter] = super().get_queryset(request)
        return rows.select_related("shop", "checkout").prefetch_related("news__order")

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_letter")

    @admin.action(description=label("mail-send-many"), permissions=["send"])
    def send_many(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        """Those that were given up begin anew; what was sent is never sent again."""
        sent, language = sum(send_again(letter, timezone.now()) for letter in letters), language_of(request)
        if sent:
            messages.success(request, text("mail-sending-again", language, count=sent))
        else:
            messages.warning(request, text("mail-sending-none", language))

    @column(label("mail-audience"))
    def reader(self, letter: Letter) -> str:
        if letter.shop is not None:
            return str(letter.shop)
        return next((masked_name(one.order.name) for one in letter.news.all()), "")

    @column(label("desk-orders"))
    def orders(self, letter: Letter) -> str:
        said = [f"{one.order_id} {one.get_step_display()}" for one in letter.news.all()]
        more = f" +{len(said) - MOST_NAMED}" if len(said) > MOST_NAMED else ""
        return ", ".join(said[:MOST_NAMED]) + more

    @column(label("desk-status"), chips=chips.LETTER, ordering="state")
    def state_now(self, letter: Letter) -> tuple[str, str]:
        return letter.state, letter.get_state_display()
