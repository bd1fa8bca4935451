/*
 * What is drawn of a target's course, as a specification for Vega-Lite: which marks, in which colours, at which width.
 *
 * Every value and every word of it comes from chart.json. Layers are listed from the back to the front.
 */
const STATUSES = ["pending", "on_track", "at_risk", "off_track", "achieved", "missed", "awaiting_data"];
const X = { field: "at", type: "quantitative" };
const Y = { field: "value", type: "quantitative" };
const TOP = { value: 0 };
const LOW_TO_HIGH = { y: { field: "low", type: "quantitative" }, y2: { field: "high" } };
const HEIGHTS = { narrow: 260, middle: 300, wide: 340 };

/* The colours of the page as they are now, light or dark. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "soft", "line", "strong-line", "sheet", ...STATUSES];
  const found = Object.fromEntries(names.map((name) => [name.replace("-", "_"), style.getPropertyValue(`--${name}`).trim()]));
  found.font = getComputedStyle(document.body).fontFamily;
  return found;
}

export function specification(data, width, colour) {
  const size = width < 480 ? "narrow" : width < 820 ? "middle" : "wide";
  const columns = data.columns[size];
  const layers = [
    ...band(data, colour),
    ...fan(data, colour),
    ...plan(data, colour),
    ...goal(data, colour, width),
    ...days(data, colour, size),
    ...actual(data, colour),
    ...outlook(data, colour),
    ...changes(data, colour),
  ];
  scaled(layers, data, columns);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: "container",
    height: HEIGHTS[size],
    autosize: { type: "fit", contains: "padding" },
    padding: { left: 6, right: 18, top: 16, bottom: 6 },
    background: null,
    params: [
      { name: "columnNames", value: named(columns, "at") },
      { name: "rowNames", value: named(data.rows, "value") },
    ],
    layer: layers,
    config: configuration(colour),
  };
}

/* Everything that can be asked for its words, in the order of days. */
export function stopsOf(data) {
  const stops = data.actual.map((one) => ({ ...one }));
  if (data.forecast) stops.push({ ...data.forecast, value: data.forecast.median });
  for (const change of data.changes) stops.push({ ...change, value: data.low });
  for (const move of data.moves) stops.push({ ...move, value: data.high });
  return stops.sort((one, other) => one.at - other.at);
}

function layer(values, mark, encoding) {
  return { data: { values }, mark, encoding };
}

function endOf(data) {
  return data.deadline ?? data.until;
}

/* How far along the drawing a day lies, 0 to 1: what is written far right is written to the left of its place. */
function along(data, at) {
  return (at - data.from) / (data.until - data.from);
}

function band(data, colour) {
  if (!data.goal || data.goal.upper === null) return [];
  const field = [{ at: data.from, to: endOf(data), low: data.goal.value, high: data.goal.upper }];
  return [layer(field, { type: "rect", color: colour.on_track, opacity: 0.12 }, { x: X, x2: { field: "to" }, ...LOW_TO_HIGH })];
}

/* The forecast opens from the last known value towards the deadline, where its interval stands. */
function fan(data, colour) {
  const { forecast } = data;
  if (!forecast) return [];
  const interval = layer([forecast], { type: "rule", color: colour.achieved, strokeWidth: 3 }, { x: X, ...LOW_TO_HIGH });
  const last = data.actual.at(-1) ?? data.start;
  if (!last || last.at >= forecast.at) return [interval];
  const here = { at: last.at, low: last.value, median: last.value, high: last.value };
  const both = [here, forecast].map(({ at, low, median, high }) => ({ at, low, median, high }));
  return [
    layer(both, { type: "area", color: colour.awaiting_data, opacity: 0.26 }, { x: X, ...LOW_TO_HIGH }),
    layer(both, { type: "line", color: colour.achieved, strokeDash: [2, 4], strokeWidth: 2 }, { x: X, y: { field: "median", type: "quantitative" } }),
    interval,
  ];
}

function plan(data, colour) {
  return data.plan.length ? [layer(data.plan, { type: "line", color: colour.strong_line, strokeWidth: 2.5 }, { x: X, y: Y })] : [];
}

/* The goal as it was, version after version: each holds until the next comes into force. */
function goal(data, colour, width) {
  const parts = [];
  let since = data.from;
  for (const move of data.moves) {
    if (move.before !== null) parts.push({ at: since, to: move.at, value: move.before, now: false });
    since = move.at;
  }
  for (const value of data.goal ? [data.goal.value, data.goal.upper] : []) {
    if (value !== null) parts.push({ at: since, to: endOf(data), value, now: true });
  }
  const lines = parts.map((part) =>
    layer([part], { type: "rule", color: colour.ink, strokeWidth: 1.5, strokeDash: [7, 4], opacity: part.now ? 1 : 0.45 }, { x: X, x2: { field: "to" }, y: Y }));
  if (!data.goal) return lines;
  const late = along(data, since) > 0.55;
  const words = [{ at: late ? endOf(data) : since, value: data.goal.upper ?? data.goal.value, text: data.goal.text }];
  const mark = { ...text(colour.ink, late ? "right" : "left"), dx: late ? -6 : 6, dy: -5, fontWeight: 600, limit: width - 110 };
  return [...lines, layer(words, mark, { x: X, y: Y, text: { field: "text" } })];
}

