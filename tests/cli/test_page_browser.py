"""The pages of ``--html`` in a real browser."""

from __future__ import annotations

import pytest

from tests.browser import CHROMIUM, DRIVER, open_browser

needs_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="THE BROWSER TEST OF THE PAGES IS SKIPPED: install chromium and chromium-driver",
)
EVIL = "<script>document.title = 'broken'</script><img src=x onerror=alert(1)>"
LONG = "Supercalifragilistic" * 8
# Contrast of the text of every element with what is behind it, by WCAG 2: the least one.
CONTRAST = """(() => {
  const parts = color => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(x => x / 255)
    .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, at) => sum + x * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const color = parts(getComputedStyle(node).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const ratios = [...document.querySelectorAll('body *')]
    .filter(node => [...node.childNodes].some(child => child.nodeType === 3))
    .map(node => {
      const style = getComputedStyle(node);
      const color = parts(node instanceof SVGElement ? style.fill : style.color);
      const [one, other] = [light(color), light(behind(node))].sort((a, b) => b - a);
      return (one + 0.05) / (other + 0.05);
    });
  return Math.min(...ratios);
})()"""
CHARTS_WITHOUT_TABLE = """[...document.querySelectorAll('section')].filter(
    part => part.querySelector('svg') && !part.querySelector('table tbody tr th[scope=row]')).length"""
# Letters that lie outside their picture, or on letters beside them.
OUTSIDE = """[...document.querySelectorAll('svg')].flatMap(svg => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].map(text => text.getBoundingClientRect())
        .filter(box => box.left < frame.left - 1 || box.right > frame.right + 1
            || box.top < frame.top - 1 || box.bottom > frame.bottom + 1); }).length"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOADED = "performance.getEntriesByType('resource').length"


@needs_browser
def test_pages_in_a_browser(deals, tmp_path) -> None:
    deals("company", "add", EVIL, "--category", "lead")
    deals("company", "add", LONG, "--category", "lead")
    deals("person", "add", "--last-name", EVIL, "--category", "lead")
    words = ("--start", "--value", "99999999.99", "--close-date", "2024-03-12")
    deals(
        "opportunity", "add", LONG, "--person", 1, "--salesperson", "anna", "--cycle", "t1", *words
    )
    pages = {
        "dashboard": ("dashboard", "show", "--lang", "de"),
        "people": ("board", "show", "--then", "owner"),
        "companies": ("board", "show", "--entity", "company"),
        "deals": ("board", "show", "--entity", "opportunity"),
    }
    with open_browser(tmp_path / "profile") as browser:
        for name, command in pages.items():
            path = tmp_path / f"{name}.html"
            deals(*command, "--html", path)
            browser.go(path.as_uri())
            assert browser.complaints() == [], name
            assert browser.value(LOADED) == 0
            assert browser.value("document.title") == browser.value(
                "document.querySelector('h1').textContent"
            )
            assert browser.value("document.querySelectorAll('h1').length") == 1
            assert browser.value("document.querySelectorAll('section > h2').length") == (
                browser.value("document.querySelectorAll('section').length")
            )
            assert browser.value("document.querySelectorAll('svg').length") > 0, name
            assert browser.value("document.querySelectorAll('script, img').length") == 0
            assert browser.value(CHARTS_WITHOUT_TABLE) == 0
            for width in (320, 360, 800, 1400):
                for scheme in ("light", "dark"):
                    browser.emulate(width, prefers_color_scheme=scheme)
                    assert browser.value(TOO_WIDE) <= 0, (name, width)
                    assert browser.value(OUTSIDE) == 0, (name, width)
                    assert browser.value(CONTRAST) >= 4.5, (name, scheme)
            browser.emulate(700, media="print", prefers_color_scheme="dark")
            background = browser.value("getComputedStyle(document.body).backgroundColor")
            assert background == "rgb(255, 255, 255)"
            assert browser.value(CONTRAST) >= 4.5
            assert browser.printed().startswith(b"%PDF")
            assert browser.complaints() == []
            if name != "dashboard":
                assert (LONG if name == "deals" else EVIL) in browser.text()
