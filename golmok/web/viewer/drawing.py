"""Pictures of a show, drawn in the colours of the house: an alley stall in the evening.

A drawing is kept on disk under a name made of everything that is on it, so a changed title is a new drawing.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from random import Random

from django.conf import settings
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from golmok.configuration import CONFIGURATION
from golmok.domain.core.bilingual import in_language
from golmok.messages import text
from golmok.web.viewer.pages import Card
from golmok.web.words import say_date

SIZE = (1200, 630)
MARGIN = 72
FACE = Path(settings.BASE) / "web/static/build/fonts/PretendardVariable.ttf"

PERSIMMON = "#D4471A"
CREAM = "#F6E7D2"
LIGHT = "#FFD68A"
# Dusk above, warm light below; awning; three colours of goods.
EVENINGS = [
    ("#38251E", "#9A6440", ("#D4471A", CREAM), ("#C98A4B", "#B5702F", "#DDAA6A")),
    ("#2A2B33", "#7C5F57", ("#2E7D4F", CREAM), ("#B9C77C", "#8FA65A", "#E2B05E")),
    ("#33222C", "#965A52", ("#8A5A00", CREAM), ("#E3A08A", "#C96F5B", "#F0C9A0")),
]


def poster_of(card: Card, language: str) -> Path:
    """The Open Graph picture with title, district, shops and day, 1200 x 630."""
    lines = poster_lines(card, language)
    return kept("poster", "png", [card.show.pk, *lines], lambda path: draw_poster(path, card, lines))


def art_of(card: Card) -> Path:
    """The scene alone, for behind words."""
    return kept("art", "jpg", [card.show.pk], lambda path: scene(card.show.pk).save(path, quality=86))


def poster_lines(card: Card, language: str) -> tuple[str, str, str, str]:
    show = card.show
    place = f"{in_language(show.district, 'name', language)} · {in_language(show.district, 'gu', language)}"
    shops = " · ".join(in_language(shop, "name", language) for shop in card.shops)
    when = say_date(timezone.localtime(show.starts_at), language)
    brand = f"{text('common-golmok', language)}  {in_language(show.festa, 'name', language)}"
    return brand, in_language(show, "title", language), f"{place}  |  {when}", shops


def kept(kind: str, suffix: str, facts: list[str], draw: Callable[[Path], None]) -> Path:
    """Draws once; a half-written file never gets the final name."""
    name = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:20]
    folder = CONFIGURATION.var / "drawings"
    path = folder / f"{kind}-{name}.{suffix}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"half-{timezone.now().timestamp()}-{path.name}")
        draw(half)
        half.replace(path)
    return path


def draw_poster(path: Path, card: Card, lines: tuple[str, str, str, str]) -> None:
    brand, title, place, shops = lines
    picture = darkened(scene(card.show.pk))
    pen = ImageDraw.Draw(picture)
    width = SIZE[0] - 2 * MARGIN
    pen.rounded_rectangle((MARGIN, 64, MARGIN + 10, 108), 5, fill=PERSIMMON)
    pen.text((MARGIN + 28, 86), brand, font=face(36, 700), fill="white", anchor="lm")
    title_face = fitting(title, 76, 800, width)
    pen.text((MARGIN, 418), title, font=title_face, fill="white", anchor="ls")
    pen.text((MARGIN, 486), place, font=fitting(place, 38, 600, width), fill=LIGHT, anchor="ls")
    pen.text((MARGIN, 548), shops, font=fitting(shops, 38, 500, width), fill=CREAM, anchor="ls")
    picture.save(path)


def face(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(FACE), size)
    font.set_variation_by_axes([weight])
    return font


def fitting(words: str, size: int, weight: int, width: int) -> ImageFont.FreeTypeFont:
    """The largest face up to `size` in which `words` stay within `width` pixels."""
    while size > 20 and face(size, weight).getlength(words) > width:
        size -= 2
    return face(size, weight)


def darkened(picture: Image.Image) -> Image.Image:
    """Dark enough at the foot and the head for white words."""
    column = Image.new("L", (1, SIZE[1]))
    for y in range(SIZE[1]):
        down = y / SIZE[1]
        column.putpixel((0, y), round(255 * max(0.45 - down, 0.12, min(0.88, (down - 0.25) * 2.1))))
    shade = Image.new("RGB", SIZE, "#140C07")
    return Image.composite(shade, picture, column.resize(SIZE))


def scene(seed: str) -> Image.Image:
    """A stall under lights; every show has its own colours and goods."""
    dice = Random(seed)  # noqa: S311 - a drawing, not a secret
    dusk, glow, awning, goods = dice.choice(EVENINGS)
    picture = Image.composite(
        Image.new("RGB", SIZE, glow), Image.new("RGB", SIZE, dusk), Image.linear_gradient("L").resize(SIZE)
    )
    pen = ImageDraw.Draw(picture)
    draw_lights(picture, dice)
    draw_awning(pen, awning)
    draw_merchant(pen, awning[0])
    draw_counter(pen, dice, goods)
    return picture


def draw_lights(picture: Image.Image, dice: Random) -> None:
    halo = Image.new("L", SIZE)
    glow = ImageDraw.Draw(halo)
    bulbs = [(70 + n * 152, 58 + dice.randrange(26)) for n in range(8)]
    for x, y in bulbs:
        glow.ellipse((x - 40, y - 40, x + 40, y + 40), fill=130)
    picture.paste(LIGHT, mask=halo.filter(ImageFilter.GaussianBlur(14)))
    pen = ImageDraw.Draw(picture)
    pen.line([(-20, 40), *bulbs, (SIZE[0] + 20, 40)], fill="#20150F", width=3, joint="curve")
    for x, y in bulbs:
        pen.ellipse((x - 12, y - 4, x + 12, y + 22), fill=LIGHT)


def draw_awning(pen: ImageDraw.ImageDraw, colours: tuple[str, str]) -> None:
    step = 80
    for n in range(-1, SIZE[0] // step + 1):
        left = n * step + 20
        pen.rectangle((left, 138, left + step, 196), fill=colours[n % 2])
        pen.pieslice((left, 166, left + step, 226), 0, 180, fill=colours[n % 2])
    pen.rectangle((0, 126, SIZE[0], 142), fill="#2B1A12")


def draw_merchant(pen: ImageDraw.ImageDraw, apron: str) -> None:
    pen.rounded_rectangle((486, 372, 714, 640), 78, fill=CREAM)
    pen.rounded_rectangle((540, 414, 660, 640), 16, fill=apron)
    pen.ellipse((536, 252, 664, 392), fill="#EDC6A2")
    pen.pieslice((522, 236, 678, 376), 180, 360, fill="#2A1B14")


def draw_counter(pen: ImageDraw.ImageDraw, dice: Random, colours: tuple[str, str, str]) -> None:
    pen.rectangle((0, 462, SIZE[0], SIZE[1]), fill="#8A5A33")
    pen.rectangle((0, 462, SIZE[0], 476), fill="#5E3B22")
    shape = dice.choice([ring, loaf, jar])
    for row in range(2):
        for n in range(11):
            x, y = 20 + n * 116 + row * 58, 520 + row * 76
            shape(pen, x, y, dice.choice(colours))


def ring(pen: ImageDraw.ImageDraw, x: int, y: int, colour: str) -> None:
    pen.ellipse((x - 48, y - 26, x + 48, y + 30), fill="#5E3B22")
    pen.ellipse((x - 48, y - 32, x + 48, y + 24), fill=colour)
    pen.ellipse((x - 17, y - 14, x + 17, y + 5), fill="#5E3B22")
    pen.arc((x - 36, y - 26, x + 36, y + 14), 200, 290, fill=CREAM, width=4)


def loaf(pen: ImageDraw.ImageDraw, x: int, y: int, colour: str) -> None:
    pen.rounded_rectangle((x - 46, y - 22, x + 46, y + 30), 20, fill="#5E3B22")
    pen.rounded_rectangle((x - 46, y - 30, x + 46, y + 22), 20, fill=colour)
    for offset in (-20, 0, 20):
        pen.line((x + offset - 6, y - 20, x + offset + 6, y - 4), fill=CREAM, width=4)


def jar(pen: ImageDraw.ImageDraw, x: int, y: int, colour: str) -> None:
    pen.rounded_rectangle((x - 32, y - 34, x + 32, y + 32), 10, fill=colour)
    pen.rectangle((x - 34, y - 46, x + 34, y - 30), fill="#3A261A")
    pen.rectangle((x - 32, y - 12, x + 32, y + 12), fill=CREAM)
