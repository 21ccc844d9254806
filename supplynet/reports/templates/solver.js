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
        if (!Number.isFinite(value)) return { value: Infinity, cut: [], used: [] };
      }
    }
    // `levels` ended without the sink: what it reached is the side of the source
    const cut = [];
    for (let e = 0; e < to.length; e += 2) {
      if (level[to[e ^ 1]] >= 0 && level[to[e]] < 0 && whole[e] > 0) cut.push([e / 2, whole[e]]);
    }
    // arcs come in pairs, those through vertices first: what came back is what went
    const used = limits.map((_, v) => rest[2 * v + 1]);
    return { value, cut, used };
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

  /** The network with plants at a part of what they can. */
  function moved(network, parts) {
    const limits = [...network.limits];
    const capacities = [...network.capacities];
    for (const [v, id] of network.plants) {
      const part = parts.get(id);
      if (part === undefined) continue;
      if (limits[v] !== null) limits[v] *= part;
      else if (part === 0) limits[v] = 0;
    }
    return { ...network, limits, capacities };
  }

  function start(box) {
    const networks = JSON.parse(box.querySelector("script").textContent);
    const parts = new Map(); // plant -> part of what it can
    const chosen = box.querySelector("select");
    const body = box.querySelector("tbody");

    /** The maximum flow, its cut by name, and how far cut and flow are apart. */
    function flow(network) {
      const { value, cut, used } = solve(moved(network, parts));
      const n = network.vertices.length;
      const limits = cut.map(([place, through]) => [place < n ? network.vertices[place]
        : `${network.vertices[network.tails[place - n]]} to ${network.vertices[network.heads[place - n]]}`, through]);
      const gap = Math.abs(cut.reduce((sum, [, through]) => sum + through, 0) - value) / Math.max(1, value);
      return { value, limits, used: network.plants.map(([v]) => used[v]), gap };
    }

    let asked = 0; // answers to what was asked before are not shown
    async function show() {
      const network = networks[Number(chosen.value)];
      asked += 1;
      const mine = asked;
      let now = network.program ? null : flow(network);
      if (!now) {
        box.setAttribute("aria-busy", "true");
        try {
          now = await window.supplynetProgram.solve(network, parts);
        } catch (error) {
          if (mine === asked) box.querySelector('[data-solved="proof"]').textContent = `This browser cannot solve it: ${error.message}`;
          return;
        }
        if (mine !== asked) return;
      }
      box.setAttribute("aria-busy", "false");
      const before = network.value;
      const say = (name, text) => { box.querySelector(`[data-solved="${name}"]`).textContent = text; };
      say("now", Number.isNaN(now.value) ? "no plan keeps every least tonnage" : `${told(now.value)} ${network.unit}`);
      say("before", `${told(before)} ${network.unit}`);
      const change = Math.round(1000 * (now.value - before) / before) / 10 + 0; // + 0: no -0
      say("change", before ? `${told(change)}%` : "none");
      say("proof", now.gap <= 1e-6 ? "Proved: the limits below let no more through, whatever the plan." : "Not proved: limits and figure do not agree.");
      box.dataset.value = String(now.value);
      box.dataset.gap = String(now.gap);
      if (box.dataset.ready) document.getElementById("told").textContent = `Could arrive now: ${told(now.value)} ${network.unit}`;
      box.querySelector(".limits").replaceChildren(...now.limits.sort((a, b) => b[1] - a[1])
        .map(([name, through]) => element("li", `${name}: ${told(through)}`)));
      const plants = network.plants.map(([v, id], place) => [id, network.vertices[v], now.used[place]])
        .filter(([id, , used]) => used > NONE * Math.max(1, before) || parts.has(id))
        .sort((a, b) => b[2] - a[2]);
      const places = new Map(network.plants.map(([v, id]) => [id, v]));
      const held = document.activeElement?.dataset?.plant;
      body.replaceChildren(...plants.map(([id, name, used]) => {
        const row = element("tr");
        const part = parts.get(id) ?? 1;
        const input = element("input", "", {
          type: "number", min: "0", max: "1000", step: "5", "data-plant": id,
          "aria-label": `${name}: per cent of what it can`,
        });
        input.disabled = network.limits[places.get(id)] === null; // nothing limits it: shut it or not
        input.value = String(Math.round(part * 1000) / 10);
        const button = element("button", part ? "Shut" : "Open", {
          type: "button", "data-shut": id, "aria-label": `${part ? "Shut" : "Open"} ${name}`,
        });
        const cell = element("td");
        cell.append(input, " % ", button);
        row.append(element("th", name, { scope: "row" }), element("td", used === null ? "" : told(used), { class: "n" }), cell);
        return row;
      }));
      if (held) body.querySelector(`[data-plant="${CSS.escape(held)}"]`)?.focus();
    }

    body.addEventListener("change", ({ target }) => {
      if (!target.dataset.plant || target.value === "") return;
      parts.set(target.dataset.plant, Math.min(10, Math.max(0, Number(target.value) / 100)));
      show();
    });
    body.addEventListener("click", ({ target }) => {
      const id = target.dataset.shut;
      if (!id) return;
      if (parts.get(id) === 0) parts.delete(id); else parts.set(id, 0);
      show();
      body.querySelector(`[data-shut="${CSS.escape(id)}"]`)?.focus();
    });
    box.querySelector("[data-again]").addEventListener("click", () => { parts.clear(); show(); });
    chosen.addEventListener("change", show);
    box.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
    show();
    box.dataset.ready = "yes";
  }

  document.querySelectorAll(".solver").forEach(start);
  window.supplynetSolver = { solve, moved };
})();
