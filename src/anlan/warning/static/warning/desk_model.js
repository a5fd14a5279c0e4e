/* What stands on a duty desk: its rows, their parts and order, and how far each town has come.
   The order is that of core/desk.py; here it follows the clock between two answers. */
const CRIES = ["need_help", "cannot_reach"];
export const NOW = 0;
export const GROUPS = [0, 1, 2, 3];

export class Model {
  constructor(settings) {
    this.settings = settings;
    this.rows = new Map();
    this.towns = {};
    this.names = {};
    this.ahead = 0; // how many seconds the server's clock is ahead of this computer's
    this.order = [];
  }

  now() {
    return Date.now() / 1000 + this.ahead;
  }

  /* Take in what the server sent; with `whole` it is all there is. */
  take(sent, whole = false) {
    this.ahead = sent.now - Date.now() / 1000;
    Object.assign(this.towns, sent.towns);
    Object.assign(this.names, sent.names);
    if (whole) {
      this.rows = new Map();
    }
    for (const values of sent.rows) {
      const row = Object.fromEntries(this.settings.fields.map((name, i) => [name, values[i]]));
      row.version = JSON.stringify(values);
      row.search = `${row.village} ${this.towns[row.town] || ""}`.toLowerCase()
        + ` ${row.people.map(([id]) => this.names[id] || "").join(" ")} ${row.person}`.toLowerCase();
      this.rows.set(row.id, row);
    }
    for (const id of sent.gone || []) {
      this.rows.delete(id);
    }
  }

  isAnswered(row) {
    return row.state === "acknowledged" || row.state === "taken_over";
  }

  group(row, now) {
    if (row.word === "need_help" || row.state === "unanswered") {
      return 0;
    }
    if (!this.isAnswered(row)) {
      return row.due !== null && row.due <= now ? 0 : 1;
    }
    const isLate = row.reasked || (row.reportDue && row.reportDue <= now);
    return !row.reported && isLate ? 2 : 3;
  }

  standing(row, now) {
    if (this.isAnswered(row)) {
      return row.reasked && !row.reportDue && !row.reported ? 0 : 3;
    }
    if (row.state === "unanswered") {
      return 0;
    }
    return row.due !== null && row.due <= now ? 1 : row.left ? 3 : 2;
  }

  deadline(row) {
    return this.isAnswered(row) ? (row.reported ? null : row.reportDue) : row.due;
  }

  /* Put every row into its part and order; return those that newly ask for a call. */
  sort() {
    const now = this.now();
    const fresh = [];
    for (const row of this.rows.values()) {
      const group = this.group(row, now);
      if (group === NOW && row.group !== NOW) {
        fresh.push(row);
      }
      const cry = CRIES.indexOf(row.word);
      row.group = group;
      row.cry = cry < 0 ? CRIES.length : cry;
      row.stands = this.standing(row, now);
      row.until = this.deadline(row) ?? Infinity;
    }
    this.order = [...this.rows.values()].sort((a, b) => a.group - b.group || a.cry - b.cry
      || b.danger - a.danger || a.stands - b.stands
      || (a.until === b.until ? 0 : a.until - b.until) || (a.id < b.id ? -1 : 1));
    return fresh;
  }

  shown(filter) {
    const wanted = filter.trim().toLowerCase();
    return wanted ? this.order.filter((row) => row.search.includes(wanted)) : this.order;
  }

  coverage() {
    const found = new Map();
    for (const row of this.rows.values()) {
      const town = found.get(row.town) || { called: 0, answered: 0, reported: 0, unanswered: 0 };
      town.called += 1;
      town.answered += this.isAnswered(row) ? 1 : 0;
      town.reported += row.reported ? 1 : 0;
      town.unanswered += row.state === "unanswered" ? 1 : 0;
      found.set(row.town, town);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

export const said = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString(
  document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false },
);

/* The sentence that says how a row stands now. */
export const stateOf = (model, row) => {
  const { words, labels } = model.settings;
  const minutes = (until) => Math.floor(Math.abs(until - model.now()) / 60);
  const parts = [];
  if (row.word && row.word !== "received" && row.word !== "need_help") {
    parts.push(labels.word[row.word]);
  }
  if (row.state === "unanswered") {
    parts.push(said(words.nobodyLeft, { n: minutes(row.asked) }));
  } else if (!model.isAnswered(row)) {
    parts.push(said(row.due <= model.now() ? words.overdue : words.left, { n: minutes(row.due) }));
  } else if (row.reported) {
    parts.push(said(words.reported, { notified: row.notified ?? "–", moved: row.moved ?? "–" }));
  } else if (row.reasked) {
    parts.push(said(words.reasked, { n: row.reasked }));
  } else if (row.reportDue) {
    const late = row.reportDue <= model.now();
    parts.push(said(late ? words.reportLate : words.reportLeft, { n: minutes(row.reportDue) }));
  }
  if (row.answered) {
    parts.push(said(words.answeredBy, { by: row.by, at: clock(row.answered) }));
  } else if (row.tried) {
    parts.push(said(words.tried, { at: clock(row.tried), why: labels.why[row.why] || "" }));
  }
  return parts;
};
