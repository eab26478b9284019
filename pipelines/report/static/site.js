// What every page shares: tables that are drawn row by row on demand, with search, filters and sorting.
//
// A table in a page (templates/parts.html has a macro that writes it):
//
//   <table data-rows="NAME"></table>
//   <script type="application/json" id="rows-NAME">{"columns": [...], "rows": [[...], ...]}</script>
//
// or, for many rows, with its rows in a file beside the page, which is loaded when the table comes into view:
//
//   <table data-rows="NAME" data-src="data/NAME.js"></table>      (the file says hiw.data("NAME", {...});)
//
// data-search="off" leaves out the search field. The payload (report/rows.py makes it):
//   columns  [{name, label, kind, href, filter, hidden, sort, tone, values}], all but name optional
//     kind    "text" (as default), "number" (to the right, sorted as a number) or "quote" (long text)
//     href    an address below the top of the site with {column} in it; no link where that cell is null
//     filter  true: a choice of its values above the table
//     hidden  true: not shown, but searched and used in href, sort and tone
//     sort    the column to sort by when this one is chosen
//     tone    the column whose text becomes data-tone of the cell, for the style sheet
//     values  the texts of the column, where its cells are places in this list
//   rows     arrays of cells in the order of the columns; text, number or null
//   key      the column that names a row: page.html#r-KEY leads to that row
//   page.html?q=WORDS opens a page with WORDS searched for in its first table (and in the scoreboard).
//
// Cells become text nodes and attributes, never HTML.
"use strict";

