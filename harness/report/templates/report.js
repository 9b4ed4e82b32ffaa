// The page reads the same without this: what is closed opens by itself, and every row is there.
"use strict";

// Where a reader is: `#findings?severity=error&q=duration` names a part of the page and what is chosen on it.
const where = (() => {
  const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const read = () => {
    const [id, query = ""] = location.hash.slice(1).split("?");
    return { id: decoded(id), query, params: new URLSearchParams(query) };
  };
  const followers = [];
  const params = read().params;
  return {
    read,
    params,
    // What is chosen goes into the address; `id` is the part of the page that it belongs to.
    keep(id, key, value) {
      if (value) params.set(key, value); else params.delete(key);
      params.sort();
      const query = params.toString();
      const hash = `#${encodeURIComponent(id)}${query ? `?${query}` : ""}`;
      history.replaceState(null, "", hash);
    },
    follow(restore) { followers.push(restore); restore(params); },
    changed() {
      const { query, params: read_ } = read();
      if (!query) return;
      [...params.keys()].forEach((key) => params.delete(key));
      read_.forEach((value, key) => params.set(key, value));
      followers.forEach((restore) => restore(params));
    },
  };
})();

(() => {
  const all = () => Array.from(document.querySelectorAll("details"));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  const label = () => {
    button.textContent = all().every((part) => part.open) ? "Close all parts" : "Open all parts";
  };
  button.addEventListener("click", () => {
    const open = !all().every((part) => part.open);
    all().forEach((part) => { part.open = open; });
    label();
  });
  document.querySelector("nav")?.append(button);
  label();

  // A link to something inside a closed part opens it.
  const reveal = () => {
    const target = document.getElementById(where.read().id);
    for (let part = target; part; part = part.parentElement) {
      if (part instanceof HTMLDetailsElement) part.open = true;
      if (part.hidden) part.hidden = false;
    }
    target?.scrollIntoView();
    const row = target?.closest("tr, li, table, details");
    document.querySelectorAll(".here").forEach((one) => one.classList.remove("here"));
    if (row && row === target) row.classList.add("here");
  };
  addEventListener("hashchange", () => { where.changed(); reveal(); });
  if (location.hash) addEventListener("DOMContentLoaded", reveal);

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all().filter((part) => !part.open);
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
})();
