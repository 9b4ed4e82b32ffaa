// The page reads the same without this: what is closed opens by itself.
"use strict";
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
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let part = target; part; part = part.parentElement) {
      if (part instanceof HTMLDetailsElement) part.open = true;
    }
    target?.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all().filter((part) => !part.open);
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
})();
