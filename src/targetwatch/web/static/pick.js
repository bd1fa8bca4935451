/* A click on a cell of the document, or Enter, says what it is; the arrow keys go from cell to cell. */
"use strict";

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

document.addEventListener("click", ({ target }) => {
  const cell = target.closest("[data-cell]");
  const form = cell && cell.closest("form");
  if (!form || form.querySelector("fieldset[disabled]")) return;
  form.elements.mark.value = cell.dataset.cell;
  cell.focus();
  htmx.trigger(form, "look");
});

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest("[data-cell]");
  if (!cell) return;
  if (event.key === "Enter" || event.key === " ") cell.click();
  else if (MOVES[event.key]) {
    const [down, right] = MOVES[event.key];
    const row = cell.parentElement;
    const other = [...row.parentElement.rows][row.sectionRowIndex + down];
    (other && other.cells[cell.cellIndex + right] || cell).focus();
  } else return;
  event.preventDefault();
});

document.addEventListener("change", ({ target }) => {
  const form = target.closest("#source-form");
  if (form && target.name.startsWith("pick.")) htmx.trigger(form, "look");
  if (form && target.name === "file") htmx.trigger(form, "look");
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const { mark } = detail.elt.elements || {};
  if (mark) detail.parameters.do = mark.value ? "mark" : "look";
});
