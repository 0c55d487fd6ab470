#!/usr/bin/env python3
"""Opens a report in a real Chromium and uses it; says what is wrong and exits with 1 if anything is.

    page.py REPORT [--screenshot PNG] [--dark] [--width PX] [--height PX]

It speaks the W3C WebDriver protocol with Debian's chromedriver.
"""

import argparse
import base64
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """One Chromium without a window."""

    def __init__(self, base, width, height):
        self.base = base
        options = {
            "args": ["--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},{height}",
                     "--host-resolver-rules=MAP * ~NOTFOUND"],
        }
        capabilities = {"browserName": "chrome", "goog:chromeOptions": options,
                        "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.session = f"/session/{answer['sessionId']}"
        # Longer than any wait below.
        self.post("/timeouts", script=60000)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.read().decode()}") from error

    def post(self, path, **body):
        return self.call("POST", self.session + path, body)

    def script(self, text, *arguments):
        return self.post("/execute/sync", script=text, args=list(arguments))

    def wait(self, expression, what):
        script = (f"const [done] = arguments; const end = Date.now() + 30000;"
                  f"const look = () => {{ if ({expression}) done(true); else if (Date.now() > end)"
                  f" done(false); else setTimeout(look, 20); }}; look();")
        if not self.post("/execute/async", script=script, args=[]):
            raise SystemExit(f"waited in vain for {what}")

    def keys(self, selector, text):
        element = self.post("/element", using="css selector", value=selector)
        self.call("POST", f"{self.session}/element/{element[ELEMENT]}/value", {"text": text})

    def click(self, selector, x, y):
        """With the mouse, at a place seen from the middle of an element; a second time where it counts."""
        element = self.post("/element", using="css selector", value=selector)
        actions = [
            {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": element},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
                 "actions": actions}
        self.post("/actions", actions=[mouse])

    def log(self):
        return self.post("/se/log", type="browser")

    def quit(self):
        self.call("DELETE", self.session)


@contextlib.contextmanager
def browser(width, height):
    driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        for line in driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                opened = Browser(f"http://127.0.0.1:{found[1]}", width, height)
                try:
                    yield opened
                finally:
                    # Chromium outlives its driver.
                    opened.quit()
                break
        else:
            raise SystemExit("chromedriver did not start")
    finally:
        driver.terminate()
        driver.wait()


class Expectations:
    """What a person expects of the page, and what of it did not come."""

    def __init__(self, page):
        self.page = page
        self.problems = []

    def that(self, is_fine, what):
        if not is_fine:
            self.problems.append(what)

    def text(self, selector):
        return self.page.script(
            "return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def data(self, expression):
        return self.page.script(
            f"const data = JSON.parse(document.getElementById('data').textContent); return {expression}")

    def picture(self):
        """The timeline as it is drawn now."""
        self.page.script(
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return self.page.script("return document.getElementById('timeline').toDataURL()")

    def count(self, shown, what):
        whole = self.data("data.command.length")
        self.page.wait(f"document.getElementById('count').textContent === '{shown} of {whole}'", what)


def check(expect):
    """Looks at all of the page."""
    page = expect.page
    expect.that(page.script("return window.pwned === undefined && document.title !== 'pwned'"),
                "a script of the recording ran")
    elements = page.script("return document.querySelectorAll('*').length")
    expect.that(elements < 3000, f"{elements} elements")
    expect.that(page.script("return document.documentElement.scrollWidth <= innerWidth"),
                "the page is wider than the window")
    count = expect.data("data.command.length")
    expect.count(count, "the list of all")
    facts = page.script("return [...document.querySelectorAll('.facts dt')].map((one) => one.textContent)")
    for name in ("outcome", "time", "CPU", "invocations", "failed", "working at once"):
        expect.that(name in facts, f"the summary has no {name}")
    if count == 0:
        return
    check_timeline(expect)
    check_list(expect, count)
    check_tables(expect)
    page.script("document.getElementById('zoom-all').click(); scrollTo(0, 0)")


def check_timeline(expect):
    page = expect.page
    colors = """
      const canvas = document.getElementById('timeline');
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      return new Set(new Uint32Array(pixels.buffer)).size"""
    expect.that(page.script(colors) > 2, "the timeline is empty")
    whole = expect.picture()
    page.keys("#timeline", "+++")
    can_zoom = expect.data("data.whole") > 1000
    expect.that(not can_zoom or expect.picture() != whole, "the plus key does not zoom")
    zoomed = expect.picture()
    page.keys("#timeline", "\ue014")  # arrow right
    expect.that(not can_zoom or expect.picture() != zoomed, "the arrow key does not move")
    window = "return Number(document.getElementById('window').getAttribute('width'))"
    expect.that(not can_zoom or page.script(window) > 0, "the overview does not show where that is")
    page.keys("#timeline", "\ue011")  # home
    expect.that(expect.picture() == whole, "the home key does not show all")
    expect.that(page.script(window) == 0, "the overview still shows a part")
    wheel = """
      const canvas = document.getElementById('timeline');
      const event = new WheelEvent('wheel', {deltaY: -50, ctrlKey: arguments[0], cancelable: true});
      canvas.dispatchEvent(event);
      return event.defaultPrevented"""
    expect.that(not page.script(wheel, False), "the wheel alone does not scroll the page")
    expect.that(page.script(wheel, True), "the wheel does not zoom with Ctrl")
    page.keys("#timeline", "\ue011")
    # The longest bar is under the pointer somewhere in its middle.
    bar = """
      const data = JSON.parse(document.getElementById('data').textContent);
      const longest = data.length.indexOf(Math.max(...data.length));
      let start = 0;
      for (let place = 0; place <= longest; place++) start += data.start[place];
      let level = data.level[longest];
      for (let lane = 0; lane < data.lane[longest]; lane++) level += data.heights[lane];
      const canvas = document.getElementById('timeline');
      canvas.scrollIntoView({block: 'center'});
      const share = (start + data.length[longest] / 2) / Math.max(data.whole, 1);
      return [data.sequence[longest], Math.round((share - 0.5) * canvas.clientWidth),
              Math.round(40 + level * 15 + 7 - canvas.clientHeight / 2), canvas.clientHeight,
              data.length[longest] / Math.max(data.whole, 1) * canvas.clientWidth]"""
    sequence, x, y, height, width = page.script(bar)
    # Below a few pixels a neighbour may be hit.
    if width > 4 and abs(y) < height / 2 - 8:
        page.click("#timeline", x, y)
        expect.that(expect.text("#details strong").startswith(f"#{sequence} "),
                    "a click on a bar does not show its details")
        expect.that(expect.text("#timeline-now").startswith(f"#{sequence} "),
                    "nothing is said below the timeline")


def check_list(expect, count):
    page = expect.page
    page.keys("#rows", "\ue011\ue015")  # home, arrow down
    first = expect.text("#details strong")
    expect.that(first.startswith("#"), "the arrow keys choose nothing")
    page.keys("#rows", "\ue010")  # end
    expect.that(count == 1 or count == 2 or first != expect.text("#details strong"), "the end key goes nowhere")
    expect.that(page.script("return document.querySelector('.row.chosen') !== null"), "the last row is not shown")
    for name in ("outcome", "time", "program", "directory"):
        terms = page.script("return [...document.querySelectorAll('#details dt')].map((one) => one.textContent)")
        expect.that(name in terms, f"the details have no {name}")
    if expect.data("data.parent.some((parent) => parent >= 0)"):
        page.script("document.getElementById('close-all').click()")
        closed = page.script("return document.getElementById('space').clientHeight")
        page.keys("#rows", "\ue011")
        page.script("document.getElementById('open-all').click()")
        opened = page.script("return document.getElementById('space').clientHeight")
        expect.that(closed < opened == 22 * count, "branches do not close and open")
        parent = page.script("""
          const row = document.querySelector('.row[aria-expanded=true]');
          row?.click();
          return row !== null""")
        if parent:
            page.keys("#rows", "\ue012")  # arrow left
            expect.that(page.script("return document.getElementById('space').clientHeight") < opened,
                        "the left arrow does not close a branch")
            page.keys("#rows", "\ue014\ue014")  # arrow right, twice
            expect.that("started by" in page.script(
                "return [...document.querySelectorAll('#details dt')].map((one) => one.textContent)"),
                "the right arrow does not go to the first child")
    page.keys("#find", "no command line has this in it")
    expect.count(0, "the search")
    page.script("document.getElementById('filters').reset()")
    page.script("document.getElementById('failed').click()")
    expect.count(expect.data("data.failed.filter(Boolean).length"), "the filter of failures")
    page.script("document.getElementById('failed').click()")
    expect.count(count, "all again")
    choose = """
      const select = document.getElementById(arguments[0]);
      select.selectedIndex = arguments[1];
      select.dispatchEvent(new Event('input', {bubbles: true}));"""
    page.script(choose, "command", 1)
    same = expect.data("data.command.filter((one) => data.words[one] === document.getElementById('command').value).length")
    expect.count(same, "the filter of commands")
    page.script(choose, "command", 0)
    longest = expect.data("Math.max(...data.length)")
    page.keys("#least", str(longest / 1000))
    expect.count(expect.data("data.length.filter((one) => one >= Math.max(...data.length)).length"), "the filter of times")
    page.script("document.getElementById('filters').reset()")
    page.script(choose, "order", 2)
    page.wait("document.querySelector('#rows').getAttribute('role') === 'listbox'", "the order")
    expect.count(count, "all in another order")
    slowest = page.script("return Number(document.querySelector('.row[data-place]').dataset.place)")
    expect.that(expect.data(f"data.length[{slowest}]") == longest, "the slowest does not stand first")
    page.script(choose, "order", 0)


def check_tables(expect):
    page = expect.page
    click = """
      const buttons = [...document.querySelectorAll('main button[data-place]')];
      for (const button of [buttons[0], buttons.at(-1)]) {
        button.click();
        if (document.querySelector('.row.chosen')?.dataset.place !== button.dataset.place) return false;
      }
      return true"""
    expect.that(page.script(click), "a line of a table does not lead to its row")
    titles = page.script("return [...document.querySelectorAll('h2')].map((one) => one.textContent)")
    for title in ("Time by command", "Critical path", "Slowest by themselves"):
        expect.that(title in titles, f"there is no {title}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--screenshot", type=pathlib.Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1400)
    parser.add_argument("--height", type=int, default=1000)
    options = parser.parse_args()
    with browser(options.width, options.height) as page:
        page.post("/url", url=options.report.resolve().as_uri())
        page.wait("document.documentElement.dataset.ready === 'yes'", "the page")
        expect = Expectations(page)
        check(expect)
        scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
        light = page.script("return getComputedStyle(document.body).backgroundColor")
        page.post("/goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params=scheme)
        dark = page.script("return getComputedStyle(document.body).backgroundColor")
        expect.that(light != dark, "light and dark look the same")
        if not options.dark:
            page.post("/goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params={"features": []})
        if options.screenshot:
            page.script("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            options.screenshot.write_bytes(base64.b64decode(page.call("GET", page.session + "/screenshot")))
        expect.problems += [entry["message"] for entry in page.log() if entry["level"] == "SEVERE"]
    for problem in expect.problems:
        print(problem)
    sys.exit(1 if expect.problems else 0)


if __name__ == "__main__":
    main()
