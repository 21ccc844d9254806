"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const known = JSON.parse(byId("data").textContent);
  const form = byId("question");
  const panes = { a: byId("pane-a"), b: byId("pane-b") };
  const api = new URL("api/v1/", location.href.split("#")[0]);
  const { render } = window.supplynet;

  // -- the state, in the address --------------------------------------------------------------

  const START = {
    to: known.start.to, avoid: known.start.avoid, element: "", year: known.start.year, tier: known.start.tier,
    lens: "location", question: "potential", picture: "sankey", shock: "", month: "", product: "",
    objective: "fair", behavior: "rolling", delays: false, seasonal: false, gradual: false, respond: [],
    scenarios: [], edits: [],
  };
  const EMPTY = { ...START, avoid: "" }; // what an address says nothing of
  const TEXTS = Object.keys(START).filter((name) => typeof START[name] === "string");
  const FLAGS = Object.keys(START).filter((name) => typeof START[name] === "boolean");
  const CONTESTED = ["sankey", "map"]; // the other pictures are of what could be had alone

  function read(address) {
    const asked = new URLSearchParams(address.replace(/^#/, ""));
    const state = structuredClone(address.length > 1 ? EMPTY : START);
    for (const name of TEXTS) if (asked.has(name)) state[name] = asked.get(name);
    for (const name of FLAGS) if (asked.has(name)) state[name] = asked.get(name) === "true";
    if (/^\d{4}$/.test(asked.get("year") ?? "")) state.year = Number(asked.get("year"));
    try {
      const edits = JSON.parse(asked.get("edits") ?? "[]");
      if (Array.isArray(edits)) state.edits = edits;
    } catch { /* an address that was cut off asks without changes */ }
    state.scenarios = asked.getAll("scenario");
    state.respond = asked.getAll("respond");
    return state;
  }

  function written(state) {
    const told = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) {
      if (name === "scenarios") value.forEach((one) => told.append("scenario", one));
      else if (name === "respond") value.forEach((one) => told.append(name, one));
      else if (name === "edits") { if (value.length) told.set(name, JSON.stringify(value)); }
      else if (name === "to" || value !== EMPTY[name]) told.set(name, value);
    }
    return `#${told}`;
  }

  const besideOf = () => {
    const told = new URLSearchParams(location.hash.slice(1)).get("beside");
    return told === null ? null : read(told);
  };

  let state = read(location.hash);
  let keptState = besideOf(); // A
  let place = history.state?.place ?? 0; // in the history of the browser, which undo walks through
  let last = place;

  /** Take a new state; moves that belong together are one step of undo. */
  function go(change, isMove = false) {
    const next = { ...state, ...change };
    if (written(next) === written(state)) return;
    const isNew = !go.isMoving;
    go.isMoving = isMove;
    state = next;
    follow(isNew);
  }

  function follow(isNew) {
    remember(isNew);
    show();
    showA();
    ask();
  }

  /** Put the state into the address, and that of A beside it: a new step, or the last one again. */
  function remember(isNew) {
    const beside = keptState === null ? "" : `&beside=${encodeURIComponent(written(keptState).slice(1))}`;
    if (isNew) { place += 1; last = place; }
    history[isNew ? "pushState" : "replaceState"]({ place }, "", written(state) + beside);
  }

  // -- asking: the last question counts, the one before is given up -----------------------------

  async function post(where, content, signal) {
    let answer;
    try {
      answer = await fetch(new URL(where, api), {
        method: "POST", body: JSON.stringify(content), signal,
        headers: { "Content-Type": "application/json" },
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("The program that showed this page does not answer: start it again, then reload.");
    }
    if (!answer.ok) {
      const { error } = await answer.json();
      throw new Error(error.hint ? `${error.message}. ${error.hint}` : error.message);
    }
    return answer;
  }

  const narrow = matchMedia("(max-width: 44rem)"); // a phone: columns of countries become rows
  narrow.addEventListener("change", () => ask());

  let asking = null; // what may be given up
  let isAgain = false;

  async function ask() {
    if (asking && performance.now() - asking.since < 400) { isAgain = true; return; }
    asking?.control.abort();
    const mine = { control: new AbortController(), since: performance.now() };
    asking = mine;
    isAgain = false;
    for (const pane of Object.values(panes)) pane.classList.toggle("stale", pane === panes.b);
    panes.b.setAttribute("aria-busy", "true");
    const is_upright = narrow.matches;
    const asked = { ...state, is_upright, beside: keptState };
    panes.b.classList.toggle("upright", is_upright && asked.picture === "sankey" && asked.question !== "run");
    try {
      const quick = asked.question !== "run" && ["sankey", "layers", "map"].includes(asked.picture); // the others ask much more than the state
      if (quick) {
        const first = await (await post("view", { ...asked, is_quick: true }, mine.control.signal)).json();
        paint(panes.b, first);
        limits(first);
      }
      if (isAgain && asking === mine) { asking = null; ask(); return; }
      const whole = await (await post("view", asked, mine.control.signal)).json();
      if (asking !== mine) return;
      paint(panes.b, whole);
      lists(whole);
      months = whole.months;
      monthly(whole.month);
      panes.b.setAttribute("aria-busy", "false");
      byId("problem").hidden = true;
    } catch (error) {
      if (error.name === "AbortError" || asking !== mine) return;
      byId("problem").textContent = error.message;
      byId("problem").hidden = false;
      panes.b.setAttribute("aria-busy", "false");
    } finally {
      if (asking === mine) {
        asking = null;
        if (isAgain) ask();
      }
    }
  }

  // -- showing an answer ----------------------------------------------------------------------

  const element = (tag, text = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const told = (number) => (number === null ? "not known"
    : Number(number.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 3 }));

  function paint(pane, view) {
    const { facts, states } = view.figures;
    pane.querySelector(".facts").replaceChildren(...facts.map((name, place) => {
      const row = element("div");
      row.append(element("dt", view.titles[place]), element("dd", "", { "data-fact": name }));
      if (view.against[place]) row.append(element("dd", view.against[place], { class: "against" }));
      return row;
    }));
    pane.querySelector("h2").textContent = pane === panes.a ? `A: ${view.asked}` : view.asked;
    byId("panes").classList.toggle("paired", view.is_pair || (pane === panes.a && byId("panes").classList.contains("paired")));
    const summary = states[0].summary || "The data range follows.";
    render(pane, {}, { ...view, figures: { ...view.figures, states: [{ ...states[0], summary }] } });
    const { ok, checks } = view.certificate;
    pane.querySelector(".proof").textContent = [
      ok ? `Proved: ${checks} independent checks hold.` : "The independent check refused this answer.",
      ...view.notes,
    ].join(" ");
    pane.boxes = view.boxes;
    pane.classList.remove("stale"); // the first part is of this state, too: what follows is reported
    pane.dataset.digest = view.digest;
    pane.dataset.numbers = JSON.stringify(states[0].numbers);
  }

  function rows(id, list, cells) {
    byId(id).querySelector("tbody").replaceChildren(...list.map((one) => {
      const row = element("tr");
      const head = element("th", "", { scope: "row" });
      const card = one.used === undefined ? one.card : one.id;
      if (card) {
        const button = element("button", one.name, { type: "button", "data-node": card });
        head.append(button);
      } else head.textContent = one.name;
      row.append(head, ...cells(one));
      return row;
    }));
  }

  const number = (value) => element("td", told(value), { class: "n" });

  function limits(view) {
    rows("limits", view.limits, (one) => [
      element("td", `${told(one.worth)} ${one.worth_unit}`, { class: "n" }),
      number(one.capacity), element("td", one.unit),
    ]);
  }

  function lists(view) {
    limits(view);
    rows("plants", view.plants, (one) => [
      number(one.used), number(one.capacity), element("td", one.unit),
      element("td", `${Math.round(one.share * 100)}%`, { class: "n" }),
    ]);
    byId("edits").replaceChildren(...view.changes.map((text, place) => {
      const line = element("li", `${text} `);
      const button = element("button", "Take back", { type: "button", "aria-label": `Take back: ${text}` });
      const edit = state.edits[place];
      button.addEventListener("click", () => go({ edits: state.edits.filter((one) => one !== edit) }));
      line.append(button);
      return line;
    }));
    byId("command").textContent = view.command;
    byId("file").textContent = view.scenario;
    byId("file").hidden = !view.scenario;
  }

  let months = []; // of the run that is shown

  /** Put the slider of months where the answer is; only a run has months. */
  function monthly(month) {
    form.elements.month.max = Math.max(0, months.length - 1);
    form.elements.month.value = Math.max(0, months.indexOf(month));
    byId("month-told").textContent = month;
  }

  // -- switches -------------------------------------------------------------------------------

  /** Put every switch where the state says. */
  function show() {
    const who = form.elements.to;
    if (![...who.options].some((one) => one.value === state.to)) who.add(new Option(state.to.split(",").map(nameOf).join(", "), state.to));
    for (const name of ["to", "element", "year", "shock", "product", "objective"]) {
      if (form.elements[name]) form.elements[name].value = state[name];
    }
    for (const name of FLAGS) form.elements[name].checked = state[name];
    for (const choice of all("[name=respond]", form)) choice.checked = state.respond.includes(choice.value);
    byId("shut-now").replaceChildren(...shutNow().map((word) => {
      const chip = element("li");
      const name = nameOf(word);
      const button = element("button", `${name} \u00d7`, { type: "button", "aria-label": `Open ${name} again` });
      button.addEventListener("click", () => shut([word], false));
      chip.append(button);
      return chip;
    }));
    for (const field of all("[data-only]", form)) field.hidden = field.dataset.only !== state.question;
    for (const choice of all("[name=picture]", form)) {
      choice.closest("label").hidden = state.question === "contested" && !CONTESTED.includes(choice.value);
    }
    const isRun = state.question === "run"; // it has one picture, and no limits
    form.elements.picture[0].closest("fieldset").hidden = isRun;
    byId("limits").hidden = byId("plants").hidden = isRun;
    if (state.month) byId("month-told").textContent = state.month;
    for (const name of ["question", "tier", "lens", "picture", "behavior"]) {
      for (const choice of all(`[name="${name}"]`, form)) choice.checked = choice.value === state[name];
    }
    byId("year-told").textContent = state.year;
    byId("undo").disabled = place === 0;
    byId("redo").disabled = place >= last;
    byId("clear").disabled = !(state.edits.length || state.scenarios.length || state.avoid);
    for (const box of all("[data-scenario]")) {
      const name = box.dataset.scenario;
      const chosen = state.scenarios.find((one) => one.split(":")[0] === name);
      box.querySelector("[type=checkbox]").checked = chosen !== undefined;
      for (const part of (chosen ?? "").split(":").slice(1)) {
        const [key, value] = part.split("=");
        const input = box.querySelector(`[data-parameter="${CSS.escape(key)}"]`);
        if (input) input.value = value;
      }
      for (const input of all("input[data-parameter]", box)) {
        input.nextElementSibling.textContent = told(Number(input.value));
      }
    }
    for (const knob of all("#knobs [data-key]")) settle(knob);
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target.name === "year") go({ year: Number(event.target.value), month: "" }, true);
    if (event.target.name === "month") go({ month: months[Number(event.target.value)] ?? "" }, true);
  });
  form.addEventListener("change", (event) => {
    const { name, value, checked } = event.target;
    if (event.target.id === "look") {
      const id = wordOf(value).replace(/^node:/, "");
      event.target.value = "";
      if (id) open(id).catch(failed);
    } else if (name === "year" || name === "month") go.isMoving = false;
    else if (name === "avoid") {
      event.target.value = "";
      shut(WORDS.has(value.trim().toLowerCase()) ? [wordOf(value)] : value.split(",").map(wordOf), true);
    } else if (FLAGS.includes(name)) go({ [name]: checked });
    else if (name === "respond") go({ respond: all("[name=respond]:checked", form).map((one) => one.value) });
    else if (name === "question" && value === "contested" && !CONTESTED.includes(state.picture)) {
      go({ question: value, picture: CONTESTED[0] });
    }
    else if (name === "shock") go({ shock: value, month: "" });
    else go({ [name]: value.trim() });
  });

  const NAMES = new Map([
    ...[...known.stages, ...known.owners, ...known.blocs, ...known.nations, ...known.countries].map((one) => [one.word ?? one.id, one.name]),
    ...known.plants.map((one) => [`node:${one.word}`, one.name]),
  ]);
  const WORDS = new Map([...NAMES].map(([word, name]) => [name.toLowerCase(), word]));
  /** What a word is called: Iceland for ISL, Fiji: makers for FJI:maker. */
  const nameOf = (word) => NAMES.get(word) ?? word.split(":").map((part) => NAMES.get(part) ?? part).join(": ");
  /** The word of a name that was typed, or what was typed. */
  const wordOf = (text) => WORDS.get(text.trim().toLowerCase()) ?? text.trim();

  const shutNow = () => state.avoid.split(",").map((one) => one.trim()).filter(Boolean);

  /** Add words to what is shut, or take them from it. */
  function shut(words, isShut) {
    const told = words.map((one) => one.trim()).filter(Boolean);
    const others = shutNow().filter((one) => !told.includes(one));
    go({ avoid: (isShut ? [...others, ...told] : others).join(",") });
  }

  function scenarios() {
    return all("[data-scenario]").filter((box) => box.querySelector("[type=checkbox]").checked)
      .map((box) => [box.dataset.scenario,
        ...all("[data-parameter]", box).map((one) => `${one.dataset.parameter}=${one.value}`)].join(":"));
  }
  byId("scenarios")?.addEventListener("input", (event) => {
    const box = event.target.closest("[data-scenario]");
    if (box.querySelector("[type=checkbox]").checked || event.target.type === "checkbox") {
      go({ scenarios: scenarios() }, event.target.type === "range");
    }
  });
  byId("scenarios")?.addEventListener("change", () => { go.isMoving = false; });

  byId("undo").addEventListener("click", () => history.back());
  byId("redo").addEventListener("click", () => history.forward());
  byId("clear").addEventListener("click", () => go({ edits: [], scenarios: [], avoid: "" }));
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input:not([type=range])")) return;
    if (event.key === "z" && place > 0) { event.preventDefault(); history.back(); }
    if (event.key === "y" && place < last) { event.preventDefault(); history.forward(); }
  });
  addEventListener("popstate", (event) => {
    go.isMoving = false;
    if (location.hash.length > 1 && !location.hash.includes("=")) { remember(true); return; } // a place of the page
    if (event.state === null) last = place + 1; // an address that was typed is a new step
    place = event.state?.place ?? last;
    state = read(location.hash);
    keptState = besideOf();
    follow(false);
  });

  // -- A beside B -----------------------------------------------------------------------------

  function keep(other, change = {}) {
    keptState = other;
    state = { ...state, ...change };
    follow(true);
  }
  let shownA = null; // what pane A shows
  function showA() {
    const isKept = keptState !== null;
    panes.a.hidden = byId("swap").hidden = byId("drop").hidden = !isKept;
    byId("panes").classList.toggle("two", isKept);
    const wanted = isKept ? written(keptState) : null;
    if (wanted === shownA) return;
    shownA = wanted;
    if (isKept) {
      post("view", keptState).then((answer) => answer.json()).then((view) => { if (wanted === shownA) paint(panes.a, view); }).catch(failed);
    }
  }
  byId("keep").addEventListener("click", () => keep(state));
  byId("swap").addEventListener("click", () => keep(state, keptState));
  byId("drop").addEventListener("click", () => keep(null));

  // -- the card of a plant, and its knobs -------------------------------------------------------

  const keyOf = (change, field) => JSON.stringify({ ...change, [field]: null });

  /** Put a knob where the state says: at the change that was made, else at the graph's figure. */
  function settle(label) {
    const { knob } = label;
    const edit = state.edits.find((one) => keyOf(one, knob.field) === label.dataset.key);
    const value = edit ? edit[knob.field] : knob.value;
    for (const input of all("input", label)) if (input !== document.activeElement) input.value = value ?? "";
    label.classList.toggle("changed", edit !== undefined);
  }

  function knobRow(knob) {
    const label = element("label", "", { class: "field knob", "data-key": keyOf(knob.change, knob.field) });
    label.knob = knob;
    const range = knob.low === null && knob.high === null ? "" : `, data range ${told(knob.low)} to ${told(knob.high)}`;
    label.append(element("span", `${knob.title}${knob.unit ? `, ${knob.unit}` : ""}${range}`));
    const bounds = { min: knob.least, max: knob.most, step: "any" };
    const slider = element("input", "", { type: "range", ...bounds, step: knob.step, "aria-label": knob.title });
    const number = element("input", "", { type: "number", ...bounds, max: "", "aria-label": `${knob.title}, as a number` });
    label.append(slider);
    const band = element("span", "", { class: "band", "aria-hidden": "true" });
    if (knob.low !== null && knob.high !== null) {
      const part = (value) => 100 * (value - knob.least) / (knob.most - knob.least);
      band.style.marginLeft = `${part(knob.low)}%`;
      band.style.width = `${Math.max(0.5, part(knob.high) - part(knob.low))}%`;
      label.append(band);
    }
    label.append(number);
    const turned = (event) => {
      const value = Number(event.target.value);
      if (event.target.value === "" || !Number.isFinite(value)) return;
      const rest = state.edits.filter((one) => keyOf(one, knob.field) !== label.dataset.key);
      const isBack = value === knob.value;
      go({ edits: isBack ? rest : [...rest, { ...knob.change, [knob.field]: value }] }, event.type === "input");
    };
    slider.addEventListener("input", turned);
    number.addEventListener("change", turned);
    slider.addEventListener("change", () => { go.isMoving = false; });
    settle(label);
    return label;
  }

  async function open(id) {
    const { to, avoid, element: symbols, year, tier, lens, scenarios, edits } = state;
    const asked = { to, avoid, element: symbols, year, tier, lens, scenarios, edits, id };
    const card = await (await post("card", asked)).json();
    byId("card").hidden = false;
    byId("card").dataset.node = id;
    byId("card-title").textContent = card.title;
    byId("shut").hidden = card.is_nation;
    byId("shut-all").hidden = true;
    byId("knobs").replaceChildren(...card.knobs.map(knobRow));
    byId("about").replaceChildren(...card.sections.map(({ title, lines, heads, rows: cells }) => {
      const part = element("div");
      if (title) part.append(element("h3", title));
      if (lines) part.append(...lines.map((line) => element("p", line)));
      else {
        const table = element("table");
        const top = table.createTHead().insertRow();
        heads.forEach((one) => top.append(element("th", one, { scope: "col" })));
        const body = table.createTBody();
        cells.forEach((row) => row.forEach((one, place, { length }) => {
          const line = place ? body.rows[body.rows.length - 1] : body.insertRow();
          line.append(element("td", one));
        }));
        const scroll = element("div", "", { class: "scroll", tabindex: "0", role: "region", "aria-label": title });
        scroll.append(table);
        part.append(scroll);
      }
      return part;
    }));
    byId("card-title").focus();
  }
  const failed = (error) => { byId("problem").textContent = error.message; byId("problem").hidden = false; };

  byId("knobs").addEventListener("submit", (event) => event.preventDefault());
  byId("close-card").addEventListener("click", () => { byId("card").hidden = true; });
  byId("shut").addEventListener("click", () => {
    const word = `node:${byId("card").dataset.node}`;
    shut([word], !shutNow().includes(word));
  });
  byId("shut-all").addEventListener("click", () => {
    shut(all("#about [data-node]").map((one) => `node:${one.dataset.node}`), true);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-node]");
    if (button?.matches("button")) { open(button.dataset.node).catch(failed); return; }
    const part = event.target.closest?.("#pane-b [data-ends]");
    const ends = part?.dataset.ends.split(" ") ?? [];
    if (ends.length !== 1) return;
    const members = panes.b.boxes?.[Number(ends[0])]?.members ?? [];
    if (members.length === 1) open(members[0]).catch(failed);
    else if (members.length) choose(panes.b.boxes[Number(ends[0])]);
  });

  /** A box of several plants: list them, each with its card behind it. */
  function choose({ title, members }) {
    byId("card").hidden = false;
    byId("card-title").textContent = title;
    byId("shut").hidden = true;
    byId("shut-all").hidden = false;
    byId("knobs").replaceChildren();
    byId("about").replaceChildren(...members.map((id) => {
      const name = known.plants.find((one) => one.word === id)?.name ?? id;
      const line = element("p");
      line.append(element("button", name, { type: "button", "data-node": id }));
      return line;
    }));
    byId("card-title").focus();
  }

  // -- files ----------------------------------------------------------------------------------

  byId("downloads").addEventListener("click", async (event) => {
    const name = event.target.dataset.file;
    if (!name) return;
    try {
      const answer = await post(`files/${name}`, state);
      const link = element("a", "", { download: name, href: URL.createObjectURL(await answer.blob()) });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch (error) { failed(error); }
  });

  byId("jump").addEventListener("click", () => { byId("ask").scrollIntoView(); form.elements.to.focus(); });
  follow(false);
})();
