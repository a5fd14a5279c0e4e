"use strict";
/* How the chart of a station looks: from the server's document to what ECharts draws.
   Times are shown in the county's zone whatever the PC believes: they come as UTC, are moved by
   the county's offset and drawn as if they were UTC. */
window.anlanChart = (() => {
  const INK = "#16212b";
  const SOFT = "#46535f";
  const LINES = ["#0b5394", "#7a4a1d", "#14653a"];
  const BARS = "#2b7bb9";
  const LEVELS = ["", "#1f6feb", "#b58900", "#d96b00", "#d1242f"];
  const SHADES = ["", "#1f6feb26", "#ffd21f40", "#ff8c1a40", "#d1242f38"];
  const DASHES = ["", [2, 3], [5, 4], [9, 4], [14, 4]];
  const CROSS = "path://M0,2 L2,0 L5,3 L8,0 L10,2 L7,5 L10,8 L8,10 L5,7 L2,10 L0,8 L3,5 Z";
  const TOP = 34;
  const BOTTOM = 64;
  const GAP = 46;
  const APART = 20;

  const two = (n) => String(n).padStart(2, "0");
  const clock = (ms) => {
    const at = new Date(ms);
    return `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  };
  const tick = (ms) => {
    const at = new Date(ms);
    const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
    const day = `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
    return time === "00:00" ? day : time;
  };
  const figure = (value, one) => `${value.toFixed(one.decimals)} ${one.unit}`.trim();

  const bounds = (one) => {
    const values = one.points.map((point) => point[1]).filter((value) => value !== null);
    return values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  };

  /* The axis of a line reaches up to the next threshold where that is not far away. */
  const reach = (one) => {
    const [low, high] = bounds(one);
    const room = Math.max(high - low, 0.5);
    const next = one.limits.map((limit) => limit.value).filter((value) => value > high);
    const above = next.length ? Math.min(...next) : high;
    const top = above - high <= 2 * room ? above : high;
    return { low: low - room * 0.08, high: top + room * 0.08, beyond: top === high ? next : [] };
  };

  const axisName = (one, beyond) => {
    const name = one.unit ? `${one.label} (${one.unit})` : one.label;
    return beyond.length ? `${name}   ↑ ${Math.min(...beyond)}` : name;
  };

  const axis = (one, index, isHanging) => {
    const common = {
      gridIndex: index, type: "value", nameLocation: isHanging ? "start" : "end",
      nameTextStyle: { color: INK, fontSize: 13, align: "left", padding: [0, 0, 0, -38] },
      axisLabel: { color: INK }, splitLine: { lineStyle: { color: "#e3e8ec" } },
      inverse: isHanging, nameGap: 10,
    };
    if (one.kind === "bars") {
      return { ...common, min: 0, minInterval: 0.1, name: axisName(one, []) };
    }
    const { low, high, beyond } = reach(one);
    return {
      ...common, min: Number(low.toFixed(2)), max: Number(high.toFixed(2)), name: axisName(one, beyond),
      axisLabel: { color: INK, formatter: (value) => value.toFixed(Math.min(one.decimals, 2)) },
    };
  };

  const limits = (one) =>
    one.limits.map((limit) => ({
      yAxis: limit.value,
      lineStyle: { color: LEVELS[limit.colour], type: DASHES[limit.colour], width: 2 },
      label: {
        formatter: limit.label, position: "insideStartTop", color: INK, fontSize: 12,
        textBorderColor: "#fff", textBorderWidth: 3,
      },
    }));

  /* A warning runs through every element; the last one names it, unless the next stands too near. */
  const warnings = (data, index, view) =>
    data.warnings.map((warning, place) => ({
      xAxis: warning.at + data.offset,
      lineStyle: { color: LEVELS[warning.colour], type: "solid", width: 3 },
      label: {
        show:
          index === data.series.length - 1 &&
          (data.warnings[place + 1]?.at ?? Infinity) - warning.at > (view.to - view.from) / APART,
        formatter: warning.label, position: "insideEndTop", color: INK, fontSize: 12,
        textBorderColor: "#fff", textBorderWidth: 3,
      },
    }));

  const marks = (one, index, data, view) => ({
    silent: true,
    symbol: "none",
    data: [...limits(one), ...warnings(data, index, view)],
  });

  const shades = (one, offset, view) => ({
    silent: true,
    data: one.spans.map((span, place) => [
      {
        xAxis: span.from + offset,
        name: span.label,
        itemStyle: { color: SHADES[span.colour], borderColor: LEVELS[span.colour], borderWidth: 1, borderType: "dotted" },
        label: {
          show: span.to - span.from > (view.to - view.from) / 9,
          color: INK, fontSize: 12, position: "insideBottom", distance: 5 + 16 * (place % 4), textBorderColor: "#fff", textBorderWidth: 3,
        },
      },
      { xAxis: span.to + offset },
    ]),
  });

  const main = (one, index, data, view) => {
    const { offset } = data;
    const common = {
      id: `main-${index}`, name: one.label, xAxisIndex: index, yAxisIndex: index, animation: false,
      markLine: marks(one, index, data, view), markArea: shades(one, offset, view),
    };
    if (one.kind === "bars") {
      return {
        ...common, type: "bar", itemStyle: { color: BARS }, barMaxWidth: 36, barMinWidth: 1,
        data: one.points.map(([ms, value]) => [ms + offset + one.step / 2, value]),
      };
    }
    return {
      ...common, type: "line", showSymbol: false, connectNulls: false,
      lineStyle: { color: LINES[index], width: 2 }, itemStyle: { color: LINES[index] },
      data: one.points.map(([ms, value]) => [ms + offset, value]),
    };
  };

  /* What does not count may lie anywhere: its mark is kept within the chart. */
  const marked = (one, index, offset) => {
    const [low, high] = one.kind === "bars" ? [0, Math.max(bounds(one)[1], 1)] : bounds(one);
    return {
      id: `marked-${index}`, type: "scatter", name: `${one.label} ◇✕`, xAxisIndex: index,
      yAxisIndex: index, animation: false, z: 5, symbolSize: 11,
      data: one.marked.map(([ms, value, word, isExcluded]) => ({
        value: [ms + offset, Math.min(Math.max(value, low), high), value, word],
        symbol: isExcluded ? CROSS : "diamond",
        itemStyle: isExcluded
          ? { color: "#a40e1c" }
          : { color: "#fff", borderColor: "#8a5a00", borderWidth: 2 },
      })),
    };
  };

  const nearest = (one, at) => {
    const reachMs = one.kind === "bars" ? one.step : Infinity;
    const place = (point) => point[0] + (one.kind === "bars" ? one.step / 2 : 0);
    let best = null;
    for (const point of one.points) {
      if (point[1] !== null && (!best || Math.abs(place(point) - at) < Math.abs(place(best) - at))) {
        best = point;
      }
    }
    return best && Math.abs(place(best) - at) <= reachMs ? best : null;
  };

  const told = (data, words) => (found) => {
    const rows = Array.isArray(found) ? found : [found];
    if (!rows.length) {
      return "";
    }
    const at = rows[0].axisValue - data.offset;
    const lines = [];
    for (const one of data.series) {
      const point = nearest(one, at);
      if (point) {
        const when = one.kind === "bars"
          ? `${clock(point[0] + data.offset)} – ${clock(point[0] + data.offset + one.step).slice(6)}`
          : clock(point[0] + data.offset);
        lines.push(`${when}  ${one.label} ${figure(point[1], one)}`);
      }
    }
    for (const row of rows.filter((each) => each.seriesType === "scatter")) {
      lines.push(`${clock(row.value[0])}  ${row.value[2]} ${row.value[3]}`);
    }
    return lines.join("\n") || words.nothing;
  };

  const grids = (count, height) => {
    const shares = { 1: [1], 2: [0.36, 0.64], 3: [0.28, 0.36, 0.36] }[count];
    const room = height - TOP - BOTTOM - GAP * (count - 1);
    let top = TOP;
    return shares.map((share) => {
      const grid = { left: 62, right: 18, top, height: Math.round(room * share) };
      top += grid.height + GAP;
      return grid;
    });
  };

  const option = (data, whole, view, words, height) => {
    const count = data.series.length;
    const isHanging = (one, index) => one.kind === "bars" && index === 0 && count > 1;
    return {
      useUTC: true,
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: grids(count, height),
      xAxis: data.series.map((_one, index) => ({
        type: "time", gridIndex: index, min: whole.from + data.offset, max: whole.to + data.offset,
        axisLabel: { color: INK, hideOverlap: true, formatter: tick, show: index === count - 1 },
        axisLine: { onZero: false, lineStyle: { color: SOFT } }, position: "bottom",
        splitLine: { show: true, lineStyle: { color: "#eef1f3" } },
      })),
      yAxis: data.series.map((one, index) => axis(one, index, isHanging(one, index))),
      axisPointer: { link: [{ xAxisIndex: "all" }], label: { show: false } },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "line" },
        formatter: told(data, words), transitionDuration: 0,
      },
      dataZoom: [
        { type: "inside", xAxisIndex: "all", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false },
        {
          type: "slider", xAxisIndex: "all", filterMode: "none", showDataShadow: false, bottom: 8,
          height: 26, labelFormatter: (ms) => clock(ms), left: 62, right: 18,
        },
      ],
      series: data.series.flatMap((one, index) => [
        main(one, index, data, view), marked(one, index, data.offset),
      ]),
    };
  };

  /* What has just come, in one sentence for whoever cannot see the lines. */
  const summary = (data, words, from, to) => {
    const parts = data.series.map((one) => {
      const values = one.points
        .filter(([ms, value]) => value !== null && ms + one.step > from && ms <= to)
        .map((point) => point[1]);
      if (!values.length) {
        return `${one.label}: ${words.nothing}`;
      }
      if (one.kind === "bars") {
        const sum = values.reduce((before, value) => before + value, 0);
        return `${one.label}: ${words.sum} ${figure(sum, one)}, ${words.highest} ${figure(Math.max(...values), one)}`;
      }
      return `${one.label}: ${words.lowest} ${figure(Math.min(...values), one)}, ${words.highest} ${figure(Math.max(...values), one)}`;
    });
    const issued = data.warnings
      .filter((warning) => warning.at >= from && warning.at <= to)
      .map((warning) => `${warning.label} ${clock(warning.at + data.offset)}`);
    if (issued.length) {
      parts.push(`${words.warnings}: ${issued.join(", ")}`);
    }
    return `${clock(from + data.offset)} ${words.until} ${clock(to + data.offset)}. ${parts.join("; ")}`;
  };

  return { option, summary };
})();
