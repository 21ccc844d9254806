"use strict";
(() => {
  const NONE = 1e-9; // share of the largest figure below which one is rounding

  /**
   * The maximum flow of a network with limits on vertices, and its minimum cut.
   *
   * Dinitz: levels by breadth, then augmenting paths within them. Vertex v is split into 2v, where
   * flow enters, and 2v + 1, where it leaves.
   */
  function solve({ source, sink, vertices, tails, heads, capacities, limits }) {
    const n = 2 * vertices.length;
    const first = Array.from({ length: n }, () => []);
    const to = [], rest = [], whole = [];
    const arc = (tail, head, capacity) => {
      const bound = capacity ?? Infinity;
      first[tail].push(to.length); to.push(head); rest.push(bound); whole.push(bound);
      first[head].push(to.length); to.push(tail); rest.push(0); whole.push(0);
    };
    limits.forEach((limit, v) => arc(2 * v, 2 * v + 1, limit));
    tails.forEach((tail, a) => arc(2 * tail + 1, 2 * heads[a], capacities[a]));
    const scale = Math.max(1, ...[...limits, ...capacities].filter((one) => one !== null));
    const least = NONE * 1e-3 * scale;
    const [from, end] = [2 * source, 2 * sink + 1];
    let value = 0;
    const level = new Int32Array(n);
    const next = new Int32Array(n);

    function levels() {
      level.fill(-1);
      level[from] = 0;
      const waiting = [from];
      for (let at = 0; at < waiting.length; at += 1) {
        for (const e of first[waiting[at]]) {
          if (rest[e] > least && level[to[e]] < 0) {
            level[to[e]] = level[waiting[at]] + 1;
            waiting.push(to[e]);
          }
        }
      }
      return level[end] >= 0;
    }

    /** One augmenting path along the levels, without recursion: paths may be long. */
    function augment() {
      const path = [];
      let v = from;
      while (v !== end) {
        let isOn = false;
        for (; next[v] < first[v].length; next[v] += 1) {
          const e = first[v][next[v]];
          if (rest[e] > least && level[to[e]] === level[v] + 1) {
            path.push(e);
            v = to[e];
            isOn = true;
            break;
          }
        }
        if (isOn) continue;
        if (!path.length) return 0;
        const back = path.pop();
        v = to[back ^ 1];
        next[v] += 1;
      }
      const pushed = Math.min(...path.map((e) => rest[e]));
      for (const e of path) { rest[e] -= pushed; rest[e ^ 1] += pushed; }
      return pushed;
    }

    while (levels()) {
      next.fill(0);
      for (let pushed = augment(); pushed > 0; pushed = augment()) {
        value += pushed;
        if (!Number.isFinite(value)) return { value: Infinity, cut: [] };
      }
    }
    // `levels` ended without the sink: what it reached is the side of the source
    const cut = [];
    for (let e = 0; e < to.length; e += 2) {
      if (level[to[e ^ 1]] >= 0 && level[to[e]] < 0 && whole[e] > 0) cut.push([e / 2, whole[e]]);
    }
    return { value, cut };
  }

  const told = (number) => (Number.isFinite(number)
    ? Number(number.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 3 })
    : "no limit");
  const element = (tag, text = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  /** The network with plants at a part of what they can, and what is avoided shut. */
  function moved(network, parts, isOpen) {
    const limits = [...network.limits];
    for (const [v, id] of network.plants) {
      const part = parts.get(id);
      if (part === undefined) continue;
      if (limits[v] !== null) limits[v] *= part;
      else if (part === 0) limits[v] = 0;
    }
    if (!isOpen) for (const v of network.shut) limits[v] = 0;
    return { ...network, limits };
  }

  /** The maximum flow, its cut by name, and how far cut and flow are apart. */
  function flow(network, parts, isOpen) {
    const { value, cut } = solve(moved(network, parts, isOpen));
    const n = network.vertices.length;
    const limits = cut.map(([place, through]) => [place < n ? network.vertices[place]
      : `${network.vertices[network.tails[place - n]]} to ${network.vertices[network.heads[place - n]]}`, through]);
    const gap = Math.abs(cut.reduce((sum, [, through]) => sum + through, 0) - value) / Math.max(1, value);
    return { value, limits, gap };
  }

  const KEY = "try"; // of the state in the address: what is counted, what is open, parts of plants

  function read(networks) {
    const [counted = "0", open = "", ...plants] = (new URLSearchParams(location.hash.slice(1)).get(KEY) ?? "").split("~");
    const known = new Set(networks.flatMap((network) => network.plants.map(([, id]) => id)));
    const parts = new Map(plants.map((one) => [one.slice(0, one.lastIndexOf("=")), Number(one.slice(one.lastIndexOf("=") + 1)) / 100])
      .filter(([id, part]) => known.has(id) && part >= 0 && part <= 10));
    return { counted: networks[Number(counted)] ? Number(counted) : 0, isOpen: open === "open", parts };
  }

  function written({ counted, isOpen, parts }) {
    const asked = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    const plants = [...parts].map(([id, part]) => `${id}=${Math.round(part * 1000) / 10}`);
    asked.set(KEY, [counted, isOpen ? "open" : "", ...plants].join("~"));
    return `#${asked}`;
  }

  function start(box) {
    const networks = JSON.parse(box.querySelector("script").textContent);
    for (const network of networks) if (network.objective) network.whole = networks[0];
    const find = (name) => box.querySelector(name);
    const [chosen, body, wanted] = [find("select"), find("tbody"), find("[data-add]")];
    const say = (name, text) => { find(`[data-solved="${name}"]`).textContent = text; };
    let place = history.state?.tried ?? 0; // steps that can be undone
    let state = read(networks);
    const rows = new Map(); // plant -> what shows it

    /** Take a step, which Back takes back. */
    function go(change) {
      state = { ...state, ...change };
      place += 1;
      try {
        history.pushState({ tried: place }, "", written(state));
      } catch { /* a frame without an address of its own */ }
      show();
    }
    const set = (id, part) => {
      const parts = new Map(state.parts);
      parts.set(id, part);
      go({ parts });
    };

    /** A row of a plant, where it stays whatever is shut. */
    function row(network, id) {
      const at = network.plants.findIndex(([, one]) => one === id);
      if (at < 0) return;
      const name = network.vertices[network.plants[at][0]];
      const line = element("tr");
      const input = element("input", "", {
        type: "number", min: "0", max: "1000", step: "5", "data-plant": id, "aria-label": `${name}: per cent of what it can`,
      });
      const button = element("button", "", { type: "button", "data-shut": id });
      const cell = element("td");
      cell.append(input, " % ", button);
      const loss = network.losses[id];
      line.append(element("th", name, { scope: "row" }), element("td", loss === undefined ? "nothing" : told(loss), { class: "n" }), cell);
      body.append(line);
      const isFree = network.limits[network.plants[at][0]] === null; // nothing limits it: shut it or not
      rows.set(id, { name, input, button, isFree });
    }

    let listed = null; // the network whose plants are in the table
    function list(network) {
      if (listed !== network) {
        body.replaceChildren();
        rows.clear();
        Object.entries(network.losses).sort(([, one], [, other]) => other - one).forEach(([id]) => row(network, id));
        find("datalist").replaceChildren(...network.plants.map(([v, id]) => element("option", id, { value: network.vertices[v] })));
        listed = network;
      }
      for (const id of state.parts.keys()) if (!rows.has(id)) row(network, id);
      for (const [id, { name, input, button, isFree }] of rows) {
        const isHeld = !state.isOpen && network.held.includes(id);
        input.disabled = isFree || isHeld;
        button.disabled = isHeld;
        button.title = isHeld ? `Shut with ${network.avoided}` : "";
        const part = state.parts.get(id) ?? 1;
        if (input !== document.activeElement) input.value = String(Math.round(part * 1000) / 10);
        button.textContent = part ? "Shut" : "Open";
        button.setAttribute("aria-label", `${part ? "Shut" : "Open"} ${name}`);
      }
    }

    let asked = 0; // answers to what was asked before are not shown
    async function show() {
      const network = networks[state.counted];
      chosen.value = String(state.counted);
      find("[data-undo]").disabled = place === 0;
      find("[data-open]").textContent = `${state.isOpen ? "Shut" : "Open"} ${network.avoided}`;
      find("[data-open]").hidden = !network.avoided;
      list(network);
      asked += 1;
      const mine = asked;
      let now = null;
      box.setAttribute("aria-busy", "true");
      try {
        now = network.objective ? await window.supplynetProgram.solve(network, state.parts, state.isOpen) : flow(network, state.parts, state.isOpen);
      } catch (error) {
        if (mine === asked) say("proof", `This browser cannot solve it: ${error.message}`);
        return;
      }
      if (mine !== asked) return;
      box.setAttribute("aria-busy", "false");
      const before = network.value;
      say("now", Number.isNaN(now.value) ? "no plan keeps every least tonnage" : `${told(now.value)} ${network.unit}`);
      say("need", network.need ? told(network.need) : "not counted");
      say("before", `${told(before)} ${network.unit}`);
      const change = Math.round(1000 * (now.value - before) / before) / 10 + 0; // + 0: no -0
      say("change", before ? `${told(change)}%` : "none");
      say("proof", now.gap <= 1e-6 ? "Proved: the limits below let no more through, whatever the plan." : "Not proved: limits and figure do not agree.");
      box.dataset.value = String(now.value);
      box.dataset.gap = String(now.gap);
      if (box.dataset.ready) document.getElementById("told").textContent = `Could arrive now: ${told(now.value)} ${network.unit}`;
      find(".limits").replaceChildren(...now.limits.sort((a, b) => b[1] - a[1])
        .map(([name, through]) => element("li", `${name}: ${told(through)}`)));
    }

    body.addEventListener("change", ({ target }) => {
      if (target.dataset.plant && target.value !== "") set(target.dataset.plant, Math.min(10, Math.max(0, Number(target.value) / 100)));
    });
    body.addEventListener("click", ({ target }) => {
      const id = target.dataset.shut;
      if (id) set(id, state.parts.get(id) === 0 ? 1 : 0);
    });
    wanted.addEventListener("change", () => {
      const network = networks[state.counted];
      const named = wanted.value.trim();
      const plant = network.plants.find(([v, id]) => network.vertices[v] === named || id === named);
      if (!plant) return;
      wanted.value = "";
      if (!rows.has(plant[1])) { row(network, plant[1]); list(network); }
      rows.get(plant[1]).button.focus();
    });
    find("[data-open]").addEventListener("click", () => go({ isOpen: !state.isOpen }));
    find("[data-undo]").addEventListener("click", () => history.back());
    find("[data-again]").addEventListener("click", () => go({ parts: new Map(), isOpen: false }));
    chosen.addEventListener("change", () => go({ counted: Number(chosen.value) }));
    find("form").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("popstate", (event) => {
      place = event.state?.tried ?? 0;
      state = read(networks);
      show();
    });
    if (new URLSearchParams(location.hash.slice(1)).has(KEY)) box.scrollIntoView();
    show();
    box.dataset.ready = "yes";
  }

  document.querySelectorAll(".solver").forEach(start);
  window.supplynetSolver = { solve, moved };
})();
