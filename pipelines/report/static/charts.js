// Draws the charts of a page: <div data-chart="trajectory" data-points="ID">, where ID is a JSON script with the
// points. How a chart is drawn stands in data/charts.js; Vega (static/vega.js) is loaded when a chart comes into view.
"use strict";

(() => {
  const { address, embedded, make, need, whenSeen } = hiw;

  function withVega(then) {
    if (window.vegaEmbed) return then();
    let script = document.getElementById("vega");
    if (!script) {
      script = make("script", { id: "vega", src: address("static/vega.js") });
      document.head.append(script);
    }
    return script.addEventListener("load", then);
  }

  // The series with the most points first; the others can be chosen.
  function series(points) {
    const counts = new Map();
    for (const point of points) if (point.kind !== "nation") counts.set(point.series, (counts.get(point.series) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }

  function draw(element, drawings) {
    const points = embedded(element.dataset.points).map((p) => ({ ...p, href: p.href && address(p.href) }));
    const all = series(points);
    const place = make("div", { className: "chart" });
    const show = (chosen) => {
      const names = new Set(chosen ? [chosen] : all.slice(0, drawings.series_shown).map(([name]) => name));
      const shown = points.filter((point) => point.kind === "nation" || names.has(point.series));
      embed(place, drawings.trajectory, shown);
    };
    if (all.length > 1) {
      const controls = make("div", { className: "controls" }, hiw.choice("地区 Place", all, show));
      if (all.length > drawings.series_shown) controls.append(make("span", { className: "count" }, `先显示数据最多的 ${drawings.series_shown} 个 the ${drawings.series_shown} with most points`));
      element.append(controls);
    }
    element.append(place);
    show(null);
  }

  function embed(place, drawing, points) {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const spec = { ...drawing, datasets: { points } };
    const narrow = place.clientWidth < 520;
    const config = { axis: { gridColor: dark ? "#35414d" : "#d5dde5" }, legend: { orient: narrow ? "bottom" : "right", columns: narrow ? 2 : 1, labelLimit: 160 }, background: "transparent" };
    // Errors only: it warns of each layer without points, of which there are many.
    vegaEmbed(place, spec, { logLevel: 1, actions: false, renderer: "svg", theme: dark ? "dark" : undefined, config, loader: { target: "_self" } });
  }

  for (const element of document.querySelectorAll("[data-chart]")) {
    whenSeen(element, () => need("charts", address("data/charts.js"), (drawings) => withVega(() => draw(element, drawings))));
  }
})();
