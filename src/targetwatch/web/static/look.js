/* What is typed is looked at while it is typed. Where no answer comes, the last one no longer belongs to what is typed. */
"use strict";

for (const event of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(event, ({ target, detail }) => {
    const form = target.closest("form[data-unanswered]");
    if (!form) return;
    const place = document.getElementById(form.dataset.told);
    const note = document.createElement("p");
    note.className = "look-outcome look-bad";
    note.textContent = [401, 403].includes(detail.xhr.status) ? form.dataset.signedOut : form.dataset.unanswered;
    place.replaceChildren(...place.querySelectorAll("h2"), note);
  });
}
