/* What is typed is looked at while it is typed. Where no answer comes, the last one no longer belongs to what is typed. */
"use strict";

for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, ({ target, detail }) => {
    if (target.id !== "effect") return;
    const note = document.createElement("p");
    note.className = "look-outcome look-bad";
    note.textContent = [401, 403].includes(detail.xhr.status) ? target.dataset.signedOut : target.dataset.unanswered;
    document.getElementById("effect-said").replaceChildren(document.getElementById("look-heading"), note);
  });
}
