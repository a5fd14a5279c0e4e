"use strict";
/* The chart of a station: draws what the server sends, and asks again for what is looked at
   closely. Of several answers the one to the last question counts. */
(() => {
  const settings = JSON.parse(document.getElementById("chart-settings").textContent);
  const words = settings.words;
  const box = document.getElementById("station-chart");
  const says = document.getElementById("chart-says");
  const looks = window.anlanChart;
  const WAIT_MS = 250;
  const LEAST_MS = 10 * 60 * 1000;
  const PAD = 0.25;

  const chart = echarts.init(box, null, { renderer: "canvas", locale: "EN" });
  const whole = { from: Date.parse(settings.from), to: Date.parse(settings.to) };
  let view = { ...whole };
  let shown = null;
  let question = 0;
  let running = null;
  let timer = 0;
  let isOurs = false;

  const ask = async (from, to) => {
    const mine = ++question;
    running?.abort();
    running = new AbortController();
    const query = new URLSearchParams(settings.elements.map((code) => ["element", code]));
    query.set("from", new Date(from).toISOString());
    query.set("to", new Date(to).toISOString());
    const answer = await fetch(`${settings.url}?${query}`, {
      credentials: "same-origin", signal: running.signal,
    });
    if (!answer.ok) {
      throw new Error(`${settings.url}: ${answer.status}`);
    }
    const data = await answer.json();
    return mine === question ? data : null;
  };

  const draw = () => {
    const option = looks.option(shown, whole, view, words, box.clientHeight);
    for (const zoom of option.dataZoom) {
      zoom.startValue = view.from + shown.offset;
      zoom.endValue = view.to + shown.offset;
      zoom.minValueSpan = LEAST_MS;
    }
    isOurs = true;
    chart.setOption(option, { notMerge: true });
    isOurs = false;
    says.textContent = looks.summary(shown, words, view.from, view.to);
    box.dataset.ready = "yes";
    box.dataset.from = String(view.from);
    box.dataset.to = String(view.to);
  };

  const load = async () => {
    const pad = (view.to - view.from) * PAD;
    const from = Math.max(whole.from, view.from - pad);
    const to = Math.min(whole.to, view.to + pad);
    try {
      const data = await ask(from, to);
      if (data) {
        shown = data;
        draw();
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        says.textContent = words.failed;
      }
    }
  };

  const look = (from, to) => {
    const width = Math.min(Math.max(to - from, LEAST_MS), whole.to - whole.from);
    const start = Math.min(Math.max(from, whole.from), whole.to - width);
    view = { from: start, to: start + width };
    if (shown) {
      chart.dispatchAction({
        type: "dataZoom", dataZoomIndex: 0, startValue: view.from + shown.offset, endValue: view.to + shown.offset,
      });
    }
    clearTimeout(timer);
    timer = setTimeout(load, WAIT_MS);
  };

  const moves = {
    left: (width) => look(view.from - width / 4, view.to - width / 4),
    right: (width) => look(view.from + width / 4, view.to + width / 4),
    in: (width) => look(view.from + width / 4, view.to - width / 4),
    out: (width) => look(view.from - width / 2, view.to + width / 2),
    whole: () => look(whole.from, whole.to),
  };
  const KEYS = { ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out", Home: "whole" };

  box.addEventListener("keydown", (event) => {
    const name = KEYS[event.key];
    if (name && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      moves[name](view.to - view.from);
    }
  });
  for (const button of document.querySelectorAll("[data-chart]")) {
    button.addEventListener("click", () => moves[button.dataset.chart](view.to - view.from));
  }
  document.getElementById("chart-tools").hidden = false;

  chart.on("datazoom", () => {
    if (isOurs || !shown) {
      return;
    }
    const zoom = chart.getOption().dataZoom[0];
    const from = Math.round(zoom.startValue) - shown.offset;
    const to = Math.round(zoom.endValue) - shown.offset;
    if (Math.abs(from - view.from) < 1000 && Math.abs(to - view.to) < 1000) {
      return;
    }
    view = { from, to };
    clearTimeout(timer);
    timer = setTimeout(load, WAIT_MS);
  });
  new ResizeObserver(() => {
    chart.resize();
    if (shown) {
      draw();
    }
  }).observe(box);
  load();
})();