/* The days that are marked: the deadline where the drawing goes on after it, today, other versions of the promise. */
function days(data, colour, size) {
  const found = [];
  if (data.deadline) found.push(layer([{ at: data.deadline }], { type: "rule", color: colour.line, strokeWidth: 1.5 }, { x: X }));
  if (data.today) {
    const right = along(data, data.today.at) > 0.85;
    found.push(layer([data.today], { type: "rule", color: colour.soft, strokeDash: [2, 3] }, { x: X }));
    found.push(layer([data.today], { ...text(colour.soft, right ? "right" : "center"), dy: -6 }, { x: X, y: TOP, text: { field: "text" } }));
  }
  if (data.moves.length) {
    found.push(layer(data.moves, { type: "rule", color: colour.missed, strokeWidth: 2, strokeDash: [6, 3] }, { x: X }));
    for (const move of data.moves) {
      const far = along(data, move.at) > 0.88;
      const mark = { ...text(colour.ink, far ? "right" : "left"), baseline: "top", dx: far ? -5 : 5, dy: 3 };
      found.push(layer([{ at: move.at, text: move.text[size] }], mark, { x: X, y: TOP, text: { field: "text" } }));
    }
  }
  return found;
}

function actual(data, colour) {
  const last = data.actual.at(-1);
  const found = [];
  if (last) {
    const course = data.start ? [data.start, ...data.actual] : data.actual;
    found.push(layer(course, { type: "line", color: colour.achieved, strokeWidth: 2.5 }, { x: X, y: Y }));
  }
  if (data.start_shown) found.push(layer([data.start], point(60, colour.sheet, colour.achieved), { x: X, y: Y }));
  found.push(layer(data.actual, point(75, colour.achieved, colour.sheet), { x: X, y: Y }));
  if (last) {
    const mark = { ...text(colour.ink, along(data, last.at) > 0.9 ? "right" : "center"), dy: -10, fontSize: 14, fontWeight: 700 };
    found.push(layer([last], mark, { x: X, y: Y, text: { field: "text" } }));
  }
  return found;
}

function outlook(data, colour) {
  if (!data.forecast) return [];
  return [layer([{ at: data.forecast.at, value: data.forecast.median }], point(90, colour.sheet, colour.achieved), { x: X, y: Y })];
}

function changes(data, colour) {
  if (!data.changes.length) return [];
  const scale = { domain: STATUSES, range: STATUSES.map((one) => colour[one]) };
  const places = data.changes.map(({ at, status }) => ({ at, status, value: data.low }));
  const mark = { type: "point", filled: true, shape: "diamond", size: 110, stroke: colour.sheet, strokeWidth: 1.5, opacity: 1 };
  return [layer(places, mark, { x: X, y: Y, fill: { field: "status", type: "nominal", scale, legend: null } })];
}

function point(size, fill, stroke) {
  return { type: "point", filled: true, size, fill, stroke, strokeWidth: 2, opacity: 1 };
}

function text(color, align) {
  return { type: "text", align, baseline: "bottom", fontSize: 13, color };
}

/* The scales and axes all layers share, said at the first of them that has each; their words are the service's. */
function scaled(layers, data, columns) {
  const first = layers.find((one) => one.encoding.x);
  first.encoding = {
    ...first.encoding,
    x: {
      ...first.encoding.x,
      scale: { domain: [data.from, data.until], nice: false, zero: false },
      axis: { title: null, values: columns.map((one) => one.at), labelExpr: "columnNames[toString(datum.value)]", grid: false, labelOverlap: false, labelFlush: false },
    },
  };
  const valued = layers.find((one) => one.encoding.y?.field);
  valued.encoding = {
    ...valued.encoding,
    y: {
      ...valued.encoding.y,
      scale: { domain: [data.low, data.high], nice: false, zero: false },
      axis: { title: null, values: data.rows.map((one) => one.value), labelExpr: "rowNames[toString(datum.value)]" },
    },
  };
}

function named(list, key) {
  return Object.fromEntries(list.map((one) => [String(one[key]), one.text]));
}

function configuration(colour) {
  const axis = { labelColor: colour.soft, labelFontSize: 13, labelPadding: 6, gridColor: colour.line, domainColor: colour.line, tickColor: colour.strong_line };
  return { font: colour.font, aria: false, view: { stroke: null }, axis, axisY: { domain: false, ticks: false, labelLimit: 90 } };
}
