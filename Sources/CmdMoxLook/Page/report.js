"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { words, whole } = data;
  const count = data.command.length;
  const start = new Float64Array(count);
  for (let place = 0, time = 0; place < count; place++) start[place] = time += data.start[place];
  const children = Array.from({ length: count }, () => null);
  const outermost = [];
  for (let place = 0; place < count; place++) {
    const parent = data.parent[place];
    if (parent < 0) outermost.push(place);
    else (children[parent] ??= []).push(place);
  }
  const element = (id) => document.getElementById(id);

  // Words

  const duration = (us) => {
    if (us < 0) return "";
    if (us < 1e3) return `${us} µs`;
    // Three digits, the rest cut off, as everywhere else.
    const short = (value) => {
      const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
      return (Math.floor(value * 10 ** digits) / 10 ** digits).toFixed(digits);
    };
    if (us < 1e6) return `${short(us / 1e3)} ms`;
    if (us < 6e7) return `${short(us / 1e6)} s`;
    const two = (value) => String(Math.floor(value)).padStart(2, "0");
    if (us < 3.6e9) return `${Math.floor(us / 6e7)} min ${two((us / 1e6) % 60)} s`;
    return `${Math.floor(us / 3.6e9)} h ${two((us / 6e7) % 60)} min`;
  };
  const sentence = (numbers) => numbers.map((word) => words[word]).join(" ");
  const lines = new Map();
  const line = (place) => {
    let text = lines.get(place);
    if (text === undefined) {
      text = sentence([data.command[place], ...data.args[place]]);
      if (lines.size > 20000) lines.clear();
      lines.set(place, text);
    }
    return text;
  };

  // The list: only the rows that can be seen are in the page.

  const rowHeight = 22;
  const rows = element("rows");
  const space = element("space");
  const closed = new Set();
  let shown = [];
  let depths = [];
  let isTree = true;
  let chosen = -1;

  const filter = () => {
    const find = element("find").value.toLowerCase();
    const command = element("command").value;
    const least = (parseFloat(element("least").value) || 0) * 1e3;
    const failed = element("failed").checked;
    if (!find && !command && !least && !failed) return null;
    return (place) =>
      (!command || words[data.command[place]] === command) &&
      (!failed || data.failed[place] === 1) &&
      data.length[place] >= least &&
      (!find || line(place).toLowerCase().includes(find));
  };

  const refresh = () => {
    const wanted = filter();
    const order = element("order").value;
    isTree = order === "tree";
    shown = [];
    depths = [];
    let found = 0;
    if (isTree) {
      let keep = null;
      if (wanted) {
        keep = new Uint8Array(count);
        for (let place = 0; place < count; place++) {
          if (!wanted(place)) continue;
          found++;
          for (let here = place; here >= 0 && !keep[here]; here = data.parent[here]) keep[here] = 1;
        }
      } else found = count;
      const waiting = outermost.toReversed().map((place) => [place, 0]);
      while (waiting.length) {
        const [place, depth] = waiting.pop();
        if (keep && !keep[place]) continue;
        shown.push(place);
        depths.push(depth);
        if (closed.has(place)) continue;
        const below = children[place];
        if (below) for (let i = below.length - 1; i >= 0; i--) waiting.push([below[i], depth + 1]);
      }
    } else {
      for (let place = 0; place < count; place++) if (!wanted || wanted(place)) shown.push(place);
      found = shown.length;
      if (order === "slowest") shown.sort((a, b) => data.length[b] - data.length[a] || a - b);
      else if (order === "own") shown.sort((a, b) => data.own[b] - data.own[a] || a - b);
      else shown.sort((a, b) => start[a] - start[b] || a - b);
    }
    element("count").textContent = `${found} of ${count}`;
    rows.setAttribute("role", isTree ? "tree" : "listbox");
    // Browsers have no elements of any height.
    space.style.height = `${Math.min(shown.length * rowHeight, 1.5e7)}px`;
    draw();
  };

  const cell = (name, text) => {
    const span = document.createElement("span");
    span.className = name;
    span.textContent = text;
    return span;
  };

  const draw = () => {
    const first = Math.max(0, Math.floor(rows.scrollTop / rowHeight) - 4);
    const last = Math.min(shown.length, first + Math.ceil(rows.clientHeight / rowHeight) + 8);
    const made = [];
    for (let index = first; index < last; index++) {
      const place = shown[index];
      const row = document.createElement("div");
      row.className =
        "row" + (place === chosen ? " chosen" : "") + (data.failed[place] ? " failed" : "");
      row.style.top = `${index * rowHeight}px`;
      row.id = `row-${place}`;
      row.dataset.place = place;
      row.setAttribute("role", isTree ? "treeitem" : "option");
      row.setAttribute("aria-selected", String(place === chosen));
      row.append(
        cell("number", data.sequence[place]), cell("time", duration(data.length[place])),
        cell("outcome", words[data.outcome[place]]));
      if (isTree) {
        const depth = depths[index];
        row.setAttribute("aria-level", depth + 1);
        const indent = cell("indent", "");
        indent.style.width = `${Math.min(depth, 40) * 14}px`;
        indent.style.padding = "0";
        const hasChildren = children[place] !== null;
        if (hasChildren) row.setAttribute("aria-expanded", String(!closed.has(place)));
        row.append(indent, cell("twist", hasChildren ? (closed.has(place) ? "▸" : "▾") : ""));
      }
      row.append(cell("what", line(place).slice(0, 600)));
      made.push(row);
    }
    space.replaceChildren(...made);
    if (document.getElementById(`row-${chosen}`)) rows.setAttribute("aria-activedescendant", `row-${chosen}`);
    else rows.removeAttribute("aria-activedescendant");
  };

  const scrollTo = (index) => {
    // The titles stand over the first row.
    const [top, room] = [index * rowHeight, rows.clientHeight - rowHeight];
    if (top < rows.scrollTop) rows.scrollTop = top;
    else if (top + rowHeight > rows.scrollTop + room) rows.scrollTop = top + rowHeight - room;
  };

  const toggle = (place) => {
    if (closed.has(place)) closed.delete(place);
    else closed.add(place);
    refresh();
  };

  // One invocation, in words.

  const choose = (place, reveal) => {
    chosen = place;
    if (reveal) {
      let isOpened = false;
      for (let here = data.parent[place]; here >= 0; here = data.parent[here])
        isOpened = closed.delete(here) || isOpened;
      if (isOpened || !shown.includes(place)) {
        if (!isOpened) {
          element("filters").reset();
          isTree = true;
        }
        refresh();
      }
      const index = shown.indexOf(place);
      if (index >= 0) scrollTo(Math.max(0, index));
    }
    draw();
    describe(place);
    say(place);
    paint();
  };

  const button = (place) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = `#${data.sequence[place]} ${line(place).slice(0, 200)}`;
    made.addEventListener("click", () => choose(place, true));
    return made;
  };

  const describe = (place) => {
    const panel = element("details");
    const title = document.createElement("strong");
    title.textContent = `#${data.sequence[place]} ${words[data.command[place]]}`;
    const command = document.createElement("pre");
    command.textContent = sentence([data.head[place], ...data.args[place]]);
    const list = document.createElement("dl");
    const fact = (name, ...values) => {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = name;
      value.append(...values);
      list.append(term, value);
    };
    const word = (index) => (index < 0 ? "unknown" : words[index]);
    const below = children[place] ?? [];
    fact("outcome", word(data.outcome[place]));
    fact("time", `${duration(data.length[place])}, from ${duration(start[place])} on`);
    if (below.length) fact("own", `${duration(data.own[place])} while nothing that it ran was running`);
    if (data.cpu[place] >= 0) fact("CPU", duration(data.cpu[place]));
    if (data.memory[place] >= 0) fact("memory", `${(data.memory[place] / 1024).toFixed(1)} MiB`);
    if (data.pid[place] >= 0) fact("process", String(data.pid[place]));
    fact("program", word(data.program[place]));
    fact("directory", word(data.cwd[place]));
    if (data.opaque[place] >= 0) fact("opaque", word(data.opaque[place]));
    for (const variable of data.env[place]) fact("variable", words[variable]);
    if (data.parent[place] >= 0) fact("started by", button(data.parent[place]));
    if (below.length) {
      const more = below.length > 50 ? [`and ${below.length - 50} more`] : [];
      fact("ran", ...below.slice(0, 50).map(button), ...more);
    }
    panel.replaceChildren(title, command);
    const error = data.errors[place];
    if (error) {
      const text = document.createElement("pre");
      text.className = "bad";
      text.textContent = error;
      panel.append(text);
    }
    panel.append(list);
    panel.scrollTop = 0;
  };

  rows.addEventListener("scroll", draw);
  rows.addEventListener("click", (event) => {
    const row = event.target.closest(".row[data-place]");
    if (!row) return;
    const place = Number(row.dataset.place);
    if (event.target.classList.contains("twist") && children[place]) toggle(place);
    else choose(place, false);
  });
  rows.addEventListener("keydown", (event) => {
    const at = shown.indexOf(chosen);
    const page = Math.max(1, Math.floor(rows.clientHeight / rowHeight) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    if (event.key in moves) {
      if (!shown.length) return;
      const next = at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + moves[event.key]));
      scrollTo(next);
      choose(shown[next], false);
    } else if (isTree && at >= 0 && event.key === "ArrowRight" && children[chosen]) {
      if (closed.has(chosen)) toggle(chosen);
      else choose(children[chosen][0], true);
    } else if (isTree && at >= 0 && event.key === "ArrowLeft") {
      if (children[chosen] && !closed.has(chosen)) toggle(chosen);
      else if (data.parent[chosen] >= 0) choose(data.parent[chosen], true);
    } else return;
    event.preventDefault();
  });
  let typing = 0;
  element("filters").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => { rows.scrollTop = 0; refresh(); }, 120);
  });
  element("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const made of document.querySelectorAll("button[data-place]"))
    made.addEventListener("click", () => {
      choose(Number(made.dataset.place), true);
      rows.scrollIntoView({ block: "nearest" });
    });
  element("close-all").addEventListener("click", () => {
    for (let place = 0; place < count; place++) if (children[place]) closed.add(place);
    rows.scrollTop = 0;
    refresh();
  });
  element("open-all").addEventListener("click", () => {
    closed.clear();
    refresh();
  });

  const totals = new Map();
  for (const word of data.command) totals.set(word, (totals.get(word) ?? 0) + 1);
  const most = [...totals].sort((a, b) => b[1] - a[1]).slice(0, 500);
  for (const [word, times] of most) {
    const option = document.createElement("option");
    option.value = words[word];
    option.textContent = `${words[word]} (${times})`;
    element("command").append(option);
  }

  // The timeline: a row for each level of each lane, drawn on a canvas.

  const canvas = element("timeline");
  const context = canvas.getContext("2d");
  const barHeight = 15;
  const topHeight = 40;
  const offsets = [];
  let levelCount = 0;
  for (const height of data.heights) {
    offsets.push(levelCount);
    levelCount += height;
  }
  // Levels that a lane begins with.
  const laneTops = new Set(offsets.slice(1));
  const levels = Array.from({ length: levelCount }, () => []);
  const order = Array.from({ length: count }, (_, place) => place).sort((a, b) => start[a] - start[b] || a - b);
  for (const place of order) levels[offsets[data.lane[place]] + data.level[place]].push(place);
  const ranks = new Map(data.palette.map((word, rank) => [word, rank]));
  const colorOf = (place) => colors[`c${ranks.get(data.command[place]) ?? 10}`];
  const full = Math.max(whole, 1);
  const view = { from: 0, to: full, top: 0 };
  let colors = {};
  const readColors = () => {
    const style = getComputedStyle(document.documentElement);
    const bars = Array.from({ length: 11 }, (_, rank) => `c${rank}`);
    for (const name of ["fore", "quiet", "line", "bad", "bar-text", ...bars])
      colors[name] = style.getPropertyValue(`--${name}`).trim();
  };

  const clampView = () => {
    const span = Math.min(full * 1.02, Math.max(20, view.to - view.from));
    view.from = Math.max(-full * 0.01, Math.min(view.from, full * 1.01 - span));
    view.to = view.from + span;
    const room = canvas.clientHeight - topHeight;
    view.top = Math.max(0, Math.min(view.top, levelCount * barHeight - room));
  };

  let isWaiting = false;
  const paint = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      paintNow();
    });
  };

  const paintNow = () => {
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    clampView();
    showWindow();
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const x = (time) => ((time - view.from) / (view.to - view.from)) * width;
    context.font = '11px system-ui, "DejaVu Sans", sans-serif';
    context.textBaseline = "middle";
    paintLevels(x, width, height);
    context.clearRect(0, 0, width, topHeight);
    paintAxis(x, width);
    paintCritical(x, width);
  };

  // Where in the whole session the timeline is.
  const showWindow = () => {
    const isAll = view.to - view.from >= full;
    const [from, to] = [Math.max(view.from, 0), Math.min(view.to, full)];
    const frame = element("window");
    frame.setAttribute("x", String((from / full) * 1000));
    frame.setAttribute("width", String(isAll ? 0 : Math.max(((to - from) / full) * 1000, 2)));
  };

  const steps = [
    ...[1, 10, 100, 1e3, 1e4, 1e5, 1e6].flatMap((power) => [power, power * 2, power * 5]),
    1e7, 1.5e7, 3e7, 6e7, 1.2e8, 3e8, 6e8, 1.8e9, 3.6e9, 7.2e9, 2.16e10, 8.64e10,
  ];
  // `0`, `5 ms`, `2.5 s`, `1:20`, `1:02:00`
  const moment = (us, step) => {
    if (us === 0) return "0";
    if (full < 1e6) return `${+(us / 1e3).toFixed(3)} ms`;
    const digits = Math.max(0, Math.ceil(6 - Math.log10(step)));
    if (full < 6e7) return `${(us / 1e6).toFixed(step < 1e6 ? digits : 0)} s`;
    const seconds = ((us / 1e6) % 60).toFixed(step < 1e6 ? digits : 0);
    const minutes = Math.floor(us / 6e7);
    const rest = `${minutes % 60}:${seconds.split(".")[0].length < 2 ? "0" : ""}${seconds}`;
    if (minutes < 60) return rest;
    return `${Math.floor(minutes / 60)}:${minutes % 60 < 10 ? "0" : ""}${rest}`;
  };

  const paintAxis = (x, width) => {
    const wanted = ((view.to - view.from) / width) * 110;
    const step = steps.find((one) => one >= wanted) ?? steps.at(-1);
    context.fillStyle = colors.quiet;
    context.strokeStyle = colors.line;
    context.lineWidth = 1;
    context.beginPath();
    for (let time = Math.max(0, Math.ceil(view.from / step) * step); time < view.to; time += step) {
      context.moveTo(x(time), 0);
      context.lineTo(x(time), 20);
      context.fillText(moment(Math.round(time), step), x(time) + 4, 11);
    }
    context.moveTo(0, topHeight - 2);
    context.lineTo(width, topHeight - 2);
    context.stroke();
  };

  const paintCritical = (x, width) => {
    let done = -1;
    for (const [place, from, to] of data.critical) {
      const [left, right] = [Math.max(x(from), 0), Math.min(x(to), width)];
      if (right < 0 || left > width || right - done < 0.5) continue;
      context.fillStyle = place < 0 ? colors.line : colorOf(place);
      context.fillRect(Math.max(left, done), 22, Math.max(right - Math.max(left, done), 0.5), 13);
      done = right;
    }
  };

  const paintLevels = (x, width, height) => {
    const first = Math.max(0, Math.floor(view.top / barHeight));
    const last = Math.min(levelCount, Math.ceil((view.top + height - topHeight) / barHeight) + 1);
    for (let level = first; level < last; level++) {
      const y = topHeight + level * barHeight - view.top;
      if (laneTops.has(level)) {
        context.fillStyle = colors.line;
        context.fillRect(0, y - 0.5, width, 1);
      }
      let done = -1;
      const all = levels[level];
      for (let index = firstVisible(all); index < all.length; index++) {
        const place = all[index];
        if (start[place] > view.to) break;
        const left = Math.max(x(start[place]), 0);
        const right = Math.min(Math.max(x(start[place] + data.length[place]), left + 1), width);
        if (right - done < 0.7 && place !== chosen) continue;
        paintBar(place, Math.max(left, done), right, y);
        done = right;
      }
    }
  };

  // In a level nothing overlaps: ends are in order, too.
  const firstVisible = (all) => {
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start[all[middle]] + data.length[all[middle]] < view.from) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const paintBar = (place, left, right, y) => {
    const width = Math.max(right - left, 0.7);
    context.fillStyle = colorOf(place);
    context.fillRect(left, y + 1, width, barHeight - 2);
    if (data.failed[place]) {
      context.fillStyle = colors.bad;
      context.fillRect(left, y + barHeight - 4, width, 3);
    }
    if (place === chosen) {
      context.strokeStyle = colors.fore;
      context.lineWidth = 2;
      context.strokeRect(left + 1, y + 1, Math.max(width - 2, 1), barHeight - 2);
    }
    if (width < 24) return;
    context.save();
    context.beginPath();
    context.rect(left, y, width - 2, barHeight);
    context.clip();
    context.fillStyle = colors["bar-text"];
    context.fillText(width > 90 ? line(place).slice(0, 200) : words[data.command[place]], left + 4, y + barHeight / 2 + 1);
    context.restore();
  };

  const placeAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const time = view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from);
    const y = event.clientY - box.top;
    const slack = ((view.to - view.from) / box.width) * 2;
    if (y < topHeight) {
      const piece = y > 20 && data.critical.find(([, from, to]) => from <= time && time <= to);
      return piece ? piece[0] : -1;
    }
    const all = levels[Math.floor((y - topHeight + view.top) / barHeight)];
    if (!all) return -1;
    let best = -1;
    let distance = slack;
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start[all[middle]] <= time) low = middle + 1;
      else high = middle;
    }
    for (const place of all.slice(Math.max(0, low - 2), low + 1)) {
      const away = Math.max(start[place] - time, time - start[place] - data.length[place], 0);
      if (away <= distance) [best, distance] = [place, away];
    }
    return best;
  };

  const zoom = (factor, center) => {
    const [before, after] = [center - view.from, view.to - center];
    const span = Math.min(Math.max((before + after) * factor, 20), full * 1.02);
    const share = before / (before + after);
    view.from = center - span * share;
    view.to = view.from + span;
    paint();
  };
  const move = (share, rowsDown) => {
    const by = (view.to - view.from) * share;
    view.from += by;
    view.to += by;
    view.top += rowsDown * barHeight;
    paint();
  };

  canvas.addEventListener("wheel", (event) => {
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // The wheel alone scrolls the page.
    if (!event.ctrlKey && !isSideways) return;
    event.preventDefault();
    if (!event.ctrlKey) {
      move((event.deltaX || event.deltaY) / canvas.clientWidth, 0);
      return;
    }
    const box = canvas.getBoundingClientRect();
    const center = view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from);
    zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.01), center);
  }, { passive: false });
  const say = (place) => {
    element("timeline-now").textContent =
      place < 0
        ? ""
        : `#${data.sequence[place]} · ${words[data.outcome[place]]} · ${duration(data.length[place])} · ` +
          line(place).slice(0, 400);
  };
  const showAll = () => {
    Object.assign(view, { from: 0, to: full, top: 0 });
    paint();
  };
  const showChosen = () => {
    if (chosen < 0) return;
    const margin = Math.max(data.length[chosen] * 0.05, 10);
    view.from = start[chosen] - margin;
    view.to = start[chosen] + data.length[chosen] + margin;
    const level = offsets[data.lane[chosen]] + data.level[chosen];
    const room = canvas.clientHeight - topHeight - barHeight;
    view.top = Math.min(view.top, level * barHeight);
    view.top = Math.max(view.top, level * barHeight - room);
    paint();
  };
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY, isMoved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) {
      const place = placeAt(event);
      say(place < 0 ? chosen : place);
      return;
    }
    const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.isMoved && Math.hypot(right, down) < 4) return;
    Object.assign(drag, { x: event.clientX, y: event.clientY, isMoved: true });
    view.top -= down;
    move(-right / canvas.clientWidth, 0);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (drag && !drag.isMoved) {
      const place = placeAt(event);
      if (place >= 0 && place === chosen) showChosen();
      else if (place >= 0) choose(place, true);
    }
    drag = null;
  });
  canvas.addEventListener("keydown", (event) => {
    const center = (view.from + view.to) / 2;
    const actions = {
      "+": () => zoom(0.7, center), "=": () => zoom(0.7, center), "-": () => zoom(1.4, center),
      ArrowLeft: () => move(-0.15, 0), ArrowRight: () => move(0.15, 0),
      ArrowUp: () => move(0, -3), ArrowDown: () => move(0, 3),
      PageUp: () => move(0, -15), PageDown: () => move(0, 15),
      Home: showAll, Enter: showChosen,
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    action();
  });

  canvas.addEventListener("pointerleave", () => say(chosen));
  const middle = () => (view.from + view.to) / 2;
  element("zoom-in").addEventListener("click", () => zoom(0.5, middle()));
  element("zoom-out").addEventListener("click", () => zoom(2, middle()));
  element("zoom-all").addEventListener("click", showAll);
  element("zoom-chosen").addEventListener("click", showChosen);

  // Below few lanes there is nothing to see.
  canvas.style.height = `${Math.max(90, Math.min(levelCount * barHeight + topHeight + 6, 480))}px`;
  const theme = () => { readColors(); paint(); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  addEventListener("resize", () => { draw(); paint(); });
  readColors();
  refresh();
  paintNow();
  document.documentElement.dataset.ready = "yes";
})();
