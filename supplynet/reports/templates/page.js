"use strict";
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tell = (text) => { document.getElementById("told").textContent = text; };

  // -- light and dark -----------------------------------------------------------------------

  function themes() {
    const button = document.getElementById("theme");
    const prefers = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () =>
      root.dataset.theme ? root.dataset.theme === "dark" : prefers.matches;
    const show = () => {
      button.textContent = isDark() ? "Light" : "Dark";
      button.setAttribute("aria-label", `Show the page ${isDark() ? "light" : "dark"}`);
    };
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      show();
    });
    prefers.addEventListener("change", show);
    show();
  }

  // -- tables: sort and copy ------------------------------------------------------------------

  const textOf = (cell) => cell.textContent.trim().replace(/\s+/g, " ");

  function compare(one, other) {
    const [a, b] = [one.dataset.value, other.dataset.value];
    if (a !== undefined && b !== undefined) return Number(a) - Number(b);
    if (a !== undefined || b !== undefined) return a === undefined ? -1 : 1;
    return textOf(one).localeCompare(textOf(other), "en", { numeric: true });
  }

  function sort(table, place) {
    const heads = [...table.tHead.rows[0].cells];
    const before = heads[place].getAttribute("aria-sort");
    const isBack = before && (before === "descending") !== heads[place].classList.contains("n");
    if (isBack) return unsort(table, heads);
    // numbers begin with the largest; the third time the rows are as they were
    const isUp = before ? before === "descending" : !heads[place].classList.contains("n");
    for (const head of heads) head.removeAttribute("aria-sort");
    const order = isUp ? "ascending" : "descending";
    heads[place].setAttribute("aria-sort", order);
    const rows = [...table.tBodies[0].rows];
    rows.sort((a, b) => (isUp ? 1 : -1) * compare(a.cells[place], b.cells[place]));
    table.classList.add("sorted");
    table.tBodies[0].append(...rows);
    tell(`Sorted by ${textOf(heads[place])}, ${order}`);
  }

  const standing = new WeakMap(); // table -> its rows in the order of the document

  function unsort(table, heads) {
    for (const head of heads) head.removeAttribute("aria-sort");
    table.classList.remove("sorted");
    table.tBodies[0].append(...standing.get(table));
    tell("In the order of the report");
  }

  function asText(table) {
    // what a spreadsheet would take for a formula stays text
    const quiet = (text) => (/^[=+@\uFF1D\uFF0B\uFF20]|^[-\uFF0D]./.test(text) ? `'${text}` : text);
    const cell = (one) => one.dataset.value ?? quiet(textOf(one));
    return [...table.rows].map((row) => [...row.cells].map(cell).join("\t")).join("\n");
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const isDone = document.execCommand("copy");
      area.remove();
      return isDone;
    }
  }

  function tables() {
    const wide = new ResizeObserver((list) => list.forEach(({ target }) => target.classList.toggle("over", target.scrollWidth > target.clientWidth + 1)));
    all(".table .scroll").forEach((one) => wide.observe(one));
    for (const table of all("main table")) {
      standing.set(table, [...table.tBodies[0].rows]);
      [...table.tHead.rows[0].cells].forEach((head, place) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...head.childNodes);
        button.addEventListener("click", () => sort(table, place));
        head.append(button);
      });
    }
    for (const button of all("button.copy")) {
      button.addEventListener("click", async () => {
        const table = document.getElementById(button.dataset.table).querySelector("table");
        const isDone = await copy(asText(table));
        tell(isDone ? "Copied" : "The browser did not let the page copy");
        const [label] = button.childNodes;
        label.data = isDone ? "Copied" : "Not copied";
        setTimeout(() => { label.data = "Copy"; }, 2000);
      });
    }
  }

  /** What the answer rests on is folded until somebody asks for it, by its head or its address. */
  function folds() {
    for (const section of all("section.fold")) {
      const [head] = all("h2", section);
      const body = document.createElement("div");
      body.className = "folded";
      body.id = `${section.id}-body`;
      body.append(...[...section.childNodes].filter((node) => node !== head));
      section.append(body);
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-controls", body.id);
      button.append(...head.childNodes);
      head.append(button);
      const turn = (isOpen) => {
        body.hidden = !isOpen;
        button.setAttribute("aria-expanded", String(isOpen));
      };
      button.addEventListener("click", () => turn(body.hidden));
      turn(false);
    }
    const reveal = () => unfold(location.hash);
    addEventListener("hashchange", reveal);
    reveal();
  }

  /** Open the section that an address names a part of. */
  function unfold(hash) {
    const part = hash.includes("=") ? null : document.getElementById(hash.slice(1));
    const section = part?.closest("section.fold");
    if (!section) return;
    section.querySelector('h2 button[aria-expanded="false"]')?.click();
    part.scrollIntoView();
  }

  /** The list of contents is short where the screen is. */
  function contents() {
    const list = document.querySelector(".contents details");
    if (list && innerWidth < 700) list.open = false;
    list?.addEventListener("click", (event) => follow(event, event.target.closest("a")));
    document.addEventListener("click", (event) => follow(event, event.target.closest("a.cite")));

    function follow(event, link) {
      if (link) unfold(link.hash);
      if (!link || !location.hash.includes("=")) return;
      event.preventDefault(); // the address keeps the choice of the live part
      const section = document.getElementById(link.hash.slice(1));
      section.setAttribute("tabindex", "-1");
      section.focus({ preventScroll: true });
      section.scrollIntoView();
    }
  }

  // -- pictures: what is said on pointing at a part, and what belongs to it ---------------------

  const said = new WeakMap(); // part of a picture -> lines
  const tip = document.createElement("div");

  function show(part, x, y) {
    tip.replaceChildren(
      ...said.get(part).map((line) => {
        const row = document.createElement("div");
        row.textContent = line;
        return row;
      }),
    );
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(x + 14, innerWidth - width - 8);
    const top = y + 18 + height > innerHeight ? y - height - 12 : y + 18;
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${Math.max(8, top)}px`;
    pick(part);
  }

  function hide(svg) {
    tip.hidden = true;
    svg.classList.remove("picked");
  }

  const endsOf = (part) => (part.dataset.ends ?? "").split(" ").filter(Boolean);

  function pick(part) {
    const svg = part.ownerSVGElement;
    const parts = all("[data-ends]", svg);
    const own = endsOf(part);
    if (!own.length) return svg.classList.remove("picked");
    const isRibbon = (one) => endsOf(one).length === 2;
    const near = new Set(own);
    if (!isRibbon(part)) {
      for (const one of parts) {
        const ends = endsOf(one);
        if (ends.length === 2 && ends.includes(own[0])) ends.forEach((end) => near.add(end));
      }
    }
    for (const one of parts) {
      const ends = endsOf(one);
      const isLit = isRibbon(one)
        ? isRibbon(part) ? one === part : ends.includes(own[0])
        : near.has(ends[0]);
      one.classList.toggle("lit", isLit);
    }
    svg.classList.add("picked");
  }

  /** Let a picture be pointed at and walked through: one stop of the tab key, then arrows. */
  function animate(svg) {
    svg.setAttribute("role", "group");
    for (const title of all(":scope > * > title", svg)) {
      said.set(title.parentNode, title.textContent.split("\n"));
      title.remove();
    }
    const parts = [...svg.children].filter((part) => said.has(part));
    let last = "";
    const stops = parts.filter((part) => {
      const text = said.get(part).join("; ");
      const isNew = text !== last;
      last = text;
      if (isNew) {
        part.setAttribute("role", "img");
        part.setAttribute("aria-label", text);
        part.setAttribute("tabindex", "-1");
      }
      return isNew;
    });
    stops[0]?.setAttribute("tabindex", "0");
    return stops;
  }

  const stopsOf = new WeakMap();

  function alive(svg) {
    stopsOf.set(svg, animate(svg));
  }

  function pictures() {
    tip.className = "tip";
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true"); // the part that has the focus says the same
    document.body.append(tip);
    const partAt = (event) => {
      const part = event.target.closest?.("svg.scene > *");
      return part && said.has(part) ? part : null;
    };
    let current = null;
    document.addEventListener("pointermove", (event) => {
      const part = partAt(event);
      if (part) show(part, event.clientX, event.clientY);
      else if (current) hide(current.ownerSVGElement);
      current = part;
    });
    document.addEventListener("pointerdown", (event) => {
      const part = partAt(event);
      if (part) show(part, event.clientX, event.clientY);
    });
    document.addEventListener("focusin", (event) => {
      const part = partAt(event);
      if (!part) return;
      const { left, bottom, width } = part.getBoundingClientRect();
      show(part, left + width / 2, Math.min(bottom, innerHeight) - 12);
    });
    document.addEventListener("focusout", (event) => {
      const part = partAt(event);
      if (part) hide(part.ownerSVGElement);
    });
    document.addEventListener("keydown", (event) => {
      const part = partAt(event);
      if (!part) return;
      const stops = stopsOf.get(part.ownerSVGElement) ?? [];
      const at = stops.indexOf(part);
      const to = {
        ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
        Home: 0, End: stops.length - 1,
      }[event.key];
      if (event.key === "Escape") hide(part.ownerSVGElement);
      if (to === undefined || !stops[to]) return;
      event.preventDefault();
      part.setAttribute("tabindex", "-1");
      stops[to].setAttribute("tabindex", "0");
      stops[to].focus();
    });
    all("svg.scene").forEach(alive);
  }

  // -- switches: one state of many, all worked out ahead ----------------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const tenth = (number) => String(number / 10);

  function element(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  const wordsOf = (data, place) => data.texts[place];

  function mark(data, [look, ...rest]) {
    const [kind, attributes] = data.looks[look];
    if (kind === "text") {
      const [text, x, y] = rest;
      const made = element("text", { ...attributes, x: tenth(x), y: tenth(y) });
      made.textContent = wordsOf(data, text);
      return made;
    }
    const hover = rest.shift();
    const ends = kind === "rectangle" ? rest.splice(0, 1) : rest.splice(0, 2);
    let made;
    if (kind === "rectangle") {
      const [x, y, width, height] = rest.map(tenth);
      made = element("rect", { ...attributes, x, y, width, height });
    } else {
      const [x, y, path] = rest;
      made = element("path", { ...attributes, d: `M${tenth(x)} ${tenth(y)}${data.paths[path]}` });
    }
    const known = ends.filter((end) => end >= 0);
    if (known.length) made.dataset.ends = known.join(" ");
    if (hover >= 0) said.set(made, data.hovers[hover].map((line) => wordsOf(data, line)));
    return made;
  }

  function picture(data, place, name) {
    const [width, height, title, about, ...layers] = data.scenes[place];
    const marks = layers.flatMap((layer) => data.layers[layer]);
    const svg = element("svg", {
      class: "scene", viewBox: `0 0 ${tenth(width)} ${tenth(height)}`,
      "aria-labelledby": `${name}-title`, "aria-describedby": `${name}-about`,
    });
    const head = element("title", { id: `${name}-title` });
    head.textContent = wordsOf(data, title);
    const text = element("desc", { id: `${name}-about` });
    text.textContent = wordsOf(data, about);
    svg.append(head, text, ...marks.map((one) => mark(data, one)));
    return svg;
  }

  /**
   * Show one state. The only way in which figures and pictures of a box change, so that new data
   * can be shown by it as well.
   *
   * @param {Element} box an element of class explore
   * @param {Object} state the id of a choice by the name of each axis
   * @param {Object} data figures (axes, facts, states) and, once unpacked, pictures
   */
  function render(box, state, { figures, pictures }) {
    let place = 0;
    for (const axis of figures.axes) {
      const choice = axis.choices.indexOf(state[axis.name]);
      place = place * axis.choices.length + choice;
      const chosen = all(`input[name="${axis.name}"]`, box)[choice];
      chosen.checked = true;
      const scale = box.querySelector(`input[data-axis="${axis.name}"]`);
      if (scale) {
        const title = chosen.parentElement.textContent;
        scale.value = choice;
        scale.setAttribute("aria-valuetext", title);
        scale.nextElementSibling.textContent = title;
      }
    }
    const { summary, texts } = figures.states[place];
    box.querySelector(".summary").textContent = summary;
    figures.facts.forEach((name, fact) => {
      box.querySelector(`[data-fact="${name}"]`).textContent = texts[fact];
    });
    tip.hidden = true;
    pictures?.views.forEach((view, number) => {
      const old = box.querySelector(`[data-view="${view}"] svg`);
      const made = picture(pictures, pictures.states[place][number], `${box.id}-${view}`);
      alive(made);
      old.replaceWith(made);
    });
  }

  /** Unpack what was deflated; rejects where a browser cannot. */
  async function unpacked(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const whole = new Response(bytes).body.pipeThrough(new DecompressionStream("deflate"));
    return new Response(whole).json();
  }

  function stateOf(figures, address) {
    const asked = new URLSearchParams(address.replace(/^#/, ""));
    return Object.fromEntries(
      figures.axes.map(({ name, choices }, place) => {
        const wanted = asked.get(name);
        return [name, choices.includes(wanted) ? wanted : choices[figures.start[place]]];
      }),
    );
  }

  function keep(state) {
    try {
      const told = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
      for (const [name, value] of Object.entries(state)) told.set(name, value);
      history.replaceState(history.state, "", `#${told}`);
    } catch {
      // a frame without an address of its own
    }
  }

  async function explore(box, hasAddress) {
    const data = { figures: JSON.parse(box.querySelector("script.figures").textContent) };
    const form = box.querySelector("form");
    const isState = () => hasAddress && location.hash.includes("=");
    let state = stateOf(data.figures, isState() ? location.hash : "");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => {
      // a slider has no name of its own: it moves the choices of its axis
      if (!target.dataset.axis) return;
      all(`input[name="${target.dataset.axis}"]`, form)[target.value].checked = true;
      state = Object.fromEntries(new FormData(form));
      render(box, state, data);
    });
    form.addEventListener("change", () => {
      state = Object.fromEntries(new FormData(form));
      render(box, state, data);
      if (hasAddress) keep(state);
    });
    addEventListener("hashchange", () => {
      if (!isState()) return;
      state = stateOf(data.figures, location.hash);
      render(box, state, data);
    });
    render(box, state, data); // also where a browser remembers the switches of an earlier visit
    const [first] = data.figures.axes;
    if (isState() && first && location.hash.includes(`${first.name}=`)) box.scrollIntoView();
    try {
      data.pictures = await unpacked(box.querySelector("script.pictures").textContent);
      render(box, state, data);
    } catch {
      box.querySelector(".note").hidden = false;
    }
    box.dataset.ready = "yes";
  }

  root.classList.add("live");
  themes();
  folds();
  contents();
  tables();
  pictures();
  all(".explore:not(.served)").forEach((box, place) => explore(box, place === 0));
  window.supplynet = { render, unpacked };
})();
