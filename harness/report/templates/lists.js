
// Lists that a reader searches, and tables that they sort.
(() => {
  const made = (tag, members = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), members);
    element.append(...children);
    return element;
  };

  const FIELDS = {
    provider: (item) => item.dataset.p || "several",
    kind: (item) => item.dataset.k || "violation",
    severity: (item) => item.querySelector("th span")?.className,
    cost: (item) => item.querySelector("a.self")?.textContent,
  };
  const LONGEST = 60;
  const OF = { findings: ["severity", "kind", "provider"], questions: ["provider", "cost"] };

  const filtered = (part) => {
    const name = part.dataset.list;
    const key = (field) => (name === "findings" ? field : `${name}.${field}`);
    const items = [...part.querySelectorAll(name === "findings" ? "tbody tr" : "li[data-p]")];
    if (items.length < 2) return;
    const texts = new Map();
    const textOf = (item) => {
      if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
      return texts.get(item);
    };
    const status = made("output", { className: "shown" });
    const controls = {};
    const form = made("form", { className: "filter" });
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", `Filter the ${name}`);
    const add = (field, title, control) => {
      controls[field] = control;
      form.append(made("label", {}, title, control));
    };
    add("q", "Search", made("input", { type: "search", autocomplete: "off" }));
    for (const field of OF[name]) {
      const values = [...new Set(items.map(FIELDS[field]))].filter(Boolean);
      if (values.length < 2) continue;
      const options = [made("option", { value: "" }, "all"), ...values.map((one) => made("option", { value: one }, one.slice(0, LONGEST)))];
      add(field, field[0].toUpperCase() + field.slice(1), made("select", {}, ...options));
    }
    const reset = made("button", { type: "button" }, "Show all");
    form.append(reset, status);
    part.before(form);

    const apply = () => {
      const wanted = Object.entries(controls).map(([field, control]) => [field, control.value]).filter(([, value]) => value);
      let shown = 0;
      for (const item of items) {
        const fits = wanted.every(([field, value]) => (
          field === "q" ? textOf(item).includes(value.toLowerCase()) : FIELDS[field](item) === value
        ));
        item.hidden = !fits;
        if (fits) shown += 1;
      }
      for (const group of part.querySelectorAll("details")) {
        const own = items.filter((item) => group.contains(item));
        const left = own.some((item) => !item.hidden);
        group.hidden = own.length > 0 && !left;
        if (wanted.length && left) group.open = true;
      }
      status.textContent = wanted.length ? `${shown} of ${items.length} ${name} are shown.` : "";
    };
    const keep = () => {
      for (const [field, control] of Object.entries(controls)) where.keep(name, key(field), control.value);
      apply();
    };
    form.addEventListener("input", keep);
    form.addEventListener("submit", (event) => event.preventDefault());
    reset.addEventListener("click", () => {
      for (const control of Object.values(controls)) control.value = "";
      keep();
    });
    where.follow((params) => {
      for (const [field, control] of Object.entries(controls)) control.value = params.get(key(field)) || "";
      if (Object.keys(controls).some((field) => params.get(key(field)))) apply(); else if (status.textContent) apply();
    });
  };

  const LOUD = ["info", "warning", "error"];
  const sortable = (table) => {
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const key = table.id === "findings-table" ? "sort" : `${table.id}.sort`;
    const section = table.closest("section")?.querySelector("h2")?.id || table.id;
    const valueOf = (row, column) => {
      const cell = row.cells[column];
      const loud = column === 0 ? LOUD.indexOf(cell?.querySelector("span")?.className) : -1;
      return loud >= 0 ? String(loud) + cell.textContent : (cell?.textContent ?? "").trim();
    };
    const compare = new Intl.Collator("en", { numeric: true }).compare;
    const apply = (column, direction) => {
      heads.forEach((head, index) => {
        if (index === column && direction) head.setAttribute("aria-sort", direction); else head.removeAttribute("aria-sort");
      });
      let rows = original;
      if (direction) {
        const sign = direction === "ascending" ? 1 : -1;
        rows = original.map((row) => [valueOf(row, column), row]).sort((a, b) => sign * compare(a[0], b[0])).map(([, row]) => row);
      }
      body.append(...rows);
    };
    heads.forEach((head, column) => {
      const button = made("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const next = now === "ascending" ? "descending" : now === "descending" ? "" : "ascending";
        apply(column, next);
        where.keep(section, key, next ? `${column}.${next}` : "");
      });
    });
    where.follow((params) => {
      const [column, direction] = (params.get(key) || "").split(".");
      const isKnown = heads[column] && ["ascending", "descending"].includes(direction);
      if (isKnown) apply(Number(column), direction);
      else if (heads.some((head) => head.hasAttribute("aria-sort"))) apply(-1, "");
    });
  };

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll(".filtered").forEach(filtered);
})();
