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
                yield opened
                opened.quit()
                break
        else:
            raise SystemExit("chromedriver did not start")
    finally:
        driver.terminate()
        driver.wait()


def check(page, problems):
    """Uses the page as a person does, and gathers what is wrong."""

    def expect(is_fine, what):
        if not is_fine:
            problems.append(what)

    count = page.script("return JSON.parse(document.getElementById('data').textContent).command.length")
    expect(page.script("return document.querySelectorAll('*').length") < 3000, "too many elements")
    expect(page.script("return window.pwned === undefined && document.title !== 'pwned'"),
           "a script of the recording ran")
    expect(page.script("return document.getElementById('count').textContent") == f"{count} of {count}",
           "the list does not have all")
    if count == 0:
        return
    colors = """
      const canvas = document.getElementById('timeline');
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      return new Set(new Uint32Array(pixels.buffer)).size"""
    expect(page.script(colors) > 2, "the timeline is empty")
    page.keys("#rows", "\ue015")  # arrow down
    first = page.script("return document.querySelector('#details strong').textContent")
    expect(first.startswith("#"), "the arrow keys choose nothing")
    page.keys("#rows", "\ue010")  # end
    last = page.script("return document.querySelector('#details strong').textContent")
    expect(count == 1 or first != last, "the end key goes nowhere")
    expect(page.script("return document.querySelector('.row.chosen') !== null"), "the last row is not shown")
    before = page.script("return document.getElementById('timeline').toDataURL()")
    page.keys("#timeline", "+++")
    page.script("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    whole = page.script("return JSON.parse(document.getElementById('data').textContent).whole")
    expect(whole < 1000 or before != page.script("return document.getElementById('timeline').toDataURL()"),
           "the plus key does not zoom")
    page.keys("#timeline", "\ue011")  # home
    page.keys("#find", "no command line has this in it")
    page.wait(f"document.getElementById('count').textContent === '0 of {count}'", "the search")
    page.script("document.getElementById('filters').reset()")
    page.script("document.getElementById('failed').click()")
    failed = page.script(
        "return JSON.parse(document.getElementById('data').textContent).failed.filter(Boolean).length")
    page.wait(f"document.getElementById('count').textContent === '{failed} of {count}'", "the filter")
    page.script("document.getElementById('failed').click()")
    page.wait(f"document.getElementById('count').textContent === '{count} of {count}'", "all again")
    click = """
      const button = document.querySelector('button[data-place]');
      if (button) button.click();
      return !button || document.querySelector('.row.chosen')?.dataset.place === button.dataset.place"""
    expect(page.script(click), "a line of a table does not lead to its row")
    page.script("scrollTo(0, 0)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("--screenshot", type=pathlib.Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1400)
    parser.add_argument("--height", type=int, default=1000)
    options = parser.parse_args()
    problems = []
    with browser(options.width, options.height) as page:
        page.post("/url", url=options.report.resolve().as_uri())
        page.wait("document.documentElement.dataset.ready === 'yes'", "the page")
        check(page, problems)
        scheme = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
        light = page.script("return getComputedStyle(document.body).backgroundColor")
        page.post("/goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params=scheme)
        dark = page.script("return getComputedStyle(document.body).backgroundColor")
        if light == dark:
            problems.append("light and dark look the same")
        if not options.dark:
            page.post("/goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params={"features": []})
        if options.screenshot:
            page.script("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            options.screenshot.write_bytes(base64.b64decode(page.call("GET", page.session + "/screenshot")))
        problems += [entry["message"] for entry in page.log() if entry["level"] == "SEVERE"]
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
