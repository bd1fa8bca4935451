// Loads a page that could not be shown yet again once it is there: nobody is interrupted while reading why not.
"use strict";

setInterval(async () => {
  const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" }).catch(() => null);
  if (answer && answer.status !== 503) location.reload();
}, 3000);
