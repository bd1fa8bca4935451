/* Keeps the wall current: asks for its content, turns its pages, and says how old it is when the service is away. */
"use strict";

(() => {
  const wall = document.getElementById("wall");
  const notice = document.getElementById("lost");
  const ANSWER_SECONDS = 10;
  let shown = "";
  let page = 0;
  let turnedAt = Date.now();
  let heardAt = Date.now();
  let lost = false;
  let next = 0;
  let first = 0; // of the pages of a long wall, that of which the shown ones begin

  const content = () => wall.querySelector(".content");
  const pages = () => [...wall.querySelectorAll(".page")];
  const seconds = (name) => Number(content().dataset[name]);

  function show(wanted) {
    const all = pages();
    page = all.length ? (wanted + all.length) % all.length : 0;
    all.forEach((one, index) => { one.hidden = index !== page; });
    wall.querySelectorAll(".leaf").forEach((leaf, index) => leaf.classList.toggle("leaf-now", index === page));
  }

  function turn(step) {
    turnedAt = Date.now();
    const following = Number(content().dataset.following);
    if (step > 0 && page + step >= pages().length && following !== first) {
      ask(following);
    } else if (pages().length > 1) {
      show(page + step);
      pages()[page].classList.add("page-entering");
    }
  }

  function put(text) {
    if (text === shown) return;
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(".content");
    if (!fresh) throw new Error("not the content of a wall");
    if (fresh.dataset.assets !== content().dataset.assets) {
      window.location.reload();
      return;
    }
    const stays = Number(fresh.dataset.first) === first;
    const at = stays ? Math.min(page, Math.max(0, fresh.querySelectorAll(".page").length - 1)) : 0;
    first = Number(fresh.dataset.first);
    content().replaceWith(fresh);
    shown = text;
    show(at);
  }

  async function ask(wanted) {
    clearTimeout(next);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), ANSWER_SECONDS * 1000);
    try {
      const answer = await fetch(`${wall.dataset.source}&first=${wanted ?? first}`, { signal: stop.signal, cache: "no-store" });
      if (!answer.ok) throw new Error(`answered ${answer.status}`);
      put(await answer.text());
      heardAt = Date.now();
      lost = false;
    } catch {
      lost = true; // said on the screen, where whoever can help is looking
    } finally {
      clearTimeout(timer);
    }
    tell();
    clearTimeout(next);
    next = setTimeout(ask, seconds("refreshSeconds") * 1000);
  }

  function age() {
    const past = Math.max(0, Math.round((Date.now() - heardAt) / 1000));
    const [name, size] = past < 60 ? ["seconds", 1] : past < 3600 ? ["minutes", 60]
      : past < 48 * 3600 ? ["hours", 3600] : ["days", 86400];
    return wall.dataset[name].replace("{count}", String(Math.floor(past / size)));
  }

  function tell() {
    notice.hidden = !lost;
    document.body.classList.toggle("lost", lost);
    if (lost) notice.textContent = wall.dataset.lost.replace("{age}", age());
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  setInterval(() => {
    tell();
    if (Date.now() - turnedAt >= seconds("pageSeconds") * 1000) turn(1);
  }, 1000);
  next = setTimeout(ask, seconds("refreshSeconds") * 1000);
})();
