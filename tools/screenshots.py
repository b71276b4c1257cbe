"""Pictures of every page, for phone and desktop in both themes, and a sheet of them all: `make screenshots`.

`python tools/screenshots.py [FOLDER] [--home HOME] [--page PATH ...] [--readme]`: HOME is a folder with a database (as
GPU_LIMBO_HOME); without one, the shipped history is shown. With --readme the picture of the README is made instead.
"""

import argparse
import sys
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tools.browser import DESKTOP, PHONE, home_with_history, open_browser, served, settle  # noqa: E402

SIZES = {"desktop": DESKTOP, "phone": PHONE}
SCHEMES = ("light", "dark")
MOST_PIXELS_HIGH = 6000
DRAWN_SECONDS = 0.6  # a chart fades in after its data have come
THUMB_WIDE, THUMB_HIGH, CAPTION_HIGH = 300, 420, 18
README = ROOT / "docs" / "now.png"


def main() -> int:
    """Write the pictures and say where they are."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=ROOT / "screenshots")
    asked.add_argument("--home", type=Path)
    asked.add_argument("--page", action="append", help="only this page (may be given again)")
    asked.add_argument("--readme", action="store_true", help=f"only {README.relative_to(ROOT)}")
    args = asked.parse_args()
    home = args.home or home_with_history()
    with served(home) as address, sync_playwright() as playwright:
        browser = open_browser(playwright)
        if args.readme:
            _readme(browser, address)
            return 0
        made = _pictures(browser, address, args.folder, args.page)
    _sheet(made, args.folder / "all.png")
    print(f"{len(made)} pictures and a sheet of them, all.png, in {args.folder}")
    return 0


def _pictures(browser: Browser, address: str, folder: Path, wanted: list[str] | None) -> list[Path]:
    from dashboard.app import PAGES  # slow to load

    paths = [path for *_, path in PAGES if path in (wanted or [path]) and path != "mailbox"]
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            for path in paths:
                _open(page, f"{address}/{'' if path == 'now' else path}")
                _whole(page, width, height)
                made.append(folder / f"{path}-{size}-{scheme}.png")
                page.screenshot(path=made[-1])
                page.set_viewport_size({"width": width, "height": height})
                print(made[-1].name, flush=True)
            context.close()
    return made


def _open(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)
    page.wait_for_timeout(DRAWN_SECONDS * 1000)


def _whole(page: Page, width: int, height: int) -> None:
    """Make the window as high as what scrolls in it: the page itself is as high as the window."""
    high = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight + 20")
    page.set_viewport_size({"width": width, "height": min(max(height, high), MOST_PIXELS_HIGH)})
    page.wait_for_timeout(DRAWN_SECONDS * 1000)


def _readme(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport={"width": 1100, "height": 860}, color_scheme="light").new_page()
    _open(page, address)
    page.screenshot(path=README)
    Image.open(README).convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(README, optimize=True)
    print(f"{README} ({README.stat().st_size / 1000:.0f} kB)")


def _sheet(made: list[Path], to: Path) -> None:
    """The tops of all pictures beside each other: a row for each page, a column for each look."""
    looks = len(SIZES) * len(SCHEMES)
    rows = -(-len(made) // looks)
    sheet = Image.new("RGB", (looks * THUMB_WIDE, rows * (THUMB_HIGH + CAPTION_HIGH)), "#888888")
    draw = ImageDraw.Draw(sheet)
    for number, path in enumerate(made):
        column, row = divmod(number, rows)
        left, top = column * THUMB_WIDE, row * (THUMB_HIGH + CAPTION_HIGH)
        picture = Image.open(path)
        picture.thumbnail((THUMB_WIDE - 6, 10_000))
        sheet.paste(picture.crop((0, 0, picture.width, min(picture.height, THUMB_HIGH))), (left, top + CAPTION_HIGH))
        draw.text((left + 3, top + 2), path.stem, fill="white")
    sheet.save(to)


if __name__ == "__main__":
    sys.exit(main())
