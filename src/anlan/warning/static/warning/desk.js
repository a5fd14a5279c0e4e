/* The duty desk: takes what the server tells, hands it to the list, the box and the map, and
   gives every key its meaning. */
import { CallBox } from "./desk_call.js";
import { List } from "./desk_list.js";
import { Coverage } from "./desk_map.js";
import { Model, NOW, said } from "./desk_model.js";

const part = (id) => document.getElementById(id);
const settings = JSON.parse(part("desk-settings").textContent);
const first = JSON.parse(part("desk-data").textContent);
const { words, urls } = settings;
const TICK_MS = 5000;
const ANEW_MS = 60000; // a village that leaves a warning that stands on tells no journal
const AGAIN_MS = 5000;
const SOUND = "anlan-desk-sound";
const title = document.title;

const model = new Model(settings);
model.take(first, true);
model.sort();

const say = (text, id = "desk-said") => {
  part(id).textContent = text;
};
const list = new List(model, {
  onPick: (row, way) => {
    box.show(row);
    way === "dial" ? box.dial() : box.open();
  },
});
const box = new CallBox(model, {
  onSay: say,
  onDone: (id, found) => {
    if (list.selected === id) {
      list.selected = list.after(id);
      box.reset();
      part("desk-grid").focus();
    }
    take(found);
    list.select(list.selected);
    box.show(list.current());
  },
});
const coverage = new Coverage(model);

const beep = () => {
  if (!part("desk-sound").checked || !navigator.userActivation?.hasBeenActive) {
    return;
  }
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const loud = sound.createGain();
  loud.gain.value = 0.2;
  tone.frequency.value = 880;
  tone.connect(loud).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.25);
  tone.addEventListener("ended", () => sound.close());
};

const tellNew = (fresh) => {
  if (!fresh.length) {
    return;
  }
  for (const row of fresh) {
    row.isNew = true;
  }
  const [{ village, person }] = fresh;
  say(fresh.length === 1 ? said(words.oneNew, { village, person }) : said(words.manyNew, { n: fresh.length }), "desk-alert");
  beep();
};

const refresh = () => {
  const was = box.isOpen ? "" : list.selected;
  const at = list.rows.findIndex((row) => row.id === was);
  const group = list.current()?.group;
  const fresh = model.sort();
  if (at >= 0 && model.rows.get(was)?.group !== group && at > 0) {
    list.selected = list.after(was); // somebody else dealt with it: the place stays, not the row
  }
  list.update();
  const toCall = model.order.filter((row) => row.group === NOW).length;
  part("desk-to-call").textContent = toCall;
  part("desk-total").textContent = model.order.length;
  document.title = toCall ? `(${toCall}) ${title}` : title;
  box.show(list.current());
  coverage.update();
  return fresh;
};

const take = (sent, whole = false) => {
  const flags = new Map([...model.rows].map(([id, row]) => [id, row]));
  model.take(sent, whole);
  for (const [id, row] of model.rows) {
    const old = flags.get(id);
    if (old && old !== row) {
      Object.assign(row, { group: old.group, isNew: old.isNew });
    }
  }
  tellNew(refresh());
};

const readAnew = async () => {
  const answer = await fetch(urls.rows, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    const wasEmpty = !model.rows.size;
    const sent = await answer.json();
    take(sent, true);
    if (wasEmpty !== !model.rows.size) {
      listen(sent.cursor); // an empty desk asks more rarely
    }
  }
};

const live = (isLive, text = "") => {
  part("desk-live").textContent = isLive ? `● ${words.live}` : `▲ ${words.notLive}`;
  part("desk-live").classList.toggle("late", !isLive);
  part("desk-fault").hidden = isLive;
  part("desk-fault-text").textContent = text;
};

/* EventSource comes back by itself after each answer; only a refusal ends it. */
let failed = 0;
let events = null;
const listen = (cursor) => {
  events?.close();
  events = new EventSource(`${urls.events}?since=${cursor}&rows=${model.rows.size}`);
  events.addEventListener("rows", (event) => take(JSON.parse(event.data)));
  events.addEventListener("anew", readAnew);
  events.addEventListener("open", () => {
    if (failed > 1) {
      say(words.back);
    }
    failed = 0;
    live(true);
  });
  events.addEventListener("error", (event) => {
    failed += 1;
    if (event.target !== events) {
      return;
    }
    if (events.readyState === EventSource.CLOSED) {
      live(false, words.out);
      setTimeout(() => listen(""), AGAIN_MS);
    } else if (failed > 3) {
      live(false, words.lost);
    }
  });
};

const keys = {
  ArrowDown: () => list.move(1),
  j: () => list.move(1),
  ArrowUp: () => list.move(-1),
  k: () => list.move(-1),
  PageDown: () => list.move(list.page()),
  PageUp: () => list.move(-list.page()),
  Home: () => list.move(-Infinity),
  End: () => list.move(list.rows.length),
  ArrowRight: () => box.turn(1),
  ArrowLeft: () => box.turn(-1),
  Enter: () => box.dial(),
  d: () => box.dial(),
  r: () => box.open(),
  n: () => whenOpen(() => box.attempt("no_answer")),
  b: () => whenOpen(() => box.attempt("busy")),
  w: () => whenOpen(() => box.attempt("wrong_number")),
  "/": () => part("desk-filter").focus(),
  "?": () => part("desk-help").showModal(),
  Escape: () => box.close(),
};
[...document.querySelectorAll("#desk-call [data-key]")].forEach((button) => {
  keys[button.dataset.key] = () => whenOpen(() => box.answer(button.dataset.word));
});

const whenOpen = (act) => (box.isOpen ? act() : box.say(words.pressFirst));

document.addEventListener("keydown", (event) => {
  const { target } = event;
  const isTyping = target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
  const presses = event.key === "Enter" && target.matches("button, a, summary");
  if (event.ctrlKey || event.altKey || event.metaKey || part("desk-help").open || presses) {
    return;
  }
  if (isTyping) {
    if (event.key === "Escape" || (event.key === "Enter" && target.id === "desk-filter")) {
      event.preventDefault();
      leave(target, event.key === "Escape");
    }
    return;
  }
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
    if (/^(Arrow(Up|Down)|Page|Home|End|j$|k$)/.test(event.key)) {
      box.show(list.current());
    }
  }
});

const leave = (field, clears) => {
  if (field.id === "desk-filter" && clears) {
    field.value = "";
    narrow();
  } else if (field.id !== "desk-filter") {
    part("desk-counts").hidden = true;
  }
  part("desk-grid").focus();
};
const narrow = () => {
  list.filter = part("desk-filter").value;
  part("desk-grid").scrollTop = 0;
  list.update();
  box.show(list.current());
  say(said(words.shown, { n: list.rows.length }));
};
part("desk-filter").addEventListener("input", narrow);
part("desk-keys").addEventListener("click", () => part("desk-help").showModal());
part("desk-sound").checked = localStorage.getItem(SOUND) !== "no";
part("desk-sound").addEventListener("change", () => localStorage.setItem(SOUND, part("desk-sound").checked ? "yes" : "no"));

part("desk-first")?.remove();
part("desk").hidden = false;
refresh();
list.select(list.selected);
part("desk-grid").focus({ preventScroll: true });
setInterval(() => tellNew(refresh()), TICK_MS);
setInterval(() => document.hidden || readAnew(), ANEW_MS);
listen(first.cursor);
part("desk").dataset.ready = "yes";
