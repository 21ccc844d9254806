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

  // -- tables -------------------------------------------------------------------------------

  function textOf(cell) {
    return cell.textContent.trim();
  }

  function compare(one, other) {
    const [a, b] = [one.dataset.value, other.dataset.value];
    if (a !== undefined && b !== undefined) return Number(a) - Number(b);
    if (a !== undefined || b !== undefined) return a === undefined ? -1 : 1;
    return textOf(one).localeCompare(textOf(other), "en", { numeric: true });
  }

  function sort(table, place) {
    const head = table.tHead.rows[0].cells[place];
    const isUp = head.getAttribute("aria-sort") === "descending" || !head.classList.contains("n");
    const up = head.getAttribute("aria-sort") === "ascending" ? false : isUp;
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows];
    const sign = up ? 1 : -1;
    rows.sort((a, b) => sign * compare(a.cells[place], b.cells[place]));
    table.classList.add("sorted");
    table.tBodies[0].append(...rows);
    tell(`Sorted by ${textOf(head)}, ${up ? "ascending" : "descending"}`);
  }

  function asText(table) {
    const quiet = (text) => (/^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) && text !== "-" ? `'${text}` : text);
    const cell = (one) => one.dataset.value ?? quiet(textOf(one).replace(/\s+/g, " "));
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
    for (const table of all("main table")) {
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
        tell((await copy(asText(table))) ? "Copied" : "The browser did not let the page copy");
      });
    }
  }

  root.classList.add("live");
  themes();
  tables();
})();
