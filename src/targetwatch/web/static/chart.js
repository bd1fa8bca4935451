/*
 * Draws a target's course with Vega-Lite in the place of the picture the service made of the same numbers.
 *
 * Everything shown comes from chart.json, words included; here is the way from value to value with the pointer or the
 * arrow keys. Expressions are interpreted, since the page allows no code made from text.
 */
import { expressionInterpreter } from "./vendor/vega-interpreter/vega-interpreter.js";
import { colours, specification, stopsOf } from "./chart-picture.js";

const REACH = 28;

class Drawing {
  constructor(place, data) {
    this.place = place;
    this.data = data;
    this.stops = stopsOf(data);
    this.chosen = -1;
    this.canvas = element("div", "chart-live");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", place.dataset.keys);
    this.drawn = element("div", "chart-drawn");
    this.ring = element("span", "chart-ring");
    this.words = element("div", "chart-words");
    this.words.setAttribute("role", "status");
    this.unit = element("p", "chart-unit");
    this.unit.textContent = place.dataset.unit;
    this.field = element("div", "chart-field");
    this.field.append(this.drawn, this.ring, this.words);
    this.canvas.append(this.unit, this.field);
    this.hide();
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("focus", () => { if (this.canvas.matches(":focus-visible") && this.chosen < 0) this.show(this.lastActual()); });
    this.canvas.addEventListener("blur", () => this.hide());
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => this.hide());
    this.canvas.addEventListener("click", (event) => this.follow(event));
  }

  async draw() {
    const width = this.place.clientWidth;
    if (!width || width === this.width) return;
    this.width = width;
    await this.redraw();
  }

  async redraw() {
    this.view?.finalize();
    const { spec } = window.vegaLite.compile(specification(this.data, this.width, colours()));
    const runtime = window.vega.parse(spec, {}, { ast: true });
    this.view = new window.vega.View(runtime, { renderer: "svg", container: this.drawn, hover: false, expr: expressionInterpreter, logLevel: window.vega.Warn });
    this.view.tooltip(() => {});
    await this.view.runAsync();
    this.drawn.querySelector("svg")?.setAttribute("aria-hidden", "true");
    this.hide();
  }

  at(stop) {
    const [left, top] = this.view.origin();
    const around = this.view.padding();
    return [around.left + left + this.view.scale("x")(stop.at), around.top + top + this.view.scale("y")(stop.value)];
  }

  lastActual() {
    const last = this.data.actual.at(-1);
    return last ? this.stops.findIndex((stop) => stop.at === last.at && stop.value === last.value) : 0;
  }

  point(event) {
    const box = this.drawn.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = -1;
    let least = REACH;
    this.stops.forEach((stop, number) => {
      const [left, top] = this.at(stop);
      const far = Math.hypot(left - x, top - y);
      if (far < least) [nearest, least] = [number, far];
    });
    if (nearest >= 0) this.show(nearest);
    else if (document.activeElement !== this.canvas) this.hide();
  }

  key(event) {
    if (!this.stops.length) return;
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in steps) {
      const next = this.chosen < 0 ? this.lastActual() : this.chosen + steps[event.key];
      this.show(Math.min(Math.max(next, 0), this.stops.length - 1));
    } else if (event.key === "Home") this.show(0);
    else if (event.key === "End") this.show(this.stops.length - 1);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Enter") this.follow(event);
    else return;
    event.preventDefault();
  }

  follow(event) {
    const address = this.stops[this.chosen]?.evidence ?? "";
    if (/^https?:/.test(address) && (event.type === "keydown" || event.pointerType !== "touch")) {
      window.open(address, "_blank", "noopener,noreferrer");
    }
  }

  show(number) {
    const stop = this.stops[number];
    if (!stop) return;
    const [left, top] = this.at(stop);
    this.ring.hidden = this.words.hidden = false;
    this.ring.style.left = `${left}px`;
    this.ring.style.top = `${top}px`;
    if (number !== this.chosen) {
      this.chosen = number;
      this.words.replaceChildren(...stop.lines.map((line, place) => element(place ? "p" : "strong", "", line)));
      const hint = matchMedia("(hover: none)").matches ? "" : ` · ${this.place.dataset.hint}`;
      if (stop.source) this.words.append(element("p", "chart-source", `${stop.source}${hint}`));
    }
    const room = this.drawn.clientWidth;
    const wide = this.words.offsetWidth;
    this.words.style.left = `${Math.min(Math.max(left - wide / 2, 0), Math.max(room - wide, 0))}px`;
    const above = top - this.words.offsetHeight - 14;
    this.words.style.top = `${above >= 0 ? above : top + 16}px`;
    this.canvas.classList.toggle("chart-leads", Boolean(stop.evidence));
  }

  hide() {
    this.chosen = -1;
    this.ring.hidden = this.words.hidden = true;
    this.canvas.classList.remove("chart-leads");
  }
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

async function begin(place) {
  const answer = await fetch(place.dataset.chart, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const data = await answer.json();
  if (!data) return;
  const drawing = new Drawing(place, data);
  place.append(drawing.canvas);
  place.classList.add("chart-alive");
  await drawing.draw();
  new ResizeObserver(() => drawing.draw()).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawing.redraw());
  place.dataset.ready = "yes";
}

document.querySelectorAll("[data-chart]").forEach((place) => begin(place));
