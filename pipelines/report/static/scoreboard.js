// The scoreboard of the overview: a block an indicator, in it a line a place, all on the indicator's own scale.
// Its data stand in data/scoreboard.js (report/scoreboard.py makes them).
"use strict";

(() => {
  const { Rows, address, choice, make, need, plain, searchField, svg, whenSeen } = hiw;
  const BLOCKS = 20;
  const LINES = 6;
  const ORDER = ["behind", "unknown", "on_track", "met", "no_actual"];
  const RELATIONS = { stricter: "▲", equal: "=", looser: "▽" };
  const WIDTH = 200;
  const MARGIN = 10;

  const names = ["indicator_id", "indicator", "name_en", "domain", "unit", "direction", "place", "target", "actual", "baseline",
    "qualifier", "tone", "status", "relation", "relation_label", "year", "target_value", "target_value_high", "latest_actual",
    "baseline_value", "latest_actual_year", "baseline_year"];

  // The cells as objects, with addresses under link.
  function cells(payload) {
    const rows = new Rows(payload);
    const linked = rows.columns.filter((column) => column.href);
    return payload.rows.map((row) => {
      const cell = Object.fromEntries(names.map((name) => [name, rows.cell(row, name)]));
      cell.link = Object.fromEntries(linked.map((column) => [column.name, rows.href(row, column)]));
      cell.words = plain([cell.indicator, cell.name_en, cell.place, cell.qualifier ?? ""].join("\n"));
      return cell;
    });
  }

  class Board {
    constructor(element, { cells: payload, nation, statuses }) {
      Object.assign(this, { nation, statuses, query: new URLSearchParams(location.search).get("q") || "", domain: null, place: null, tone: null });
      this.cells = cells(payload);
      this.leftOut = new Rows(payload).leftOut();
      this.bar = make("div", { className: "statuses" });
      this.blocks = make("div", { className: "blocks" });
      this.more = make("button", { type: "button", className: "more", onclick: () => this.draw() });
      element.replaceChildren(this.controls(), this.bar, this.blocks, this.more);
      this.refresh();
    }

    controls() {
      const count = (name) => {
        const counts = new Map();
        for (const cell of this.cells) counts.set(cell[name], (counts.get(cell[name]) || 0) + 1);
        return [...counts].sort((a, b) => a[0].localeCompare(b[0], "zh"));
      };
      const set = (name) => (value) => { this[name] = value; this.refresh(); };
      const search = searchField(set("query"));
      search.querySelector("input").value = this.query;
      return make("div", { className: "controls" }, search,
        choice("领域 Domain", count("domain"), set("domain")), choice("地区 Place", count("place"), set("place")),
        make("output", { className: "count" }, this.leftOut));
    }

    // The cells searched for; all statuses, for the bar counts them.
    found() {
      const words = plain(this.query).split(/\s+/).filter(Boolean);
      return this.cells.filter((cell) => (!this.domain || cell.domain === this.domain) && (!this.place || cell.place === this.place)
        && words.every((word) => cell.words.includes(word)));
    }

    refresh() {
      const found = this.found();
      this.drawBar(found);
      const groups = new Map();
      for (const cell of found) {
        if (this.tone && cell.tone !== this.tone) continue;
        if (!groups.has(cell.indicator_id)) groups.set(cell.indicator_id, []);
        groups.get(cell.indicator_id).push(cell);
      }
      const known = (group) => group.filter((cell) => cell.latest_actual !== null).length;
      this.order = [...groups.values()].sort((a, b) => known(b) - known(a) || b.length - a.length);
      this.blocks.replaceChildren();
      this.draw();
    }

    drawBar(found) {
      const counts = Object.fromEntries(ORDER.map((tone) => [tone, found.filter((cell) => cell.tone === tone).length]));
      const buttons = Object.keys(this.statuses).map((tone) => {
        const button = make("button", { type: "button", onclick: () => { this.tone = this.tone === tone ? null : tone; this.refresh(); } },
          make("b", {}, String(counts[tone])), " ", this.statuses[tone]);
        button.dataset.tone = tone;
        button.setAttribute("aria-pressed", String(this.tone === tone));
        return button;
      });
      const share = make("div", { className: "share" });
      share.setAttribute("aria-hidden", "true");
      for (const tone of Object.keys(this.statuses)) {
        const part = make("span");
        part.dataset.tone = tone;
        part.style.flexGrow = counts[tone];
        if (counts[tone]) share.append(part);
      }
      this.bar.replaceChildren(share, ...buttons);
    }

    draw() {
      const start = this.blocks.children.length;
      for (const group of this.order.slice(start, start + BLOCKS)) this.blocks.append(this.block(group));
      const left = this.order.length - this.blocks.children.length;
      this.more.hidden = left === 0;
      this.more.textContent = `再显示 ${Math.min(left, BLOCKS)} 项指标 more indicators (${left})`;
      if (this.order.length === 0) this.blocks.append(make("p", { className: "none" }, "没有符合的目标 No target found"));
    }

    block(group) {
      const [{ indicator_id: id, indicator, name_en: english, unit, direction }] = group;
      const goals = this.nation[id] || [];
      const title = make("h3", {}, make("a", { href: address(`indicators/${encodeURIComponent(id)}.html`) }, indicator), make("small", {}, english));
      const facts = make("p", { className: "note" }, `${unit} · ${direction}`);
      if (goals.length) {
        const text = goals.map((goal) => `${goal.shown} (${goal.year})`).join(", ");
        facts.append(" · ", make("span", { className: "nation" }, `◇ 国家 nation ${text}`));
      }
      const lines = make("ul", {});
      const sorted = [...group].sort((a, b) => ORDER.indexOf(a.tone) - ORDER.indexOf(b.tone) || (a.place < b.place ? -1 : 1));
      const scale = this.scale(group, goals);
      const add = (some) => { for (const cell of some) lines.append(this.line(cell, goals, scale)); };
      add(sorted.slice(0, LINES));
      const block = make("section", {}, title, facts, lines);
      if (sorted.length > LINES) {
        const rest = make("button", { type: "button", className: "more" }, `还有 ${sorted.length - LINES} 个 more places`);
        rest.addEventListener("click", () => { add(sorted.slice(LINES)); rest.remove(); });
        block.append(rest);
      }
      return block;
    }

    // Where a value lies on the indicator's own scale, from the least to the greatest of it.
    scale(group, goals) {
      const all = group.flatMap((cell) => [cell.target_value, cell.target_value_high, cell.latest_actual, cell.baseline_value]);
      const values = [...all, ...goals.map((goal) => goal.value)].filter((value) => value !== null);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return (value) => (high === low ? WIDTH / 2 : MARGIN + ((value - low) / (high - low)) * (WIDTH - 2 * MARGIN));
    }

    line(cell, goals, scale) {
      const name = cell.qualifier ? `${cell.place}（${cell.qualifier}）` : cell.place;
      const place = make("a", { href: cell.link.place, className: "place", title: name }, name);
      const line = make("li", { title: `${name} ${cell.status}` }, make("b", { className: "sign" }, cell.status.split(" ")[0]), place, this.track(cell, goals, scale), this.numbers(cell));
      line.dataset.tone = cell.tone;
      return line;
    }

    track(cell, goals, scale) {
      const track = svg("svg", { viewBox: `0 0 ${WIDTH} 22`, class: "track", "aria-hidden": "true" });
      track.append(svg("line", { x1: 0, x2: WIDTH, y1: 11, y2: 11, class: "axis" }));
      const from = cell.latest_actual ?? cell.baseline_value;
      if (from !== null && cell.target_value !== null) {
        track.append(svg("line", { x1: scale(from), x2: scale(cell.target_value), y1: 11, y2: 11, class: "way" }));
      }
      for (const goal of goals) {
        const x = scale(goal.value);
        track.append(svg("path", { d: `M${x} 4 l6 7 l-6 7 l-6 -7 z`, class: "goal" }));
      }
      if (cell.target_value !== null) {
        const [x, end] = [scale(cell.target_value), scale(cell.target_value_high ?? cell.target_value)];
        track.append(svg("rect", { x: x - 1.75, y: 2, width: end - x + 3.5, height: 18, class: "target" }));
      }
      if (cell.baseline_value !== null) track.append(svg("circle", { cx: scale(cell.baseline_value), cy: 11, r: 4, class: "baseline" }));
      if (cell.latest_actual !== null) track.append(svg("circle", { cx: scale(cell.latest_actual), cy: 11, r: 5.5, class: "actual" }));
      return track;
    }

    numbers(cell) {
      const from = make("span");
      if (cell.actual !== null) from.append(make("a", { href: cell.link.actual, title: `结果 result ${cell.latest_actual_year}` }, `● ${cell.actual}`));
      else if (cell.baseline !== null) from.append(make("a", { href: cell.link.baseline, title: `基期 baseline ${cell.baseline_year}` }, `○ ${cell.baseline}`));
      const to = make("span", {}, make("a", { href: cell.link.target, title: `目标 target ${cell.year}` }, `┃ ${cell.target}`), make("small", {}, ` ${cell.year}`));
      if (RELATIONS[cell.relation]) to.append(make("small", { title: cell.relation_label, className: "nation" }, ` ${RELATIONS[cell.relation]}`));
      return make("span", { className: "numbers" }, from, to);
    }
  }

  const element = document.getElementById("board");
  whenSeen(element, () => need("scoreboard", address("data/scoreboard.js"), (payload) => new Board(element, payload)));
})();
