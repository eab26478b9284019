// The evidence page: readings of marks on hover, click and keys; the legend's switches; the list of values.
// Everything shown comes from the JSON in the page and goes in as text, never as HTML.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const data = JSON.parse(document.getElementById("readings").textContent);
  const [source, card, hint, list, search, found, shownValues, more, legend, missing] = [
    "source", "reading", "hint", "list", "search", "found", "values", "more", "legend", "missing",
  ].map((id) => document.getElementById(id));
  const PAGE = 100; // values put into the list at once
  const values = data.values.map((row) => Object.fromEntries(data.columns.map((name, i) => [name, row[i]])));
  values.forEach((value, position) => {
    value.position = position;
    value.kind = value.failed_rule ? "quarantined" : value.counted_in ? "repeated" : value.value_type;
  });
  const numbers = data.numbers.map(([start, end, read, disposition, detail, rule]) => ({
    start, end, values: read.map((i) => values[i]), disposition, detail, rule,
  }));
  numbers.forEach((number, n) => number.values.forEach((value) => (value.number = n)));
  const repairs = data.repairs.map(([start, end, before, after, reason, rule]) => ({
    start, end, before, after, reason, rule,
  }));
  const hidden = new Set();
  let selected = null; // {number} or {repair}: a position

  // ---- small helpers

  const element = (tag, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), attributes);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  };
  const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);
  const words = (group, code) => own(data.words[group], code) ?? [code, ""];
  const both = (pair) => pair.filter(Boolean).join(" ");
  const english = (text) => element("span", { lang: "en", textContent: text });
  const offsets = (thing) => `${thing.start}–${thing.end}`;
  const marksOf = (what, index) => source.querySelectorAll(`[data-${what}~="${index}"]`);
  const firstOf = (indices) => (indices === undefined ? null : Number(indices.split(" ")[0]));

  // ---- a reading in words

  const indicatorOf = (value) => own(data.indicators, value.indicator_id ?? "");
  const nameOf = (value) => indicatorOf(value)?.[0] ?? value.indicator_text;
  const figure = (value) => {
    const range = value.value_high === null ? `${value.value}` : `${value.value}–${value.value_high}`;
    return [own(data.signs, value.comparator), range, value.unit].filter(Boolean).join(" ");
  };
  const canonical = (value) => {
    if (value.canonical_value === null) return null;
    const high = value.canonical_value_high === null ? "" : `–${value.canonical_value_high}`;
    return `${value.canonical_value}${high} ${value.canonical_unit ?? ""}`;
  };
  const brief = (value) =>
    [words("kind", value.kind)[0], `${nameOf(value)} ${figure(value)}`, value.period, value.jurisdiction_name,
      value.failed_rule, value.rule_id].filter(Boolean).join(" · ");
  const reason = (number) =>
    [both(words("disposition", number.disposition)), number.detail].filter(Boolean).join(": ");

  // ---- the card

  const linked = (address, ...children) =>
    address ? element("a", { href: root + address }, ...children) : element("span", {}, ...children);
  const entry = (zh, en, content) =>
    content === null || content === undefined || content === ""
      ? []
      : [element("dt", {}, zh, " ", english(en)), element("dd", {}, content)];
  const code = (text) => (text === null ? null : element("code", { textContent: text }));
  const stewards = steward(data, { element, entry, code, both, words });
  const chip = (pair, kind = "") => element("span", { className: `chip ${kind}`, textContent: both(pair) });

  const heading = (value) => {
    const known = indicatorOf(value);
    const name = element("h2", {}, linked(known?.[2], nameOf(value)));
    if (known) name.append(" ", english(known[1]));
    if (value.qualifier) name.append(" ", element("em", { textContent: `(${value.qualifier})` }));
    return name;
  };
  const period = (value) =>
    [value.period, value.reference_period && `(基期 base ${value.reference_period})`].filter(Boolean).join(" ");
  const units = (value) =>
    (value.units ?? []).map(([role, unit]) => `${unit}${role === "unstated" ? "" : `(${words("responsibility", role)[0]})`}`).join("、");
  const place = (value) =>
    value.jurisdiction_name && linked(own(data.places, value.jurisdiction_code ?? ""), value.jurisdiction_name);
  const section = (value) => {
    const anchors = document.querySelectorAll(".contents li > a");
    const target = anchors[value.section];
    return target ? element("a", { href: target.getAttribute("href"), textContent: target.textContent }) : null;
  };
  const failure = (value) =>
    value.failed_rule
      ? element("p", { className: "failure" }, "未通过 ", english("Failed"), " ", code(value.failed_rule),
          ` ${value.detail ?? ""}`)
      : null;

  const elsewhere = (value) =>
    value.counted_in
      ? element("p", { className: "elsewhere" },
          linked(value.counted_in, "在原件中计数 ", english("Counted in the document this one repeats")))
      : null;

  const reading = (value, number) =>
    element("section", { className: `value ${value.kind}` },
      heading(value),
      element("p", { className: "figure", textContent: figure(value) }),
      element("p", {}, chip(words("kind", value.value_type), value.value_type),
        value.change ? chip(words("change", value.change)) : null,
        ...(value.flags ?? []).map((flag) => chip(words("flag", flag)))),
      failure(value),
      elsewhere(value),
      ...stewards.of(value),
      element("dl", {},
        ...entry("原文指标", "As written", value.indicator_text),
        ...entry("比较", "Comparator", both(words("comparator", value.comparator))),
        ...entry("期间", "Period", period(value)),
        ...entry("地区", "Place", place(value)),
        ...entry("规范值", "Canonical value", canonical(value)),
        ...entry("责任单位", "Responsible", units(value)),
        ...entry("原文数字", "Quote", value.quote),
        ...entry("位置", "Offsets", offsets(number)),
        ...entry("句子", "Sentence", data.sentences[value.sentence].join("–")),
        ...entry("章节", "Section", section(value)),
        ...entry("指标识别", "Indicator known", value.resolved_by && both(words("resolved_by", value.resolved_by))),
        ...entry("规则", "Rule", code(value.rule_id)),
        ...entry("值编号", "Value id",
          element("a", { href: `#v-${value.indicator_value_id}` }, code(value.indicator_value_id)))),
      value.counted_in ? null : stewards.toCorrect(value));

  const nonfact = (number) =>
    element("section", { className: "value nonfact" },
      element("h2", { textContent: reason(number) }),
      ...stewards.rejected(number),
      element("dl", {},
        ...entry("原文数字", "Quote", textOf("n", numbers.indexOf(number))),
        ...entry("位置", "Offsets", offsets(number)),
        ...entry("规则", "Rule", code(number.rule ?? null))),
      stewards.toAdd(number));

  const repaired = (repair) =>
    element("section", { className: "value repair" },
      element("h2", { textContent: both(words("kind", "repair")) }),
      element("p", { className: "figure" }, element("del", { textContent: repair.before || "∅" }), " → ",
        element("ins", { textContent: repair.after || "∅" })),
      element("dl", {},
        ...entry("理由", "Reason", repair.reason),
        ...entry("位置", "Offsets", offsets(repair)),
        ...entry("规则", "Rule", code(repair.rule))));

  const textOf = (what, index) => [...marksOf(what, index)].map((mark) => mark.textContent).join("");

  const button = (sign, title, act) =>
    element("button", { type: "button", title, ariaLabel: title, textContent: sign, onclick: act });
  const controls = () =>
    element("div", { className: "controls" },
      button("‹", "上一个 Previous", () => step(-1)), button("›", "下一个 Next", () => step(1)),
      button("◎", "回到标记 Show the mark", reveal), button("×", "关闭 Close", close));

  // ---- selecting

  const clear = () => {
    for (const name of ["selected", "spoken", "current"]) {
      document.querySelectorAll(`.evidence .${name}`).forEach((one) => one.classList.remove(name));
    }
  };
  const close = () => {
    clear();
    selected = null;
    card.hidden = true;
    source.focus({ preventScroll: true });
  };
  const reveal = () => {
    const [first] = selected ? marksOf(...Object.entries(selected)[0]) : [];
    first?.scrollIntoView({ block: "start" }); // with the margin the style gives it
  };
  const remember = (anchor) => {
    try {
      history.replaceState(null, "", `#${anchor}`);
    } catch {
      // A page from disk may not be allowed to; the reading is open all the same.
    }
  };

  const open = (what, index, sections, chosen) => {
    clear();
    selected = { [what]: index };
    marksOf(what, index).forEach((mark) => mark.classList.add("selected"));
    if (chosen) marksOf("s", chosen.sentence).forEach((part) => part.classList.add("spoken"));
    const current = shownValues.querySelector(`[data-value="${chosen?.position}"]`);
    current?.classList.add("current");
    card.replaceChildren(controls(), ...sections);
    card.hidden = false;
    card.scrollTop = 0;
  };
  const openNumber = (n, chosen = numbers[n].values[0]) => {
    const number = numbers[n];
    const sections = number.values.length
      ? [chosen, ...number.values.filter((value) => value !== chosen)].map((value) => reading(value, number))
      : [nonfact(number)];
    const also = firstOf(marksOf("n", n)[0]?.dataset.r);
    if (also !== null) sections.push(repaired(repairs[also]));
    open("n", n, sections, chosen);
    remember(chosen ? `v-${chosen.indicator_value_id}` : marksOf("n", n)[0].id);
  };
  const openRepair = (r) => {
    open("r", r, [repaired(repairs[r])]);
    remember(marksOf("r", r)[0].id);
  };
  const openMark = (mark) => {
    if (mark.dataset.n !== undefined) openNumber(firstOf(mark.dataset.n));
    else openRepair(firstOf(mark.dataset.r));
  };
  const step = (by) => {
    const visible = (n) => numbers[n].values.some((value) => !hidden.has(value.kind));
    let n = selected?.n ?? nearest();
    if (selected?.n !== undefined || by < 0) n += by;
    while (n >= 0 && n < numbers.length && !visible(n)) n += by;
    if (n < 0 || n >= numbers.length) return;
    openNumber(n);
    reveal();
  };
  const nearest = () => {
    // The first number that is not above the middle of the repair selected, or of the window.
    const at = selected?.r === undefined ? -1 : repairs[selected.r].start;
    const top = (n) => marksOf("n", n)[0].getBoundingClientRect().top;
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at >= 0 ? numbers[middle].start < at : top(middle) < 80) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const markAt = (event) => (event.target instanceof Element ? event.target.closest("[data-n], [data-r]") : null);
  source.addEventListener("click", (event) => {
    const mark = markAt(event);
    if (mark && String(getSelection()) === "") openMark(mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !card.hidden) close();
    if (event.target !== source && !card.contains(event.target)) return;
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(by);
  });

  // ---- hover

  source.addEventListener("pointerover", (event) => {
    const mark = event.pointerType === "touch" ? null : markAt(event); // a finger opens the card
    hint.hidden = !mark || mark.classList.contains("off");
    if (hint.hidden) return;
    hint.replaceChildren(...lines(mark).map((line) => element("p", { textContent: line })));
    const box = mark.getBoundingClientRect();
    hint.style.left = `${Math.max(8, Math.min(box.left, innerWidth - hint.offsetWidth - 8))}px`;
    const above = box.top - hint.offsetHeight - 6;
    hint.style.top = `${above > 0 ? above : box.bottom + 6}px`;
  });
  source.addEventListener("pointerleave", () => (hint.hidden = true));
  addEventListener("scroll", () => (hint.hidden = true), { passive: true });
  const lines = (mark) => {
    const number = mark.dataset.n === undefined ? null : numbers[firstOf(mark.dataset.n)];
    const repair = mark.dataset.r === undefined ? null : repairs[firstOf(mark.dataset.r)];
    const read = number ? number.values.map(brief) : [];
    return [
      ...(number && !number.values.length ? [reason(number)] : read),
      ...(repair ? [`${repair.before || "∅"} → ${repair.after || "∅"} · ${repair.reason}`] : []),
      offsets(number ?? repair),
    ];
  };

  // ---- the legend's switches

  const boxes = [...legend.querySelectorAll("input")];
  const kindsOf = (box) => box.dataset.kinds.split(" ");
  const allKinds = new Set(boxes.flatMap(kindsOf));
  legend.addEventListener("change", (event) => {
    for (const kind of kindsOf(event.target)) {
      if (event.target.checked) hidden.delete(kind);
      else hidden.add(kind);
    }
    for (const box of boxes) {
      const off = kindsOf(box).filter((kind) => hidden.has(kind)).length;
      box.checked = off === 0;
      box.indeterminate = off > 0 && off < kindsOf(box).length;
    }
    for (const mark of source.querySelectorAll("[data-n], [data-r]")) {
      const kinds = [...mark.classList].filter((name) => allKinds.has(name));
      mark.classList.toggle("off", kinds.every((kind) => hidden.has(kind)));
      mark.classList.toggle("unrepaired", kinds.includes("repair") && hidden.has("repair"));
    }
    fill();
  });

  // ---- the list of values

  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const haystacks = [];
  const haystack = (value) =>
    (haystacks[value.position] ??= folded([
      value.indicator_text, ...(indicatorOf(value)?.slice(0, 2) ?? []), value.indicator_id, value.qualifier,
      figure(value), value.quote, value.period, value.jurisdiction_name, units(value),
      ...words("kind", value.kind), value.rule_id, value.indicator_value_id,
    ].filter(Boolean).join(" ")));
  let matching = [];
  const fill = () => {
    const asked = folded(search.value).split(/\s+/).filter(Boolean);
    matching = values.filter((value) => !hidden.has(value.kind) && asked.every((word) => haystack(value).includes(word)));
    found.textContent = `${matching.length} / ${values.length}`;
    shownValues.replaceChildren();
    extend();
  };
  const extend = () => {
    const next = matching.slice(shownValues.children.length, shownValues.children.length + PAGE);
    shownValues.append(...next.map(item));
    more.hidden = shownValues.children.length >= matching.length;
  };
  const item = (value) => {
    const link = element("a", { href: `#v-${value.indicator_value_id}` },
      element("span", { className: `swatch ${value.kind}`, textContent: words("kind", value.kind)[0] }), " ",
      nameOf(value), " ", element("b", { textContent: figure(value) }), " ",
      element("small", { textContent: [value.period, numbers[value.number].start].filter((part) => part !== null).join(" · ") }));
    const made = element("li", {}, link);
    made.dataset.value = value.position;
    return made;
  };
  search.addEventListener("input", fill);
  more.addEventListener("click", extend);
  shownValues.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const value = values[link.parentElement.dataset.value];
    openNumber(value.number, value);
    reveal();
  });

  // ---- the address: #v-…, #m-…, #r-…

  const arrive = () => {
    const anchor = location.hash.slice(1);
    if (!/^[vmr]-/.test(anchor)) return;
    const mark = document.getElementById(anchor)?.closest("[data-n], [data-r]");
    missing.hidden = Boolean(mark);
    if (!mark) {
      missing.querySelector("code").textContent = anchor;
      missing.scrollIntoView({ block: "center" });
      return;
    }
    const value = values.find((one) => `v-${one.indicator_value_id}` === anchor);
    if (anchor.startsWith("r-")) openRepair(firstOf(mark.dataset.r));
    else openNumber(value?.number ?? firstOf(mark.dataset.n), value);
    reveal();
  };
  addEventListener("hashchange", arrive);
  list.open = matchMedia("(min-width: 62rem)").matches;
  fill();
  arrive();
  document.fonts?.ready.then(reveal); // a font that comes late moves the text
})();
