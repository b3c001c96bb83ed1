// The preview's own script: zoom, and a page that follows what is built. Without it, all is still there to be read.
(() => {
  "use strict";
  const PIXELS_A_POINT = 96 / 72;
  const STEPS = [50, 75, 100, 125, 150, 200, 250, 300];
  const SETTLED = ["fresh", "failed"];
  const byId = (id) => document.getElementById(id);
  // Storage may be forbidden: then each page begins as if nothing had been chosen.
  const kept = (store, key) => { try { return window[store].getItem(key); } catch { return null; } };
  const keep = (store, key, value) => { try { window[store].setItem(key, value); } catch { /* not kept */ } };
  document.documentElement.classList.add("js");

  // Zoom: "page", "width" or percent, where 100 is the printed size.
  let scale = 1;

  function zoomed() {
    const said = kept("sessionStorage", "zoom");
    const known = said === "page" || said === "width" || STEPS.includes(Number(said));
    return known ? said : (window.innerWidth < 720 ? "width" : "page");
  }

  function lay() {
    const stage = byId("pages");
    const rows = stage ? [...stage.querySelectorAll(".row")] : [];
    if (!rows.length) return;
    const leaves = (row) => [...row.children];
    const style = getComputedStyle(stage);
    const wide = stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const own = stage.scrollHeight > stage.clientHeight || stage.clientHeight < window.innerHeight;
    const caption = stage.querySelector("figcaption").offsetHeight;
    const high = (own && style.overflowY === "auto" && !narrow() ? stage.clientHeight : window.innerHeight)
      - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom) - caption;
    const widths = rows.map((row) => leaves(row).reduce((sum, leaf) => sum + Number(leaf.dataset.width), 0));
    const heights = rows.map((row) => Math.max(...leaves(row).map((leaf) => Number(leaf.dataset.height))));
    const across = wide / Math.max(...widths);
    const wish = zoomed();
    scale = PIXELS_A_POINT * Number(wish) / 100;
    if (wish === "width") scale = across;
    if (wish === "page") scale = Math.min(across, high / Math.max(...heights));
    for (const leaf of rows.flatMap(leaves)) {
      const width = `${Math.max(24, leaf.dataset.width * scale)}px`;
      leaf.style.width = width;
      const image = leaf.querySelector("img");
      if (image && image.sizes !== width) image.sizes = width;
    }
    byId("zoom").value = wish;
    byId("percent").textContent = `${Math.round(100 * scale / PIXELS_A_POINT)} %`;
  }

  // Whether the window scrolls and not the desk in it.
  const narrow = () => getComputedStyle(document.body).display !== "flex";

  // Change sizes, and leave what is in the middle there.
  function around(change) {
    const stage = byId("pages");
    if (!stage) return;
    const box = stage.getBoundingClientRect();
    const x = box.left + stage.clientWidth / 2;
    const y = (Math.max(box.top, 0) + Math.min(box.top + stage.clientHeight, window.innerHeight)) / 2;
    const leaf = [...stage.querySelectorAll(".leaf")].find((one) => one.getBoundingClientRect().bottom >= y);
    const before = leaf?.getBoundingClientRect();
    change();
    if (!leaf) return;
    const after = leaf.getBoundingClientRect();
    stage.scrollLeft += after.left + after.width * (x - before.left) / before.width - x;
    const scroller = narrow() ? document.scrollingElement : stage;
    scroller.scrollTop += after.top + after.height * (y - before.top) / before.height - y;
  }

  function zoom(to) {
    keep("sessionStorage", "zoom", to);
    around(lay);
  }

  function step(up) {
    const now = Math.round(100 * scale / PIXELS_A_POINT);
    const next = up ? STEPS.find((one) => one > now) : STEPS.findLast((one) => one < now);
    if (next) zoom(String(next));
  }

  function pressed(event) {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || !byId("pages") || !byId("keys")?.checked) return;
    const does = { "+": () => step(true), "=": () => step(true), "-": () => step(false), "0": () => zoom("page") };
    if (!does[event.key]) return;
    event.preventDefault();
    does[event.key]();
  }

  // From a finding to its box, and back.
  function jump(event) {
    const link = event.target.closest?.('a[href^="#box-"], a[href^="#finding-"]');
    const target = link && byId(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    (target.querySelector("rect") ?? target).scrollIntoView({
      block: "center", inline: "center", behavior: calm ? "instant" : "smooth",
    });
    target.focus({ preventScroll: true });
  }

  // The page follows: it is asked for again, and only what differs is replaced. What the script has set stays.
  const OURS = new Set(["style", "sizes", "open"]);
  const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id : "");

  function merge(shown, fresh) {
    for (const { name, value } of fresh.attributes) {
      if (!OURS.has(name) && shown.getAttribute(name) !== value) shown.setAttribute(name, value);
    }
    for (const { name } of [...shown.attributes]) {
      if (!OURS.has(name) && !fresh.hasAttribute(name)) shown.removeAttribute(name);
    }
    if (shown.hasAttribute("data-kept")) return;
    const keyed = new Map([...shown.children].filter(keyOf).map((one) => [one.id, one]));
    let at = shown.firstChild;
    for (const node of [...fresh.childNodes]) {
      let twin = keyOf(node) ? keyed.get(node.id) : at && !keyOf(at) && at;
      if (twin?.nodeName !== node.nodeName) twin = null;
      if (!twin) {
        shown.insertBefore(document.importNode(node, true), at);
        continue;
      }
      if (twin === at) at = at.nextSibling;
      else shown.insertBefore(twin, at);
      if (node.nodeType === Node.ELEMENT_NODE) merge(twin, node);
      else if (twin.data !== node.data) twin.data = node.data;
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    if (shown.nodeName === "SELECT") shown.selectedIndex = [...shown.options].findIndex((one) => one.defaultSelected);
  }

  // Pictures that are in sight are there before they are shown, so that nothing flickers.
  function decoded(fresh) {
    const waits = [];
    for (const image of fresh.querySelectorAll("img[id]")) {
      const shown = byId(image.id);
      if (!shown || shown.getAttribute("src") === image.getAttribute("src")) continue;
      const box = shown.getBoundingClientRect();
      if (box.bottom < 0 || box.top > window.innerHeight) continue;
      const ahead = new Image();
      ahead.sizes = shown.sizes;
      ahead.srcset = image.getAttribute("srcset") ?? "";
      ahead.src = image.getAttribute("src");
      // A picture that cannot be had is not waited for; it shows its words.
      waits.push(ahead.decode().catch(() => null));
    }
    return Promise.all(waits);
  }

  let asked = 0;
  let asking = false;

  async function follow() {
    asked += 1;
    if (asking) return;
    asking = true;
    try {
      for (let answered = 0; answered !== asked;) {
        answered = asked;
        await replace(location.href, () => answered === asked);
      }
      say("");
    } catch {
      say("The preview does not answer. Is handouts preview still running?");
    } finally {
      asking = false;
    }
  }

  async function replace(address, wanted) {
    const answer = await fetch(address, { cache: "no-store", headers: { accept: "text/html" } });
    if (!answer.headers.get("content-type")?.startsWith("text/html")) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    await decoded(fresh);
    // Something newer has been asked for in the meantime, perhaps at another address.
    if (!wanted() && address !== location.href) return;
    const before = document.body.dataset.state;
    const focused = document.activeElement?.id;
    document.title = fresh.title;
    merge(document.body, fresh.body);
    if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
    lay();
    const state = document.body.dataset.state;
    if (state !== before && SETTLED.includes(state)) tell();
    if (heard !== document.body.dataset.events) listen();
  }

  function tell() {
    const words = (node) => (node?.textContent ?? "").replace(/\s+/g, " ").trim();
    byId("status").textContent = `${words(document.querySelector("h1"))}: ${words(byId("facts"))}`;
  }

  function say(words) {
    if (byId("lost").textContent !== words) byId("lost").textContent = words;
  }

  let source = null;
  let heard = "";

  function listen() {
    deafen();
    heard = document.body.dataset.events;
    source = new EventSource(heard);
    source.addEventListener("open", follow);
    source.addEventListener("products", follow);
    source.addEventListener("product", (event) => {
      const own = document.body.dataset.key;
      if (!own || JSON.parse(event.data).key === own) follow();
    });
    source.addEventListener("error", () => {
      say("The preview does not answer. Is handouts preview still running?");
      // A browser asks again by itself, unless it was refused.
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => { if (source) listen(); }, 3000);
    });
  }

  function deafen() {
    source?.close();
    source = null;
  }

  // A page that nobody sees does not listen: a browser has few connections to one place.
  function attend() {
    if (document.hidden) deafen();
    else if (!source) listen();
  }

  function switched(event) {
    const form = event.target.form;
    if (!form?.matches(".switches")) return;
    const said = new URLSearchParams(new FormData(form));
    const address = `${form.getAttribute("action")}?${said}`;
    history.pushState(null, "", address);
    follow();
  }

  function begin() {
    lay();
    new ResizeObserver(() => lay()).observe(document.body);
    if (kept("localStorage", "keys") === "off" && byId("keys")) byId("keys").checked = false;
    document.addEventListener("change", (event) => {
      if (event.target.id === "zoom") zoom(event.target.value);
      else if (event.target.id === "keys") keep("localStorage", "keys", event.target.checked ? "on" : "off");
      else switched(event);
    });
    document.addEventListener("click", (event) => {
      if (event.target.closest?.("#zoom-in")) step(true);
      else if (event.target.closest?.("#zoom-out")) step(false);
      else jump(event);
    });
    document.addEventListener("keydown", pressed);
    document.addEventListener("visibilitychange", attend);
    window.addEventListener("popstate", follow);
    window.addEventListener("pagehide", deafen);
    window.addEventListener("pageshow", attend);
    attend();
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
