"use strict";
/* Every text of a document reaches the page as a text node, never as markup. */
(() => {
  const PAGE = 50, WAIT = 120;
  const VERDICTS = ["valid", "invalid", "undecided", "error"];
  const GRAVITY = { error: 0, invalid: 1, undecided: 2, valid: 3 };
  const words = JSON.parse(document.getElementById("words").textContent);
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang), collator = new Intl.Collator(lang);
  const byId = (id) => document.getElementById(id);

  /* Data: texts that return often are numbers into a list that grows from block to block. */
  const strings = [], documents = [];
  const NAMES = ["verdict", "path", "number", "issued", "total", "seller", "sellerId", "supplier",
    "format", "profile", "groups", "cut", "notes", "stopped", "passed", "failed", "lacking"];
  const text = (value) => (typeof value === "number" ? strings[value] : value);
  for (const script of document.querySelectorAll("script.data")) {
    const block = JSON.parse(script.textContent);
    strings.push(...block.strings);
    for (const row of block.documents) {
      const each = { position: documents.length };
      NAMES.forEach((name, index) => { each[name] = row[index]; });
      for (const name of NAMES.slice(0, 10)) each[name] = text(each[name]);
      documents.push(each);
    }
    script.remove();
  }
  const GROUP = ["severity", "rule", "message", "terms", "lines", "count", "places", "waived",
    "evidence"];
  const groupOf = (row) => {
    const group = {};
    GROUP.forEach((name, index) => { group[name] = row[index]; });
    for (const name of ["severity", "rule", "message", "terms", "waived", "evidence"]) group[name] = text(group[name]);
    return group;
  };
  const groupsOf = (each) => each.groups.map(groupOf);
  const fill = (key, ...values) => values.reduce((line, value) => line.replace("{}", value), words[key]);

  /* Elements */
  const make = (tag, className, ...inner) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...inner.filter((part) => part !== null && part !== ""));
    return element;
  };
  const bdi = (value) => make("bdi", "", value);
  const joined = (parts, between) =>
    parts.flatMap((part, index) => (index ? [between, part] : [part]));

  /* Filters */
  const state = { verdict: "", rule: "", supplier: "", search: "", order: "grave", page: 0 };
  const haystack = (each) => {
    if (each.haystack === undefined) {
      const found = groupsOf(each).flatMap((g) => [g.rule, g.message, g.terms]);
      each.haystack = [each.path, each.number, each.issued, each.seller, each.sellerId, each.format,
        each.profile, ...each.notes.map(text), ...found].join("\n").toLowerCase();
    }
    return each.haystack;
  };
  const fits = (each, wanted) =>
    (!state.verdict || each.verdict === state.verdict) &&
    (!state.supplier || each.supplier === state.supplier.slice(1)) &&
    (!state.rule || each.groups.some((row) => text(row[1]) === state.rule)) &&
    wanted.every((word) => haystack(each).includes(word));
  const fatal = (each) => each.groups.filter((row) => text(row[0]) === "fatal").length;
  const ORDERS = {
    run: (a, b) => a.position - b.position,
    grave: (a, b) => GRAVITY[a.verdict] - GRAVITY[b.verdict] || fatal(b) - fatal(a) ||
      b.groups.length - a.groups.length || a.position - b.position,
    seller: (a, b) => collator.compare(a.seller, b.seller) || a.position - b.position,
  };
  let chosen = documents;
  const choose = () => {
    const wanted = state.search.toLowerCase().split(/\s+/).filter(Boolean);
    chosen = documents.filter((each) => fits(each, wanted)).sort(ORDERS[state.order]);
    state.page = 0;
    show();
  };

  /* One document */
  const summaryOf = (each) => {
    const what = [each.number, each.issued, each.seller, each.total].filter(Boolean);
    const about = [each.format, each.profile].filter(Boolean).join(", ");
    const counts = new Map();
    for (const row of each.groups) {
      const severity = text(row[7]) ? "waived" : text(row[0]);
      counts.set(severity, (counts.get(severity) || 0) + row[5]);
    }
    const chips = [...counts].map(([severity, count]) =>
      make("span", `chip ${severity}`, `${words[severity]} × ${number.format(count)}`));
    return make("summary", "",
      make("span", `verdict ${each.verdict}`, words[each.verdict]),
      make("span", "what",
        make("span", "path", bdi(each.path)), make("br"),
        make("span", "soft small", ...joined([...what, about].map(bdi), " · "))),
      make("span", "counts", ...chips));
  };
  const whereOf = (group) => {
    const lines = group.lines.map((line) => number.format(line)).join(", ");
    const more = group.count - (group.lines.length || 1);
    const parts = [];
    if (lines) parts.push(`${words.lines} ${lines}`);
    else if (more > 0) parts.push(`${number.format(group.count)} ${words.times}`);
    if (lines && more > 0) parts.push(fill("and_more", number.format(more)));
    return parts.join(" ");
  };
  const itemOf = (group) => {
    const tone = group.waived ? "waived" : group.severity;
    const item = make("li", tone,
      make("div", "head", make("code", "", make("b", "", group.rule)),
        make("span", `chip ${tone}`, words[tone]), make("span", "soft small", group.terms)),
      make("div", "", bdi(group.message)));
    if (group.evidence) item.append(make("div", "small soft", bdi(group.evidence)));
    if (group.waived) item.append(make("div", "small", `${words.waived_because}${words.colon} `, bdi(group.waived)));
    const where = whereOf(group);
    if (where) item.append(make("span", "where", where));
    for (const place of group.places) item.append(make("code", "where", place));
    return item;
  };
  const lineOf = (title, values) =>
    make("p", "small", make("span", "soft", `${title}${words.colon}`), " ", ...joined(values.map((v) => bdi(text(v))), "; "));
  const insideOf = (each) => {
    const inside = make("div", "inside");
    for (const note of each.notes) inside.append(make("p", "", bdi(text(note))));
    if (each.groups.length) inside.append(make("ul", "", ...groupsOf(each).map(itemOf)));
    else if (each.verdict !== "error") inside.append(make("p", "soft", words.no_findings));
    if (each.cut) inside.append(make("p", "small", fill("groups_cut", number.format(each.cut))));
    for (const [fate, what] of each.stopped) inside.append(lineOf(words[text(fate)], [what]));
    if (each.failed.length) inside.append(lineOf(words.failed, each.failed));
    if (each.passed.length) inside.append(lineOf(words.judged_by, each.passed));
    if (each.lacking.length) inside.append(lineOf(words.lacking, each.lacking));
    return inside;
  };
  const open = (details) => {
    if (!details.querySelector(".inside")) details.append(insideOf(documents[details.dataset.position]));
  };
  const detailsOf = (each) => {
    const details = make("details", "doc", summaryOf(each));
    details.dataset.position = each.position;
    details.addEventListener("toggle", () => { if (details.open) open(details); });
    return details;
  };

  /* The page of the list */
  const show = () => {
    const first = state.page * PAGE, some = chosen.slice(first, first + PAGE);
    byId("list").replaceChildren(...some.map(detailsOf));
    byId("count").textContent = some.length
      ? fill("shown", ...[first + 1, first + some.length, chosen.length].map((n) => number.format(n)))
      : words.none_found;
    for (const button of document.querySelectorAll("[data-step]")) {
      const page = state.page + Number(button.dataset.step);
      button.disabled = page < 0 || page * PAGE >= chosen.length;
    }
    for (const tile of document.querySelectorAll(".tile")) {
      tile.setAttribute("aria-pressed", String(tile.dataset.verdict === state.verdict));
    }
    for (const name of ["verdict", "rule", "supplier", "search", "order"]) {
      if (byId(name).value !== state[name]) byId(name).value = state[name];
    }
    byId("clear").disabled = !(state.verdict || state.rule || state.supplier || state.search);
  };
  const set = (name, value, jump) => {
    state[name] = value;
    choose();
    if (jump) byId("documents").scrollIntoView();
  };

  /* Controls */
  const option = (value, label) => {
    const made = make("option", "", label.length > 70 ? `${label.slice(0, 69)}…` : label);
    made.value = value;
    return made;
  };
  const options = (id, counts) => {
    const some = [...counts].sort((a, b) => b[1].count - a[1].count);
    byId(id).append(...some.map(([value, { label, count }]) =>
      option(value, `${label} (${number.format(count)})`)));
  };
  const count = (counts, key, label) => {
    const found = counts.get(key) || { label, count: 0 };
    found.count += 1;
    counts.set(key, found);
  };
  const rules = new Map(), suppliers = new Map(), verdicts = new Map();
  for (const each of documents) {
    count(verdicts, each.verdict, words[each.verdict]);
    count(suppliers, `=${each.supplier}`, each.seller || each.sellerId || words.no_supplier);
    for (const rule of new Set(each.groups.map((row) => text(row[1])))) count(rules, rule, rule);
  }
  options("verdict", [...verdicts].sort((a, b) => VERDICTS.indexOf(a[0]) - VERDICTS.indexOf(b[0])));
  options("rule", rules);
  options("supplier", suppliers);
  for (const name of ["verdict", "rule", "supplier", "order"]) {
    byId(name).addEventListener("change", (event) => set(name, event.target.value));
  }
  let waiting;
  byId("search").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => set("search", event.target.value), WAIT);
  });
  byId("clear").addEventListener("click", () => {
    Object.assign(state, { verdict: "", rule: "", supplier: "", search: "" });
    choose();
    byId("search").focus();
  });
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      state.page += Number(button.dataset.step);
      show();
      byId("documents").scrollIntoView();
    });
  }
  for (const button of document.querySelectorAll("button[disabled]")) {
    for (const [name, before] of [["verdict", ""], ["rule", ""], ["supplier", "="]]) {
      if (button.dataset[name] === undefined) continue;
      button.disabled = false;
      button.addEventListener("click", () => {
        const value = before + button.dataset[name];
        set(name, name === "verdict" && state.verdict === value ? "" : value, true);
      });
    }
  }
  byId("tools").hidden = false;
  choose();
})();
