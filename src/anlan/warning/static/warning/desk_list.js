/* The list of a duty desk: only the rows in sight are in the document, however many there are.
   The focus stays on the list; `aria-activedescendant` says which row is meant. */
import { GROUPS, NOW, stateOf } from "./desk_model.js";

const SPARE = 8; // rows drawn above and below what is in sight

const make = (tag, className, text) => {
  const found = document.createElement(tag);
  found.className = className;
  if (text !== undefined) {
    found.textContent = text;
  }
  return found;
};

export class List {
  constructor(model, { onPick }) {
    this.model = model;
    this.onPick = onPick;
    this.grid = document.getElementById("desk-grid");
    this.body = document.getElementById("desk-body");
    this.empty = document.getElementById("desk-empty");
    this.drawn = new Map();
    this.items = [];
    this.rows = [];
    this.selected = "";
    this.filter = "";
    this.grid.addEventListener("scroll", () => requestAnimationFrame(() => this.draw()));
    window.addEventListener("resize", () => this.measure());
    this.body.addEventListener("click", (event) => {
      const line = event.target.closest("[data-id]");
      if (line) {
        this.select(line.dataset.id);
        this.onPick(this.current(), event.target.closest("button") ? "dial" : "open");
      }
    });
  }

  /* Lay out the rows anew after something changed; scroll and selection stay. */
  update() {
    const before = this.rows.findIndex((row) => row.id === this.selected);
    this.rows = this.model.shown(this.filter);
    if (!this.rows.some((row) => row.id === this.selected)) {
      this.selected = this.rows[Math.min(Math.max(before, 0), this.rows.length - 1)]?.id || "";
    }
    this.items = [];
    for (const group of GROUPS) {
      const own = this.rows.filter((row) => row.group === group);
      if (own.length) {
        this.items.push({ key: `g${group}`, group, count: own.length }, ...own);
      }
    }
    this.grid.setAttribute("aria-rowcount", String(this.rows.length));
    this.measure();
    this.say();
  }

  say() {
    const { words } = this.model.settings;
    const text = this.rows.length ? "" : this.filter
      ? words.noFit.replace("{text}", this.filter) : words.noneLeft;
    this.empty.textContent = text;
    this.empty.hidden = !text;
  }

  measure() {
    const style = getComputedStyle(this.grid);
    const [row, head] = ["--desk-row", "--desk-head"].map((name) => parseFloat(style.getPropertyValue(name)));
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    let top = 0;
    for (const item of this.items) {
      item.top = top;
      item.tall = (item.key ? head : row) * rem;
      top += item.tall;
    }
    this.body.style.height = `${top}px`;
    this.draw();
  }

  draw() {
    const from = this.grid.scrollTop;
    const to = from + this.grid.clientHeight;
    let first = this.items.findIndex((item) => item.top + item.tall > from);
    first = Math.max((first < 0 ? this.items.length : first) - SPARE, 0);
    const wanted = new Map();
    for (let i = first; i < this.items.length && this.items[i].top < to + SPARE * this.items[i].tall; i += 1) {
      wanted.set(this.items[i].key || this.items[i].id, this.items[i]);
    }
    for (const [key, line] of this.drawn) {
      if (!wanted.has(key)) {
        line.remove();
        this.drawn.delete(key);
      }
    }
    let place = 0;
    for (const [key, item] of wanted) {
      let line = this.drawn.get(key);
      if (!line) {
        line = make("div", item.key ? "desk-head" : "desk-row");
        this.drawn.set(key, line);
      }
      if (this.body.children[place] !== line) {
        this.body.insertBefore(line, this.body.children[place] || null); // read in this order
      }
      place += 1;
      item.key ? this.fillHead(line, item) : this.fillRow(line, item);
      line.style.transform = `translateY(${item.top}px)`;
    }
    const at = this.drawn.get(this.selected);
    at ? this.grid.setAttribute("aria-activedescendant", at.id)
      : this.grid.removeAttribute("aria-activedescendant");
  }

  fillHead(line, item) {
    line.setAttribute("role", "presentation");
    line.dataset.group = item.group;
    const text = `${this.model.settings.words[`group${item.group}`]} · ${item.count}`;
    if (line.textContent !== text) {
      line.textContent = text;
    }
  }

  fillRow(line, row) {
    const state = stateOf(this.model, row).join(" · ");
    const stamp = `${row.version}|${state}|${row.group}|${row.isNew || ""}`;
    line.setAttribute("aria-selected", String(row.id === this.selected));
    line.setAttribute("aria-rowindex", String(this.rows.indexOf(row) + 1));
    if (line.dataset.stamp === stamp) {
      return;
    }
    line.dataset.stamp = stamp;
    line.dataset.id = row.id;
    line.id = `call-${row.id}`;
    line.setAttribute("role", "row");
    line.className = `desk-row edge-${row.colour} group-${row.group}${row.isNew ? " is-new" : ""}`;
    const { labels, words } = this.model.settings;
    const level = make("span", "desk-level");
    level.append(make("b", `level level-${row.colour}`, labels.colour[row.colour]), ` ${labels.hazard[row.hazard]}`);
    const place = make("span", "desk-place");
    place.append(make("b", "", row.village), make("span", "meta", this.model.towns[row.town] || ""));
    const person = make("span", "desk-person");
    person.append(make("b", "", row.person),
      make("span", "meta", `${row.phone || words.noNumber} · ${labels.duty[row.duty]}`));
    const standing = make("span", "desk-state");
    standing.append(row.cry === 0 ? make("b", "late", `▲ ${words.help}`)
      : make("b", `state state-${row.state}`, labels.state[row.state]),
      make("span", row.group === NOW || row.group === 2 ? "late" : "meta", state));
    const act = make("span", "desk-act");
    const button = make("button", "btn btn-sm btn-outline-dark", document.getElementById("desk-dial").dataset.word);
    button.type = "button";
    button.tabIndex = -1;
    act.append(make("span", "meta", labels.rung[row.rung]), button);
    const cells = [level, place, person, standing, act];
    cells.forEach((cell) => cell.setAttribute("role", "gridcell"));
    line.replaceChildren(...cells);
  }

  current() {
    return this.model.rows.get(this.selected);
  }

  select(id) {
    this.selected = id;
    const item = this.items.find((each) => each.id === id);
    if (item) {
      item.isNew = false;
      const head = this.items[this.items.indexOf(item) - 1];
      const top = head?.key ? head.top : item.top;
      if (top < this.grid.scrollTop) {
        this.grid.scrollTop = top;
      } else if (item.top + item.tall > this.grid.scrollTop + this.grid.clientHeight) {
        this.grid.scrollTop = item.top + item.tall - this.grid.clientHeight;
      }
    }
    this.draw();
  }

  /* Go up or down by so many rows. */
  move(step) {
    const at = this.rows.findIndex((row) => row.id === this.selected);
    const to = Math.min(Math.max(at + step, 0), this.rows.length - 1);
    if (this.rows[to]) {
      this.select(this.rows[to].id);
    }
  }

  /* Return the row that follows when this one has been dealt with. */
  after(id) {
    const at = this.rows.findIndex((row) => row.id === id);
    return (this.rows[at + 1] || this.rows[at - 1])?.id || "";
  }

  page() {
    return Math.max(Math.floor(this.grid.clientHeight / (this.items.find((x) => !x.key)?.tall || 50)) - 1, 1);
  }
}