const hiw = (() => {
  const STEP = 100;
  const root = document.body.dataset.root || "";
  const waiting = new Map();
  const arrived = new Map();
  const collator = new Intl.Collator("zh", { numeric: true });
  const plain = (text) => String(text).normalize("NFKC").toLowerCase();

  // make("td", {className: "x"}, "text", node): an element; texts are only ever texts.
  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function svg(tag, attributes = {}, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const address = (path) => root + path;

  // The rows of a page or file under their columns' names: cell(row, "name") is its text or number.
  class Rows {
    constructor(payload) {
      Object.assign(this, { key: null }, payload);
      this.place = new Map(this.columns.map((column, index) => [column.name, index]));
      this.found = [];
    }

    // Of a table too large for a page the first rows are here; the others are to be asked for in SQL.
    leftOut() {
      return this.left_out ? `，另有 ${this.left_out.toLocaleString("en")} 行不在此页，请用 SQL 查询 more rows are not on this page: ask in SQL` : "";
    }

    cell(row, name) {
      const index = this.place.get(name);
      const value = row[index];
      const { values } = this.columns[index];
      return values && value !== null ? values[value] : value;
    }

    href(row, column) {
      let known = Boolean(column.href);
      const path = (column.href || "").replace(/\{(\w+)\}/g, (_, name) => {
        const value = this.cell(row, name);
        known = known && value !== null;
        return encodeURIComponent(value);
      });
      return known ? address(path) : null;
    }

    // What is searched in a row; made once, when it is first searched.
    words(index) {
      const row = this.rows[index];
      const texts = () => this.columns.map((column) => this.cell(row, column.name) ?? "");
      return (this.found[index] ??= plain(texts().join("\n")));
    }

    select(query, chosen) {
      const words = plain(query).split(/\s+/).filter(Boolean);
      const indexes = [...this.rows.keys()];
      return indexes.filter((index) => {
        const row = this.rows[index];
        for (const [name, value] of chosen) if (String(this.cell(row, name) ?? "") !== value) return false;
        return words.every((word) => this.words(index).includes(word));
      });
    }

    order(indexes, column, down) {
      const name = column.sort || column.name;
      const value = (index) => this.cell(this.rows[index], name);
      const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
      return indexes.sort((one, two) => {
        const [a, b] = [value(one), value(two)];
        if (a === null || b === null) return (a === null) - (b === null) || one - two;
        return (down ? -compare(a, b) : compare(a, b)) || one - two;
      });
    }

    distinct(name) {
      const counts = new Map();
      for (const row of this.rows) {
        const value = String(this.cell(row, name) ?? "");
        counts.set(value, (counts.get(value) || 0) + 1);
      }
      return [...counts].sort((a, b) => collator.compare(a[0], b[0]));
    }
  }

  // A choice of texts with how many rows each has; "" chooses all.
  function choice(label, counts, onChange) {
    const select = make("select", { onchange: () => onChange(select.value || null) }, make("option", { value: "" }, "全部 All"));
    for (const [value, count] of counts) {
      if (value !== "") select.append(make("option", { value }, `${value} (${count})`));
    }
    return make("label", {}, make("span", {}, label), select);
  }

  function searchField(onInput) {
    const field = make("input", { type: "search", placeholder: "几个字 a few words", autocomplete: "off" });
    field.addEventListener("input", () => onInput(field.value));
    return make("label", {}, make("span", {}, "搜索 Search"), field);
  }

  class Table {
    constructor(element, payload) {
      this.element = element;
      this.rows = new Rows(payload);
      // A column in which no row has anything would only take room.
      const filled = (column) => this.rows.rows.some((row) => this.rows.cell(row, column.name) !== null);
      this.shown = this.rows.columns.filter((column) => !column.hidden && filled(column));
      this.query = "";
      this.chosen = new Map();
      this.sorted = null;
      this.build();
      this.refresh();
    }

    build() {
      this.count = make("output", { className: "count" });
      this.more = make("button", { type: "button", className: "more", onclick: () => this.draw() });
      const controls = make("div", { className: "controls" });
      if (this.element.dataset.search !== "off") controls.append(...this.controls(), this.count);
      const scroll = make("div", { className: "rows" });
      this.element.replaceWith(scroll);
      this.body = make("tbody");
      this.element.replaceChildren(make("thead", {}, make("tr", {}, ...this.shown.map((c) => this.heading(c)))), this.body);
      scroll.append(controls, this.element, this.more);
    }

    controls() {
      const search = searchField((text) => { this.query = text; this.refresh(); });
      this.field = search.querySelector("input");
      const filters = this.rows.columns.filter((column) => column.filter).map((column) =>
        choice(column.label, this.rows.distinct(column.name), (value) => {
          if (value === null) this.chosen.delete(column.name);
          else this.chosen.set(column.name, value);
          this.refresh();
        }));
      return [search, ...filters];
    }

    heading(column) {
      const button = make("button", { type: "button" }, column.label || column.name);
      const heading = make("th", { scope: "col", className: column.kind || "text" }, button);
      button.addEventListener("click", () => {
        const down = this.sorted?.column === column && !this.sorted.down;
        this.sorted = { column, down };
        for (const other of heading.parentNode.children) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        this.refresh();
      });
      return heading;
    }

    refresh() {
      this.order = this.rows.select(this.query, this.chosen);
      if (this.sorted) this.rows.order(this.order, this.sorted.column, this.sorted.down);
      this.body.replaceChildren();
      this.draw();
    }

    draw(upTo = this.body.children.length + STEP) {
      for (const index of this.order.slice(this.body.children.length, upTo)) this.body.append(this.line(index));
      const left = this.order.length - this.body.children.length;
      this.more.hidden = left === 0;
      this.more.textContent = `再显示 ${Math.min(left, STEP)} 行 more (${left})`;
      this.count.textContent = `${this.order.length.toLocaleString("en")} / ${this.rows.rows.length.toLocaleString("en")} 行 rows${this.rows.leftOut()}`;
    }

    line(index) {
      const row = this.rows.rows[index];
      const line = make("tr");
      line.append(...this.shown.map((column) => this.data(row, column)));
      if (this.rows.key) {
        line.id = `r-${this.rows.cell(row, this.rows.key)}`;
        const label = "链接到这一行 link to this row";
        line.lastChild.append(make("a", { className: "here", href: `#${encodeURIComponent(line.id)}`, title: label, ariaLabel: label }, "¶"));
      }
      return line;
    }

    data(row, column) {
      const value = this.rows.cell(row, column.name);
      const text = value === null ? "" : typeof value === "number" ? value.toLocaleString("en", { useGrouping: column.kind === "number" }) : value;
      const href = this.rows.href(row, column);
      const data = make("td", { className: column.kind || "text" }, href ? make("a", { href }, text || "→") : text);
      data.dataset.label = column.label || column.name;
      if (column.tone) data.dataset.tone = this.rows.cell(row, column.tone) ?? "";
      return data;
    }

    // Show the row of that key, whatever is searched and filtered; whether there is one.
    aim(key) {
      const index = this.rows.key ? this.rows.rows.findIndex((row) => String(this.rows.cell(row, this.rows.key)) === key) : -1;
      if (index < 0) return false;
      if (!this.order.includes(index)) {
        this.order = [index, ...this.order];
        this.body.replaceChildren();
      }
      this.draw(Math.max(this.order.indexOf(index) + 1, STEP));
      const line = document.getElementById(`r-${key}`);
      for (const other of this.body.querySelectorAll(".aimed")) other.classList.remove("aimed");
      line.classList.add("aimed");
      line.scrollIntoView({ block: "center" });
      return true;
    }

    search(text) {
      if (this.field) this.field.value = text;
      this.query = text;
      this.refresh();
    }
  }

  const tables = [];

  function open(element, payload) {
    const table = new Table(element, payload);
    const query = new URLSearchParams(location.search).get("q");
    if (query && tables.length === 0) table.search(query);
    tables.push(table);
    aim();
  }

  function aim() {
    const key = /^#r-(.+)$/.exec(location.hash);
    if (key) tables.some((table) => table.aim(decodeURIComponent(key[1])));
  }

  // Ask for the data of that name; take(payload) is called once it is there.
  function need(name, source, take) {
    if (arrived.has(name)) return take(arrived.get(name));
    if (waiting.has(name)) return waiting.get(name).push(take);
    waiting.set(name, [take]);
    const script = make("script", { src: source });
    script.onerror = () => document.body.append(make("p", { className: "failed" }, `${source} 缺失 is missing`));
    document.head.append(script);
    return undefined;
  }

  // What a data file says when it is loaded.
  function data(name, payload) {
    arrived.set(name, payload);
    for (const take of waiting.get(name) || []) take(payload);
    waiting.delete(name);
  }

  const embedded = (id) => JSON.parse(document.getElementById(id).textContent);

  // Call back once the element comes near the window.
  function whenSeen(element, then) {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      then();
    }, { rootMargin: "400px" });
    observer.observe(element);
  }

  function start() {
    for (const element of document.querySelectorAll("table[data-rows]")) {
      const { rows, src } = element.dataset;
      if (!src) {
        open(element, embedded(`rows-${rows}`));
        continue;
      }
      const load = () => need(rows, src, (payload) => open(element, payload));
      if (location.hash.startsWith("#r-") || location.search) load();
      else whenSeen(element.parentElement, load);
    }
  }

  document.addEventListener("DOMContentLoaded", start);
  window.addEventListener("hashchange", aim);
  return { Rows, address, choice, data, embedded, make, need, plain, searchField, svg, whenSeen };
})();
