"use strict";
/* The slider over an incident: each step shows levels and counts of that half hour. */
(() => {
  const { settings, load, drawn, show, fault } = window.anlanMap;
  const slider = document.getElementById("slider");
  if (!settings.replay || !slider) {
    return;
  }
  const words = settings.words;
  const play = document.getElementById("play");
  const moment = document.getElementById("moment");
  const STEP_MS = 350;
  let replay = null;
  let timer = 0;

  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => values[name]);
  // The year first, in English too: no day can be taken for a month.
  const { lang } = document.documentElement;
  const clock = new Intl.DateTimeFormat(lang === "en" ? "en-CA" : lang, {
    timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  // A row equal to the one before it is sent empty.
  const spread = (rows) => {
    let last = "";
    return rows.map((row) => {
      last = row || last;
      return last;
    });
  };

  const timeOf = (step) => {
    const at = new Date(replay.start).getTime() + step * replay.minutes * 60000;
    return new Date(Math.min(at, new Date(replay.end).getTime()));
  };

  const render = () => {
    const step = Number(slider.value);
    const levels = replay.w[step];
    show(replay.g[step], levels);
    for (const colour of [1, 2, 3, 4]) {
      const count = levels.split(String(colour)).length - 1;
      document.querySelector(`[data-count="${colour}"]`).textContent = count;
    }
    const [calls, answered, moving, sheltered] = replay.c[step];
    document.querySelector('[data-count="calls"]').textContent =
      fill(words.ofCalls, { calls, answered, waiting: calls - answered });
    document.querySelector('[data-count="people"]').textContent =
      fill(words.atShelters, { moving, sheltered });
    moment.textContent = clock.format(timeOf(step));
    slider.setAttribute("aria-valuetext", moment.textContent);
  };

  const stop = () => {
    window.clearInterval(timer);
    timer = 0;
    document.getElementById("play-word").textContent = words.play;
    play.querySelector(".icon").className = "icon icon-play-fill";
  };

  const start = () => {
    if (Number(slider.value) >= Number(slider.max)) {
      slider.value = 0;
    }
    document.getElementById("play-word").textContent = words.pause;
    play.querySelector(".icon").className = "icon icon-pause-fill";
    timer = window.setInterval(() => {
      slider.value = Number(slider.value) + 1;
      render();
      if (Number(slider.value) >= Number(slider.max)) {
        stop();
      }
    }, STEP_MS);
  };

  /* An incident that goes on opens at the present, one that is over at its worst moment. */
  const opening = () => {
    if (replay.live) {
      return replay.w.length - 1;
    }
    const weight = replay.w.map((row) => [...row].reduce((sum, digit) => sum + Number(digit) ** 2, 0));
    return weight.indexOf(Math.max(...weight));
  };

  Promise.all([load(settings.replay), drawn]).then(([data]) => {
    replay = { ...data, g: spread(data.g), w: spread(data.w) };
    slider.max = replay.w.length - 1;
    slider.value = opening();
    slider.disabled = play.disabled = false;
    slider.addEventListener("input", () => {
      stop();
      render();
    });
    play.addEventListener("click", () => (timer ? stop() : start()));
    render();
    slider.dataset.ready = "yes";
  }).catch(fault);
})();
