"""What links to a page say elsewhere: addresses, Open Graph, and structured data for search engines."""

from dataclasses import dataclass
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from golmok.configuration import CONFIGURATION
from golmok.domain.festas.models import Show
from golmok.messages import text
from golmok.web.viewer.pages import Goods, WatchPage, said
from golmok.web.words import say_date

IN_STOCK = "https://schema.org/InStock"
SOLD_OUT = "https://schema.org/SoldOut"


@dataclass(frozen=True)
class Share:
    """Absolute addresses, and the words that stand beside a link."""

    title: str
    description: str
    url: str
    korean: str
    english: str
    picture: str = ""


def language() -> str:
    return get_language() or ""


def address(name: str, *args: str, language: str) -> str:
    with override(language):
        return absolute(reverse(name, args=args))


def absolute(path: str) -> str:
    return urljoin(CONFIGURATION.public_url, path)


def share(title: str, description: str, name: str, *args: str, picture: str = "") -> Share:
    korean, english = (address(name, *args, language=code) for code in ("ko", "en"))
    url = english if language() == "en" else korean
    return Share(title, description, url, korean, english, absolute(picture) if picture else "")


def home_share() -> Share:
    title, description = text("viewer-home-title", language()), text("viewer-home-description", language())
    return share(title, description, "viewer:home")


def show_share(page: WatchPage) -> Share:
    show = page.show
    title = f"{said(show, 'title')} · {said(show.festa, 'name')}"
    picture = reverse("viewer:poster", args=[show.pk])
    return share(title, describe(page), "viewer:show", show.pk, picture=picture)


def policy_share(name: str) -> Share:
    title, lead = text(f"law-{name}", language()), text(f"law-{name}-lead", language())
    return share(title, lead, "viewer:policy", name)


def describe(page: WatchPage) -> str:
    """One sentence: when, who, what."""
    return text(
        f"viewer-description-{'unrecorded' if page.is_unrecorded else page.show.status}",
        language(),
        when=say_date(timezone.localtime(page.show.starts_at), language()),
        shops=", ".join(said(turn.shop, "name") for turn in page.turns),
        goods=", ".join(said(item.product, "name") for item in page.goods[:6]),
    )


def structured_data(page: WatchPage, share: Share) -> dict[str, object]:
    """schema.org: the show as an event, its picture as a video, its goods as products."""
    graph = [broadcast(page.show, share), *(product(item, share) for item in page.goods)]
    if page.show.status in {Show.Status.LIVE, Show.Status.ENDED} and not page.is_unrecorded:
        graph.append(video(page.show, share))
    return {"@context": "https://schema.org", "@graph": graph}


def broadcast(show: Show, share: Share) -> dict[str, object]:
    cancelled = show.status == Show.Status.CANCELLED
    return {
        "@type": "BroadcastEvent",
        "name": said(show, "title"),
        "description": share.description,
        "url": share.url,
        "image": share.picture,
        "inLanguage": "ko",
        "isLiveBroadcast": True,
        "startDate": (show.started_at or show.starts_at).isoformat(),
        "endDate": (show.ended_at or show.ends_at).isoformat(),
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "location": {"@type": "VirtualLocation", "url": share.url},
        "organizer": {"@type": "Organization", "name": said(show.festa, "organiser")},
    }


def video(show: Show, share: Share) -> dict[str, object]:
    return {
        "@type": "VideoObject",
        "name": said(show, "title"),
        "description": share.description,
        "thumbnailUrl": share.picture,
        "uploadDate": (show.started_at or show.starts_at).isoformat(),
        "contentUrl": absolute(f"/shows/{show.pk}/index.m3u8"),
        "embedUrl": share.url,
    }


def product(item: Goods, share: Share) -> dict[str, object]:
    row = item.product
    facts: dict[str, object] = {
        "@type": "Product",
        "name": said(row, "name"),
        "description": said(row, "about") or said(row, "name"),
        "offers": {
            "@type": "Offer",
            "price": item.price,
            "priceCurrency": "KRW",
            "availability": SOLD_OUT if item.is_out else IN_STOCK,
            "url": share.url,
            "seller": {"@type": "LocalBusiness", "name": said(row.shop, "name")},
        },
    }
    if row.picture:
        facts["image"] = absolute(row.picture.url)
    if row.origin:
        facts["countryOfOrigin"] = said(row, "origin")
    return facts
