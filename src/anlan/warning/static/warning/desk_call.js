/* The box of one call: whom to ring, the number, and one key or button for what was said. */
import { NOW, stateOf } from "./desk_model.js";

const part = (id) => document.getElementById(id);
const OPENS_PHONE = "anlan-desk-opens-phone";

export class CallBox {
  constructor(model, { onDone, onSay }) {
    this.model = model;
    this.onDone = onDone;
    this.onSay = onSay;
    this.row = null;
    this.person = 0;
    this.isOpen = false;
    this.isBusy = false;
    this.box = part("desk-call");
    this.opens = part("desk-opens-phone");
    // A phone dials by itself; an office PC asks first, and that swallows the keys that follow.
    const usual = window.matchMedia("(pointer: coarse)").matches ? "yes" : "no";
    this.opens.checked = (localStorage.getItem(OPENS_PHONE) || usual) === "yes";
    this.opens.addEventListener("change", () => localStorage.setItem(OPENS_PHONE, this.opens.checked ? "yes" : "no"));
    part("desk-dial").addEventListener("click", () => this.dial());
    part("desk-close").addEventListener("click", () => this.close());
    part("desk-people").addEventListener("change", (event) => this.choose(Number(event.target.value)));
    for (const button of this.box.querySelectorAll("[data-word]:not(#desk-dial)")) {
      button.addEventListener("click", () => this.answer(button.dataset.word));
    }
    for (const button of this.box.querySelectorAll("[data-reason]")) {
      button.addEventListener("click", () => this.attempt(button.dataset.reason));
    }
    part("desk-counts").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send("answer", {
        word: "done", notified: part("desk-notified").value, moved: part("desk-moved").value,
      });
    });
  }

  /* Show a row; another one than before closes what was open. */
  show(row) {
    const isOther = this.row?.id !== row?.id;
    this.row = row;
    if (isOther) {
      this.person = row?.people[0]?.[0] || 0;
      this.reset();
    }
    this.box.classList.toggle("is-empty", !row);
    if (!row) {
      return;
    }
    const { settings } = this.model;
    const { labels } = settings;
    part("desk-call-title").textContent = `${row.village} · ${row.person}`;
    const level = part("desk-call-level");
    level.className = `level level-${row.colour}`;
    level.textContent = labels.colour[row.colour];
    part("desk-call-what").textContent = `${labels.hazard[row.hazard]} · ${this.model.towns[row.town] || ""} · ${labels.duty[row.duty]}`;
    const first = row.cry === 0 ? `▲ ${settings.words.help}` : labels.state[row.state];
    part("desk-call-state").textContent = [first, ...stateOf(this.model, row)].join(" · ");
    part("desk-call-state").className = row.group === NOW ? "late" : "";
    part("desk-call-warning").href = settings.urls.warning.replace(settings.nobody, row.warning);
    this.drawPeople(row);
  }

  drawPeople(row) {
    const { names, settings } = this.model;
    const stamp = JSON.stringify([row.id, row.people]);
    const list = part("desk-people");
    if (list.dataset.stamp !== stamp) {
      list.dataset.stamp = stamp;
      list.replaceChildren(...row.people.filter(([id]) => names[id]).map(([id, rung]) => {
        const label = document.createElement("label");
        const radio = document.createElement("input");
        Object.assign(radio, { type: "radio", name: "person", value: String(id) });
        label.append(radio, ` ${names[id]} `);
        const meta = document.createElement("span");
        meta.className = "meta";
        meta.textContent = settings.labels.rung[rung];
        label.append(meta);
        return label;
      }));
    }
    for (const radio of list.querySelectorAll("input")) {
      radio.checked = Number(radio.value) === this.person;
    }
  }

  reset() {
    this.isOpen = false;
    this.box.classList.remove("is-open");
    part("desk-number").hidden = true;
    part("desk-counts").hidden = true;
    part("desk-counts").reset();
    part("desk-call-said").textContent = "";
  }

  open() {
    if (this.row) {
      this.isOpen = true;
      this.box.classList.add("is-open");
    }
  }

  close() {
    this.reset();
    part("desk-grid").focus();
  }

  choose(person) {
    this.person = person;
    part("desk-number").hidden = true;
    this.drawPeople(this.row);
  }

  /* Go to the next or the previous person who was rung. */
  turn(step) {
    const ids = (this.row?.people || []).map(([id]) => id).filter((id) => this.model.names[id]);
    if (ids.length) {
      this.choose(ids[(ids.indexOf(this.person) + step + ids.length) % ids.length]);
      this.say(this.model.names[this.person]);
    }
  }

  say(text) {
    part("desk-call-said").textContent = text;
  }

  async dial() {
    const link = part("desk-number");
    if (!this.row || this.isBusy) {
      return;
    }
    if (!link.hidden) {
      link.click(); // the second time the number stands there already
      return;
    }
    this.open();
    this.say(this.model.settings.words.calling);
    const { id } = this.row;
    const found = await this.post("dial", {});
    if (!found || this.row?.id !== id) {
      return;
    }
    if (!found.is_done) {
      this.say(found.said);
      return;
    }
    this.say("");
    link.href = `tel:${found.number}`;
    link.textContent = found.number;
    link.hidden = false;
    if (this.opens.checked) {
      link.click();
    }
  }

  answer(word) {
    if (!this.row) {
      return;
    }
    this.open();
    if (word === "done") {
      part("desk-counts").hidden = false;
      part("desk-notified").focus();
      this.say(this.model.settings.words.choose);
      return;
    }
    this.send("answer", { word });
  }

  attempt(reason) {
    if (this.row) {
      this.send("attempt", { reason });
    }
  }

  async send(what, values) {
    const { id } = this.row;
    const found = await this.post(what, values);
    if (!found) {
      return;
    }
    if (found.rows) {
      this.onDone(id, found);
    }
    if (found.is_done) {
      this.onSay(found.said);
    } else {
      this.say(found.said);
    }
  }

  async post(what, values) {
    if (this.isBusy) {
      return null;
    }
    this.isBusy = true;
    const { urls, nobody, words } = this.model.settings;
    const body = new URLSearchParams({ ...values, person: String(this.person || "") });
    const token = document.querySelector("#desk [name=csrfmiddlewaretoken]").value;
    try {
      const answer = await fetch(urls[what].replace(nobody, this.row.id), {
        method: "POST", body, headers: { "X-CSRFToken": token }, credentials: "same-origin",
      });
      if (answer.ok && !answer.redirected) {
        return await answer.json();
      }
      this.say(answer.status === 404 ? words.gone : answer.status === 403 ? words.refused : words.out);
    } catch {
      this.say(words.failed);
    } finally {
      this.isBusy = false;
    }
    return null;
  }
}
