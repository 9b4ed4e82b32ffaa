
// The ranking again, with weights that a reader chooses: harness/ranking/rank.py, number for number.
(() => {
  const data = JSON.parse(document.getElementById("ranking-data").textContent);
  const CRITERIA = data.criteria;

  // ---- chance and scores

  const mulberry32 = (seed) => {
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = state;
      mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  };
  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
  const scoreOf = (row, value) => Math.min(1, Math.max(0, (value - row.worst) / (row.best - row.worst)));
  const scoresOf = (vendor, row) => {
    const figure = vendor.figures[row.id];
    if (!figure) return [0, 0.5, 1];
    const [value, low, high] = figure;
    const ends = [scoreOf(row, low), scoreOf(row, high)].sort((a, b) => a - b);
    return [ends[0], scoreOf(row, value), ends[1]];
  };

  const tableOf = (vendors, weights) => {
    const rows = CRITERIA.map((row, index) => ({ ...row, weight: weights[index] })).filter((row) => row.weight > 0);
    return {
      vendors,
      rows,
      weights: rows.map((row) => row.weight),
      scores: vendors.map((vendor) => rows.map((row) => scoresOf(vendor, row))),
    };
  };
  const total = (table, vendor, which) => (
    sum(table.weights.map((weight, i) => weight * table.scores[vendor][i][which])) / sum(table.weights)
  );

  const firstShares = (table, anyWeights) => {
    const draw = mulberry32(data.seed);
    const won = table.vendors.map(() => 0);
    for (let round = 0; round < data.draws; round += 1) {
      const weights = anyWeights ? table.weights.map(() => -Math.log(1 - draw())) : table.weights;
      const totals = table.scores.map((own) => (
        own.reduce((all, s, i) => all + weights[i] * (s[0] + (s[2] - s[0]) * draw()), 0)
      ));
      const best = Math.max(...totals);
      const leaders = totals.flatMap((one, index) => (one === best ? [index] : []));
      leaders.forEach((index) => { won[index] += 1 / leaders.length; });
    }
    return won.map((count) => count / data.draws);
  };

  const dominates = (table, one, other) => one !== other
    && table.rows.every((_, i) => table.scores[one][i][0] >= table.scores[other][i][2])
    && table.rows.some((_, i) => table.scores[one][i][0] > table.scores[other][i][2]);

  const decidingOf = (table) => table.rows
    .filter((row) => table.vendors.some((vendor) => !vendor.figures[row.id]))
    .sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));

  // By how much the first leads where its unknowns score 0 and those of its rival score 1.
  const worstLead = (table, first, rival) => sum(table.rows.map((row, i) => {
    const own = table.vendors[first].figures[row.id] ? table.scores[first][i][1] : 0;
    const other = table.vendors[rival].figures[row.id] ? table.scores[rival][i][1] : 1;
    return row.weight * (own - other);
  }));
  const unknownsDecide = (table) => {
    const totals = table.vendors.map((_, i) => total(table, i, 1));
    const first = totals.indexOf(Math.max(...totals));
    return totals.some((_, rival) => rival !== first && worstLead(table, first, rival) < 0);
  };

  const statusOf = (table, shares) => {
    const bases = new Set(table.vendors.flatMap((vendor) => Object.values(vendor.figures).map((figure) => figure[3])));
    if (bases.has("simulated")) return "SIMULATED";
    if (!bases.has("live")) return "NO_LIVE_DATA";
    if (table.vendors.length < 2) return "ONE_VENDOR";
    if (unknownsDecide(table)) return "UNKNOWNS";
    return Math.max(...shares) >= data.likely ? "RANKED" : "CLOSE";
  };

  const flipsOf = (table) => {
    const order = table.vendors.map((_, i) => i).sort((a, b) => total(table, b, 1) - total(table, a, 1));
    const [first, ...rivals] = order;
    const found = [];
    for (const rival of rivals) {
      const gaps = table.rows.map((_, i) => table.scores[first][i][1] - table.scores[rival][i][1]);
      const vendor = table.vendors[rival];
      table.rows.forEach((row, place) => {
        const rest = sum(gaps.map((gap, i) => (i === place ? 0 : table.weights[i] * gap)));
        const weight = -rest / gaps[place];
        if (gaps[place] !== 0 && weight >= 0) {
          found.push({ vendor, row, kind: "weight", now: row.weight, then: weight });
        }
        const lead = sum(gaps.map((gap, i) => table.weights[i] * gap));
        const score = table.scores[rival][place][1] + lead / row.weight;
        if (score <= 1) {
          const now = vendor.figures[row.id] ? vendor.figures[row.id][0] : null;
          found.push({ vendor, row, kind: "figure", now, then: row.worst + score * (row.best - row.worst) });
        }
      });
    }
    return found;
  };

  const rank = (vendors, weights) => {
    const table = tableOf(vendors, weights);
    if (!table.rows.length) return null;
    const shares = firstShares(table, false);
    const any = firstShares(table, true);
    const status = statusOf(table, shares);
    const standings = table.vendors.map((vendor, i) => ({
      vendor,
      score: total(table, i, 1),
      low: total(table, i, 0),
      high: total(table, i, 2),
      first: shares[i],
      any: any[i],
      dominatedBy: table.vendors.filter((_, other) => dominates(table, other, i)),
      unknown: table.rows.filter((row) => !vendor.figures[row.id]),
    }));
    const byScore = [...standings].sort((a, b) => b.score - a.score || (a.vendor.id < b.vendor.id ? -1 : 1));
    return {
      status,
      hasScores: status === "RANKED" || status === "CLOSE",
      standings,
      byScore,
      shown: status === "RANKED" ? byScore : standings,
      deciding: status === "UNKNOWNS" ? decidingOf(table) : [],
      flips: status === "RANKED" ? flipsOf(table) : [],
    };
  };

  // ---- words, as harness/report/decision_words.py has them

  const TAIL = 60;
  const fixed = (value, digits) => { // what is exactly halfway goes to the even digit, as in Python
    const long = value.toFixed(digits + TAIL > 100 ? 100 : digits + TAIL);
    const head = long.slice(0, long.length - TAIL);
    const isTie = long.slice(-TAIL) === `5${"0".repeat(TAIL - 1)}`;
    if (isTie && Number(head.replace(".", "").at(-1)) % 2 === 0) return head.replace(/\.$/, "");
    return value.toFixed(digits);
  };
  const thousands = (text) => text.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  const general = (value, digits) => {
    if (value === 0) return "0";
    const exponent = Number(value.toExponential(digits - 1).split("e")[1]);
    if (exponent < -4 || exponent >= digits) {
      const [mantissa, power] = value.toExponential(digits - 1).split("e");
      const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
      return `${short}e${power[0]}${power.slice(1).padStart(2, "0")}`;
    }
    const text = fixed(value, digits - 1 - exponent);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  };
  const short = (value) => (Math.abs(value) >= 1000 ? thousands(fixed(value, 0)) : general(value, 3));
  const seconds = (value) => (value >= 10 || Number.isInteger(value) ? thousands(fixed(value, 0)) : general(value, 2));
  const share = (value) => {
    const rounded = Number(fixed(value * 100, 0));
    if (rounded === 100 && value < 1) return "over 99%";
    return rounded === 0 && value > 0 ? "under 1%" : `${rounded}%`;
  };
  const figure = (row, value) => {
    if (row.unit === "s") return `${seconds(value)} s`;
    if (row.unit.startsWith("share")) return `${fixed(value * 100, value >= 0.9 && value < 1 ? 1 : 0)}%`;
    if (row.unit.startsWith("USD")) return `${short(value)} USD a second`;
    return row.id === "stability" ? `${seconds(value)} a year` : general(value, 6);
  };
  const joined = (parts) => (
    parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`
  );
  const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const answer = (group, profile, ranking) => {
    const why = data.statuses[ranking.status][1];
    if (ranking.status === "RANKED") {
      const best = ranking.byScore[0];
      return filled(data.answers.ranked, {
        group: group.name, profile, first: best.vendor.name, share: share(best.first), any: share(best.any),
      });
    }
    if (ranking.status === "CLOSE") {
      const likely = [...ranking.standings].sort((a, b) => b.first - a.first).slice(0, 2);
      const shares = joined(likely.map((one) => `${one.vendor.name} in ${share(one.first)}`));
      return filled(data.answers.close, { group: group.name, profile, why, shares });
    }
    if (ranking.status === "UNKNOWNS") {
      const unknown = joined(ranking.deciding.map((row) => row.title));
      return filled(data.answers.unknowns, { group: group.name, profile, why, unknown });
    }
    return filled(data.answers.none, { group: group.name, why });
  };
  const flipText = (flip) => filled(data.flips[flip.kind], {
    who: flip.vendor.name,
    title: flip.row.title,
    then: flip.kind === "weight" ? short(flip.then) : figure(flip.row, flip.then),
    now: flip.kind === "weight" ? general(flip.now, 6) : flip.now === null ? "unknown" : figure(flip.row, flip.now),
  });

  // ---- the page

  const show = (part, group, profile, ranking) => {
    part.querySelector(".answer").textContent = ranking ? answer(group, profile, ranking) : data.nothing;
    const table = part.querySelector("table.standings");
    table.hidden = !ranking?.hasScores;
    const flips = part.querySelector("details.flips");
    flips.hidden = !ranking?.flips.length;
    flips.querySelector("ul").replaceChildren(...(ranking?.flips || []).map((flip) => {
      const item = document.createElement("li");
      item.textContent = flipText(flip);
      return item;
    }));
    if (!ranking) return;
    part.dataset.status = data.statuses[ranking.status][0];
    if (!ranking.hasScores) return;
    table.caption.textContent = filled(data.captions[ranking.status === "RANKED" ? "ranked" : "open"], { profile });
    const rows = new Map([...table.tBodies[0].rows].map((row) => [row.dataset.model, row]));
    table.tBodies[0].append(...ranking.shown.map((one) => {
      const row = rows.get(one.vendor.id);
      const { score, low, high, first, any } = one;
      Object.assign(row.dataset, { score, low, high, first, any });
      const [, bar, ...cells] = row.cells;
      const reach = bar.querySelector(".reach");
      reach.setAttribute("x", (low * 100).toFixed(1));
      reach.setAttribute("width", ((high - low) * 100).toFixed(1));
      bar.querySelector("circle").setAttribute("cx", (score * 100).toFixed(1));
      bar.querySelector("span").textContent = fixed(score, 2);
      bar.querySelector("small").textContent = `${fixed(low, 2)} to ${fixed(high, 2)}`;
      cells[0].textContent = share(first);
      cells[1].textContent = share(any);
      cells[2].textContent = joined(one.dominatedBy.map((other) => other.title)) || "nobody";
      cells[3].textContent = one.unknown.map((criterion) => criterion.title).join(", ") || "nothing that weighs";
      return row;
    }));
  };

  const start = (part) => {
    const group = data.groups.find((one) => one.slug === part.dataset.group);
    const key = (name) => (data.groups.length > 1 ? `${group.slug}.${name}` : name);
    const form = part.querySelector("form.weights");
    const select = form.querySelector("select");
    const sliders = [...form.querySelectorAll("input")];
    const profileOf = (id) => group.profiles.find((one) => one.id === id);
    const set = (weights) => sliders.forEach((slider, i) => {
      slider.value = weights[i];
      slider.nextElementSibling.value = String(weights[i]);
    });
    const render = () => {
      const title = profileOf(select.value)?.title || data.custom;
      show(part, group, title, rank(group.vendors, sliders.map((slider) => Number(slider.value))));
    };
    const keep = () => {
      const isDefault = select.value === group.profiles[0].id;
      const weights = sliders.map((slider) => slider.value).join(",");
      where.keep(part.id, key("profile"), isDefault ? "" : select.value);
      where.keep(part.id, key("weights"), select.value === "custom" ? weights : "");
    };
    select.addEventListener("change", () => {
      const chosen = profileOf(select.value);
      if (chosen) set(chosen.weights);
      else form.querySelector("details").open = true;
      render();
      keep();
    });
    sliders.forEach((slider) => slider.addEventListener("input", () => {
      select.value = "custom";
      slider.nextElementSibling.value = slider.value;
      render();
      keep();
    }));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    let isMoved = false;
    where.follow((params) => {
      const id = params.get(key("profile"));
      const weights = (params.get(key("weights")) || "").split(",").map(Number);
      const isCustom = id === "custom" && weights.length === sliders.length && weights.every((one) => one >= 0 && one <= 5);
      const chosen = profileOf(id) || group.profiles[0];
      if (!isMoved && !isCustom && !profileOf(id)) return;
      isMoved = true;
      select.value = isCustom ? "custom" : chosen.id;
      set(isCustom ? weights : chosen.weights);
      if (isCustom) form.querySelector("details").open = true;
      render();
    });
  };

  document.querySelectorAll(".ranking[data-group]").forEach(start);
})();
