"""Pictures in cards: drawn where that is possible, named where it is not, whatever their files hold."""

import zlib
from io import BytesIO
from struct import pack

import pytest

Image = pytest.importorskip("PIL.Image", reason="needs the extra “images”")

from rich.console import COLOR_SYSTEMS  # noqa: E402
from textual.app import App  # noqa: E402
from textual_image.widget import HalfcellImage  # noqa: E402

from lrcards.tui import pictures  # noqa: E402
from lrcards.tui.pictures import LARGEST_SIDE, decoded, fitted  # noqa: E402

DECK = """\
Q: What is it?
![](plot.png)
Only words?
A: A curve
![the same again](plot.png)
<!-- id: plot -->
"""


def file_of(image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


PLOT = file_of(Image.new("RGB", (40, 20), "red"))


def huge_png() -> bytes:
    """Return the beginning of a picture of 10¹⁰ pixels."""
    header = b"IHDR" + pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = pack(">I", 13) + header + pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + pack(">I", 9) + b"IDAT"


PIXELS_TOO_MANY = file_of(Image.new("1", (9000, 9000)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "none of"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "none of"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "none of"),
        (PLOT[:60], "damaged"),
        (file_of(Image.effect_noise((99, 99), 50), "JPEG")[:2000], "damaged"),
        (huge_png(), "too large"),
        (PIXELS_TOO_MANY, "too large, 9,000 × 9,000 pixels"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(data, reason):
    assert reason in decoded(data)


@pytest.mark.parametrize("kind", pictures.FORMATS)
def test_pictures_of_each_format_are_decoded(kind):
    assert decoded(file_of(Image.new("RGB", (9, 7), "white"), kind)).getpixel((4, 3)) == (255, 255, 255)


def test_what_is_black_on_nothing_comes_on_white():
    formula = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    formula.putpixel((1, 0), (0, 0, 0, 255))
    image = decoded(file_of(formula))
    assert [image.getpixel((x, 0)) for x in range(3)] == [(255,) * 3, (0,) * 3, (255,) * 3]


def test_a_large_picture_is_made_smaller_and_a_turned_one_upright():
    large = Image.new("L", (3 * LARGEST_SIDE, LARGEST_SIDE))
    assert decoded(file_of(large, "JPEG")).size[0] == LARGEST_SIDE
    turned = Image.new("L", (30, 10))
    turned.getexif()[0x0112] = 6
    file = BytesIO()
    turned.save(file, "JPEG", exif=turned.getexif())
    assert decoded(file.getvalue()).size == (10, 30)


@pytest.mark.parametrize(
    ("pixels", "cell", "room", "size"),
    [
        ((100, 40), (10, 20), (80, 24), (10, 2)),
        ((1600, 400), (10, 20), (80, 24), (80, 10)),
        ((400, 4000), (10, 20), (80, 20), (4, 20)),
        ((1, 1), (10, 20), (80, 24), (1, 1)),
        ((40, 20), (1, 2), (80, 24), (40, 10)),
    ],
)
def test_a_picture_has_its_own_size_or_as_much_as_there_is_room(pixels, cell, room, size):
    assert fitted(pixels, cell, room) == size


def test_half_cells_need_colours_and_blocks(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = App[None]()
    for colours, widget in (
        ("truecolor", HalfcellImage),
        ("256", HalfcellImage),
        ("standard", "which needs 256 colours"),
    ):
        app.console._color_system = COLOR_SYSTEMS[colours]
        assert pictures.means(app, in_ascii=False) == widget
    app.console._color_system = COLOR_SYSTEMS["truecolor"]
    assert pictures.means(app, in_ascii=True) == "which ASCII cannot show"
    monkeypatch.setenv("NO_COLOR", "1")
    assert pictures.means(app, in_ascii=False) == "which needs colours"


def test_without_textual_image_there_are_no_means(monkeypatch):
    monkeypatch.setattr(pictures, "_WIDGETS", "textual_image.which_is_not_there")
    assert "pip install textual-image" in str(pictures.means(App[None](), in_ascii=False))


@pytest.fixture
def with_plot(learner):
    def begin() -> None:
        with learner.collection.writing() as database:
            database.execute("INSERT INTO media VALUES ('plot.png', ?)", [PLOT])

    return begin


async def test_a_picture_is_drawn_where_it_stands(learner, with_plot, monkeypatch):
    monkeypatch.setattr("lrcards.tui.pictures.means", lambda *_, **__: HalfcellImage)
    with_plot()
    async with learner.studying(DECK):
        await learner.until(lambda: learner.screen.query(HalfcellImage))
        await learner.settle()
        drawn = learner.screen.query_one(HalfcellImage)
        assert (drawn.size.width, drawn.size.height) == (40, 10)
        lines = [strip.text for strip in learner.screen._compositor.render_strips()]
        first, last = (next(y for y, line in enumerate(lines) if words in line) for words in ("What", "Only"))
        assert sum("▀" * 40 in line for line in lines[first:last]) == 10
        assert "picture:" not in learner.sees()

        await learner.press("space")
        await learner.until(lambda: len(learner.screen.query(HalfcellImage)) == 2)
        assert "[picture: the same again]" in str(learner.screen.query("#name").last().render())

        await learner.pilot.resize_terminal(60, 12)
        await learner.settle()
        assert drawn.size.height == 6
        await learner.press("3")
        await learner.until(lambda: not learner.screen.query(HalfcellImage))


async def test_without_means_a_picture_is_named(learner, with_plot, monkeypatch):
    monkeypatch.setattr("lrcards.tui.pictures.means", lambda *_, **__: "which needs colours")
    with_plot()
    async with learner.studying(DECK):
        await learner.until(
            lambda: "What is it? [picture: plot.png, which needs colours] Only words?" in learner.sees()
        )


async def test_a_picture_that_is_not_there_or_damaged_says_so(learner, monkeypatch):
    monkeypatch.setattr("lrcards.tui.pictures.means", lambda *_, **__: HalfcellImage)
    deck = "Q: ![](gone.png)\n\n![](https://x.org/a.png)\n\n![](bad.png)\nA: b\n"
    with learner.collection.writing() as database:
        database.execute("INSERT INTO media VALUES ('bad.png', ?)", [PLOT[:60]])
    async with learner.studying(deck):
        await learner.until(lambda: "[picture: bad.png, damaged]" in learner.sees())
        assert "[picture: gone.png, not in the collection]" in learner.sees()
        assert "[picture: https://x.org/a.png, on the web]" in learner.sees()
