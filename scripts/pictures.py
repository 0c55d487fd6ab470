#!/usr/bin/env python3
"""Makes the pictures of the documentation from a real build.

    pictures.py SOURCE

SOURCE is an unpacked source package with ./configure; it is built there. The pictures in docs/pictures are
of GNU diffutils 3.8. Needs build/bin/cmdmox, Chromium and chromedriver.
"""

import base64
import html
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "Tests/Report"))
import page  # noqa: E402 - stands beside the tests that use it

TOOL = TOP / "build/bin/cmdmox"
PICTURES = TOP / "docs/pictures"
COLUMNS = 132
COLORS = {"31": "bad", "33": "changed", "36": "new", "1": "bold", "2": "dim"}
STYLE = """
  body { margin: 0; padding: 14px 18px; background: #0d1117; color: #e6edf3; width: max-content; }
  pre { margin: 0; font: 14px/1.35 "DejaVu Sans Mono", monospace; }
  .bad { color: #ff7b72; } .changed { color: #e3b341; } .new { color: #76e3ea; }
  .bold { font-weight: 700; } .dim { color: #8b949e; } .prompt { color: #7ee787; }"""


def run(source, *words):
    subprocess.run(words, cwd=source, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def on_terminal(folder, words):
    """What a terminal shows of a command, with the colours."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(COLUMNS=str(COLUMNS), TERM="xterm", PAGER="cat")
        os.execv(TOOL, ["cmdmox", *words])
    text = b""
    try:
        while piece := os.read(terminal, 1 << 16):
            text += piece
    except OSError:  # the terminal goes with the last of its programs
        pass
    os.waitpid(pid, 0)
    return text.decode().replace("\r\n", "\n")


def as_html(text):
    def span(found):
        name = COLORS[found[1]]
        return f'<span class="{name}">{found[2]}</span>'

    return re.sub(r"\x1b\[(\d+)m(.*?)\x1b\[0m", span, html.escape(text), flags=re.DOTALL)


def terminal_picture(browser, folder, name, *commands):
    parts = []
    for words, last in commands:
        lines = on_terminal(folder, words).split("\n")
        shown = "\n".join(lines[:last])
        parts.append(f'<span class="prompt">$</span> cmdmox {html.escape(" ".join(words))}\n{as_html(shown)}')
    document = folder / f"{name}.html"
    document.write_text(f'<!DOCTYPE html><meta charset="utf-8"><style>{STYLE}</style><pre>'
                        + "\n".join(parts) + "</pre>")
    browser.post("/url", url=document.as_uri())
    size = browser.script("return [document.body.offsetWidth, document.documentElement.offsetHeight]")
    save(browser, name, *size)


def report_picture(browser, folder, name, find, height, dark):
    browser.post("/url", url=(folder / f"{name}.html").as_uri())
    browser.wait("document.documentElement.dataset.ready === 'yes'", "the page")
    media = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    browser.post("/goog/cdp/execute", cmd="Emulation.setEmulatedMedia", params={"features": media})
    browser.script("""
      const row = [...document.querySelectorAll('main button[data-place]')]
        .find((one) => one.textContent.includes(arguments[0]));
      row.click();
      document.activeElement.blur();
      scrollTo(0, 0);""", find)
    save(browser, name, 1400, height)


def save(browser, name, width, height):
    browser.post("/goog/cdp/execute", cmd="Emulation.setDeviceMetricsOverride",
                 params={"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    browser.script("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = browser.call("GET", browser.session + "/screenshot")
    (PICTURES / f"{name}.png").write_bytes(base64.b64decode(picture))
    browser.post("/goog/cdp/execute", cmd="Emulation.clearDeviceMetricsOverride", params={})


def main():
    source = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        build = ["sh", "-c", "./configure -q && make -s -j2"]
        run(source, TOOL, "trace", "-q", "-o", folder / "build.json", "--", *build)
        run(folder, TOOL, "report", "build.json", "-o", "report.html")
        # Somebody breaks a source, and builds again.
        broken = source / "src/util.c"
        intact = broken.read_bytes()
        broken.write_bytes(intact + b"\nint broken (void) { return }\n")
        failing = [TOOL, "record", "-q", "--depth", "all", "-o", folder / "broken.json", "--", "make", "-s"]
        subprocess.run(failing, cwd=source, check=False, capture_output=True)
        broken.write_bytes(intact)
        run(folder, TOOL, "report", "broken.json", "-o", "report-failed.html")
        with page.browser(1500, 1000) as browser:
            terminal_picture(
                browser, folder, "show", (["show", "build.json", "--tree", "--grep", "analyze"], 40),
                (["show", "build.json", "--slowest", "5", "--own"], 7),
                (["show", "broken.json", "--failed"], 12))
            report_picture(browser, folder, "report", "diff.d", 1120, False)
            report_picture(browser, folder, "report-failed", "cc1", 1000, True)


if __name__ == "__main__":
    main()
