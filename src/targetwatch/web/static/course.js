/*
 * Reads a drawn course with the pointer and the arrow keys. Everything said stands in the drawing: a mark is a link to
 * its source where it has one, and its title is shown here beside it instead of by the browser.
 */
const REACH = 28;
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function read(place) {
  const words = place.appendChild(document.createElement("div"));
  words.className = "chart-words";
  words.setAttribute("aria-hidden", "true"); // a screen reader is told the name of the mark itself
  let chosen = null;

  const centre = (stop) => {
    const box = stop.querySelector(".reach").getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };

  function show(stop) {
    chosen?.classList.remove("stop-chosen");
    chosen = stop;
    words.hidden = !stop;
    if (!stop) return;
    stop.classList.add("stop-chosen");
    const lines = stop.getAttribute("aria-label").split("\n");
    if (stop.hasAttribute("href") && matchMedia("(hover: hover)").matches) lines.push(`${lines.pop()} · ${place.dataset.hint}`);
    words.replaceChildren(...lines.map((line, number) => {
      const part = document.createElement(number ? "p" : "strong");
      part.textContent = line;
      return part;
    }));
    const around = place.getBoundingClientRect();
    const [x, y] = centre(stop);
    const left = x - around.x - words.offsetWidth / 2;
    const above = y - around.y - words.offsetHeight - 16;
    words.style.left = `${Math.max(0, Math.min(left, around.width - words.offsetWidth))}px`;
    words.style.top = `${above >= 0 ? above : y - around.y + 16}px`;
  }

  for (const drawing of place.querySelectorAll("svg.chart")) {
    const stops = [...drawing.querySelectorAll(".stop")];
    drawing.setAttribute("aria-description", place.dataset.keys);
    for (const stop of stops) {
      const title = stop.querySelector("title");
      stop.setAttribute("aria-label", title.textContent);
      title.remove();
      stop.setAttribute("tabindex", stop.querySelector(".spot-last") ? "0" : "-1"); // one for Tab, the keys go on from it
      stop.addEventListener("focus", () => show(stop));
      stop.addEventListener("blur", () => show(null));
    }
    if (!drawing.querySelector("[tabindex='0']")) stops[0]?.setAttribute("tabindex", "0");
    const nearest = (event) => stops
      .map((stop) => { const [x, y] = centre(stop); return { stop, far: Math.hypot(x - event.clientX, y - event.clientY) }; })
      .reduce((one, other) => (other.far < one.far ? other : one), { stop: null, far: REACH }).stop;
    let before = null;
    drawing.addEventListener("pointermove", (event) => show(nearest(event)));
    drawing.addEventListener("pointerdown", (event) => { before = chosen; show(nearest(event)); });
    drawing.addEventListener("pointerleave", () => show(null));
    drawing.addEventListener("click", (event) => {
      if (event.pointerType === "touch" && before !== chosen) event.preventDefault(); // the first touch reads
    });
    drawing.addEventListener("keydown", (event) => {
      if (event.key === "Escape") show(null);
      if (!(event.key in STEPS)) return;
      event.preventDefault();
      const next = stops.indexOf(document.activeElement) + STEPS[event.key];
      stops[Math.max(0, Math.min(next, stops.length - 1))].focus();
    });
  }
}

document.querySelectorAll(".chart-place").forEach(read);
