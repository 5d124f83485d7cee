"""Warm, plain pictures of the sample goods, drawn so that nobody takes them for photographs of real ones."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIZE = 800
SCALE = 2
"""Drawn at twice the size and made smaller, for smooth edges."""

Colour = str
Canvas = ImageDraw.ImageDraw


@cache
def picture(kind: str) -> bytes:
    """A JPEG, 800 x 800, of goods of that kind (see KINDS)."""
    ground, draw_goods = KINDS[kind]
    image = _ground(ground)
    _shadow(image)
    draw_goods(ImageDraw.Draw(image))
    out = BytesIO()
    image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=88)
    return out.getvalue()


def _ground(colour: Colour) -> Image.Image:
    """Paper above, a lighter table below."""
    image = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), colour)
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, 1060, 1600, 1600), fill=(255, 255, 255, 90))
    draw.ellipse((900, -300, 1900, 700), fill=(255, 255, 255, 70))
    return image


def _shadow(image: Image.Image) -> None:
    dark = Image.new("RGBA", image.size, (0, 0, 0, 0))
    ImageDraw.Draw(dark).ellipse((270, 1130, 1330, 1370), fill=(70, 40, 20, 90))
    soft = dark.filter(ImageFilter.GaussianBlur(40))
    image.paste(soft, (0, 0), soft)


def _plate(draw: Canvas, rim: Colour = "#FFFFFF", face: Colour = "#F6EFE6") -> None:
    draw.ellipse((220, 760, 1380, 1320), fill=rim)
    draw.ellipse((300, 800, 1300, 1270), fill=face)


def _block(
    draw: Canvas, at: tuple[int, int], size: tuple[int, int, int], faces: tuple[Colour, Colour]
) -> None:
    """A rounded block: its front and, above it, its top."""
    (x, y), (wide, high, deep) = at, size
    draw.rounded_rectangle((x, y - deep, x + wide, y + high), 46, fill=faces[1])
    draw.rounded_rectangle((x, y, x + wide, y + high), 46, fill=faces[0])


def _rice_cake(draw: Canvas) -> None:
    _plate(draw)
    powder, top = ("#E3BE7E", "#F0D6A2"), ("#A9C08C", "#C6D8AC")
    for x, y, faces in (
        (430, 860, powder),
        (840, 860, top),
        (400, 1000, top),
        (640, 1010, powder),
        (880, 1000, powder),
    ):
        _block(draw, (x, y), (300, 130, 70), faces)
    _block(draw, (600, 730), (320, 130, 70), powder)
    for number in range(26):
        x, y = 450 + number * 137 % 700, 690 + number * 89 % 420
        draw.ellipse((x, y, x + 14, y + 14), fill="#FBEBCB")


def _bagel(draw: Canvas) -> None:
    _plate(draw)
    for x, y in ((300, 720), (760, 760), (520, 480)):
        draw.ellipse((x, y, x + 540, y + 420), fill="#A9652B")
        draw.ellipse((x + 12, y + 6, x + 528, y + 386), fill="#CB8A47")
        draw.ellipse((x + 50, y + 24, x + 480, y + 250), fill="#DBA360")
        draw.ellipse((x + 195, y + 130, x + 345, y + 240), fill="#7E4A1F")
        for number in range(18):
            seed_x, seed_y = x + 70 + number * 71 % 390, y + 50 + number * 43 % 90
            draw.ellipse((seed_x, seed_y, seed_x + 20, seed_y + 11), fill="#FBEBCB")


def _cookie(draw: Canvas) -> None:
    _plate(draw)
    for x, y in ((320, 830), (800, 850), (560, 640)):
        draw.ellipse((x, y + 40, x + 460, y + 340), fill="#9C6431")
        draw.ellipse((x, y, x + 460, y + 300), fill="#D9A561")
        for number in range(9):
            chip_x, chip_y = x + 70 + number * 97 % 300, y + 50 + number * 61 % 180
            draw.rounded_rectangle((chip_x, chip_y, chip_x + 48, chip_y + 34), 14, fill="#5A3218")


def _cup(draw: Canvas, body: Colour, drink: Colour) -> None:
    draw.arc((1010, 700, 1330, 1080), -90, 90, fill=body, width=60)
    draw.rounded_rectangle((430, 600, 1130, 1230), 190, fill=body)
    draw.rectangle((430, 600, 1130, 800), fill=body)
    draw.ellipse((430, 500, 1130, 720), fill=body)
    draw.ellipse((470, 525, 1090, 695), fill=drink)


def _coffee(draw: Canvas) -> None:
    draw.ellipse((260, 1090, 1340, 1360), fill="#F3E9DC")
    _cup(draw, "#FFFDF9", "#4A2A17")
    draw.ellipse((600, 555, 960, 665), fill="#B57B49")
    draw.ellipse((690, 580, 870, 640), fill="#F2DDBF")
    for x in (620, 780, 940):
        draw.arc((x - 60, 210, x + 40, 340), 90, 270, fill="#FFFFFF", width=18)
        draw.arc((x - 60, 340, x + 40, 470), -90, 90, fill="#FFFFFF", width=18)


def _beans(draw: Canvas) -> None:
    draw.polygon([(480, 420), (1120, 420), (1190, 1260), (410, 1260)], fill="#8A5A35")
    draw.rectangle((480, 360, 1120, 450), fill="#6B4225")
    draw.rounded_rectangle((560, 640, 1040, 1060), 40, fill="#FBF3E6")
    for x, y in ((650, 740), (820, 800), (690, 890), (860, 930)):
        draw.ellipse((x, y, x + 120, y + 84), fill="#5A3218")
        draw.arc((x + 20, y - 20, x + 100, y + 104), 60, 120, fill="#C99A6B", width=8)
    for x in (260, 400, 1150, 1270):
        draw.ellipse((x, 1230, x + 110, 1305), fill="#5A3218")


def _juice(draw: Canvas) -> None:
    draw.line((900, 240, 800, 900), fill="#D4471A", width=34)
    draw.polygon([(500, 420), (1100, 420), (1020, 1270), (580, 1270)], fill="#FFFFFF")
    draw.polygon([(522, 560), (1078, 560), (1008, 1240), (592, 1240)], fill="#F2A03D")
    draw.polygon([(560, 940), (1040, 940), (1008, 1240), (592, 1240)], fill="#E5702E")
    draw.ellipse((960, 300, 1260, 600), fill="#F0B04E")
    draw.ellipse((1000, 340, 1220, 560), fill="#FFE0A3")


def _fish(draw: Canvas) -> None:
    _plate(draw, "#E8F1F3", "#FFFFFF")
    for y, back in ((800, "#4F7386"), (1000, "#5F8598")):
        draw.polygon([(1120, y + 70), (1330, y - 40), (1290, y + 80), (1330, y + 200)], fill=back)
        draw.ellipse((300, y - 40, 1190, y + 200), fill=back)
        draw.chord((300, y - 40, 1190, y + 200), 8, 172, fill="#D5E2E6")
        draw.ellipse((390, y + 20, 450, y + 80), fill="#FFFFFF")
        draw.ellipse((408, y + 36, 436, y + 64), fill="#1E1B18")
        for x in range(560, 1040, 90):
            draw.arc((x, y, x + 90, y + 130), 110, 250, fill="#B9CDD5", width=9)


def _meat(draw: Canvas) -> None:
    draw.rounded_rectangle((250, 700, 1350, 1300), 60, fill="#2D2A28")
    draw.rounded_rectangle((300, 740, 1300, 1250), 40, fill="#403B37")
    for number in range(4):
        x = 340 + number * 230
        draw.rounded_rectangle((x, 790, x + 210, 1200), 70, fill="#F4DDD3")
        draw.rounded_rectangle((x + 28, 815, x + 186, 1180), 56, fill="#C2473F")
        for stripe in (880, 980, 1080):
            draw.line((x + 50, stripe, x + 160, stripe + 40), fill="#F4DDD3", width=16)
    draw.ellipse((1130, 640, 1330, 780), fill="#4F7A45")


def _stew(draw: Canvas) -> None:
    draw.rounded_rectangle((300, 760, 1300, 1290), 200, fill="#2B2523")
    draw.rectangle((180, 820, 1420, 910), fill="#3A322F")
    draw.ellipse((280, 620, 1320, 960), fill="#3A322F")
    draw.ellipse((330, 655, 1270, 920), fill="#C23B1E")
    for x, y in ((450, 720), (700, 690), (900, 770), (620, 800)):
        draw.rounded_rectangle((x, y, x + 190, y + 90), 40, fill="#EBCB8B")
    for x, y in ((560, 700), (850, 700), (780, 840), (1040, 740)):
        draw.ellipse((x, y, x + 80, y + 34), fill="#4F8A4B")
    for x in (600, 800, 1000):
        draw.arc((x - 50, 330, x + 50, 450), 90, 270, fill="#FFFFFF", width=18)
        draw.arc((x - 50, 450, x + 50, 570), -90, 90, fill="#FFFFFF", width=18)


def _cake(draw: Canvas) -> None:
    draw.ellipse((280, 1080, 1320, 1340), fill="#FFFFFF")
    draw.rounded_rectangle((420, 720, 1180, 1230), 60, fill="#F3D9B4")
    draw.rectangle((420, 940, 1180, 1010), fill="#E58A7B")
    draw.ellipse((420, 610, 1180, 850), fill="#FFF8EE")
    for x in range(420, 1180, 127):
        draw.rounded_rectangle((x, 730, x + 120, 850 + x % 90), 60, fill="#FFF8EE")
    for x, y in ((580, 580), (740, 540), (900, 580)):
        draw.ellipse((x, y, x + 130, y + 140), fill="#CF3B36")
        draw.polygon([(x + 30, y + 14), (x + 65, y - 40), (x + 100, y + 14)], fill="#4F8A4B")


def _grain(draw: Canvas) -> None:
    draw.polygon([(330, 860), (1270, 860), (1120, 1290), (480, 1290)], fill="#B98149")
    draw.ellipse((330, 700, 1270, 1010), fill="#D9A76C")
    draw.ellipse((390, 735, 1210, 980), fill="#F4E6C8")
    for number in range(60):
        x, y = 470 + number * 173 % 650, 770 + number * 67 % 160
        draw.ellipse((x, y, x + 34, y + 18), fill="#D8B878" if number % 3 else "#8C5A3A")


def _bottle(draw: Canvas) -> None:
    for x, body in ((420, "#8E2F24"), (840, "#C8782E")):
        draw.rounded_rectangle((x + 110, 360, x + 230, 600), 20, fill=body)
        draw.rectangle((x + 100, 320, x + 240, 400), fill="#3B2A20")
        draw.rounded_rectangle((x, 560, x + 340, 1280), 90, fill=body)
        draw.rounded_rectangle((x + 40, 760, x + 300, 1090), 24, fill="#FBF3E6")
        draw.ellipse((x + 110, 850, x + 230, 990), fill=body)


def _wood(draw: Canvas) -> None:
    draw.rounded_rectangle((300, 520, 1140, 1280), 70, fill="#9B642F")
    draw.rounded_rectangle((300, 490, 1140, 1240), 70, fill="#C88F52")
    for number, y in enumerate(range(560, 1220, 90)):
        draw.arc((340, y - 60, 1100, y + 60 + number * 8), 10, 170, fill="#AD7639", width=9)
    draw.ellipse((660, 530, 780, 650), fill="#F3E2C8")
    draw.rounded_rectangle((1210, 420, 1270, 960), 28, fill="#B17A40")
    draw.ellipse((1150, 900, 1330, 1240), fill="#B17A40")
    draw.ellipse((1180, 940, 1300, 1200), fill="#C88F52")


def _photo(draw: Canvas) -> None:
    draw.rectangle((300, 420, 1300, 1270), fill="#6E4B33")
    draw.rectangle((350, 470, 1250, 1220), fill="#FFFDF8")
    draw.rectangle((430, 550, 1170, 1140), fill="#BFD8E0")
    draw.ellipse((930, 610, 1060, 740), fill="#FFE3A0")
    draw.polygon([(430, 1140), (430, 960), (690, 760), (960, 1140)], fill="#7FA389")
    draw.polygon([(760, 1140), (980, 860), (1170, 1040), (1170, 1140)], fill="#5E8A70")
    for x, size in ((640, 110), (790, 90), (920, 64)):
        draw.ellipse((x, 1010 - size, x + size, 1010), fill="#F2C9A6")
        draw.rounded_rectangle((x - 20, 1005, x + size + 20, 1140), 40, fill="#D4471A")


def _vase(draw: Canvas) -> None:
    for x, y, petal in ((560, 330, "#E58A7B"), (780, 220, "#F0B04E"), (980, 360, "#D4471A")):
        draw.line((x + 80, y + 120, 800, 900), fill="#5B8A55", width=22)
        for step_x, step_y in ((0, 60), (100, 60), (50, 0), (50, 120)):
            draw.ellipse((x + step_x - 20, y + step_y - 20, x + step_x + 110, y + step_y + 110), fill=petal)
        draw.ellipse((x + 50, y + 55, x + 130, y + 135), fill="#FFE9B8")
    draw.ellipse((540, 760, 1060, 1300), fill="#E9DCC9")
    draw.rectangle((700, 680, 900, 840), fill="#E9DCC9")
    draw.ellipse((700, 650, 900, 720), fill="#CDB99C")
    draw.arc((600, 900, 1000, 1120), 20, 160, fill="#CDB99C", width=24)


def _cloth(draw: Canvas) -> None:
    draw.rounded_rectangle((400, 560, 1200, 1280), 50, fill="#F5EBDC")
    draw.arc((590, 290, 1010, 860), 180, 360, fill="#D9C6A9", width=50)
    draw.rectangle((400, 1080, 1200, 1140), fill="#2E7D4F")
    draw.ellipse((650, 740, 950, 1000), fill="#D4471A")
    draw.polygon([(680, 790), (700, 660), (790, 750)], fill="#D4471A")
    draw.polygon([(920, 790), (900, 660), (810, 750)], fill="#D4471A")
    for x in (735, 845):
        draw.ellipse((x - 15, 840, x + 25, 880), fill="#1E1B18")


def _jewel(draw: Canvas) -> None:
    draw.rounded_rectangle((420, 900, 1180, 1300), 60, fill="#5B4A63")
    draw.rounded_rectangle((470, 860, 1130, 1010), 50, fill="#786485")
    draw.ellipse((580, 440, 1020, 960), outline="#C9CED4", width=54)
    draw.ellipse((600, 460, 1000, 940), outline="#EEF1F4", width=14)
    draw.polygon([(700, 400), (900, 400), (960, 480), (800, 620), (640, 480)], fill="#BFE3EA")
    draw.polygon([(740, 400), (860, 400), (800, 620)], fill="#E6F7FA")


def _fruit(draw: Canvas) -> None:
    draw.polygon([(300, 860), (1300, 860), (1180, 1290), (420, 1290)], fill="#B98149")
    for x, y, skin in (
        (360, 640, "#D4471A"),
        (640, 570, "#E8A33B"),
        (920, 640, "#C9352F"),
        (500, 740, "#E8A33B"),
        (790, 740, "#7FA545"),
    ):
        draw.ellipse((x, y, x + 320, y + 300), fill=skin)
        draw.ellipse((x + 60, y + 40, x + 140, y + 110), fill="#F7D9B8")
        draw.line((x + 160, y + 20, x + 185, y - 40), fill="#5A3218", width=16)
    draw.rounded_rectangle((300, 960, 1300, 1290), 40, fill="#C88F52")
    for y in (1040, 1140, 1230):
        draw.line((320, y, 1280, y), fill="#A9713A", width=14)


KINDS: dict[str, tuple[Colour, Callable[[Canvas], None]]] = {
    "rice-cake": ("#E9C9A0", _rice_cake),
    "bagel": ("#EAC7A3", _bagel),
    "cookie": ("#E5BFA5", _cookie),
    "coffee": ("#D3A27C", _coffee),
    "beans": ("#DDBB94", _beans),
    "juice": ("#F3CFA0", _juice),
    "fish": ("#A9C6CF", _fish),
    "meat": ("#DDB1A2", _meat),
    "stew": ("#DFAF8C", _stew),
    "cake": ("#EBC0B6", _cake),
    "grain": ("#D9C79C", _grain),
    "bottle": ("#DDBE97", _bottle),
    "wood": ("#D8C3A0", _wood),
    "photo": ("#B9C9B8", _photo),
    "vase": ("#D9C2B5", _vase),
    "cloth": ("#B8CDBB", _cloth),
    "jewel": ("#C7B8CF", _jewel),
    "fruit": ("#E9CFA0", _fruit),
}
