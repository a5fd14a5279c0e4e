"use strict";
/* The rain map: filled bands of equal rain, outlines above them, gauges with their figures on top.
   Everything lies on one canvas; figures that would cover a larger one wait for a closer look. */
(() => {
  const settings = JSON.parse(document.getElementById("rain-settings").textContent);
  const words = settings.words;
  const LINE = 14;
  const DIGIT = 7.5;

  L.Canvas.include({
    _updateFigure(layer) {
      if (!this._drawing || layer._empty()) {
        return;
      }
      const ctx = this._ctx;
      const { x, y } = layer._point;
      if (!layer.options.text || !layer.options.isShown) {
        return;
      }
      ctx.globalAlpha = 1;
      ctx.font = layer.options.font;
      ctx.textAlign = layer.options.align;
      ctx.textBaseline = "middle";
      ctx.lineWidth = 3;
      ctx.lineJoin = "round";
      ctx.setLineDash([]);
      ctx.strokeStyle = "#fff";
      ctx.strokeText(layer.options.text, x, y);
      ctx.fillStyle = "#16212b";
      ctx.fillText(layer.options.text, x, y);
    },
  });
  /* A figure beside its gauge; it lies on the canvas after every dot, so that none covers it. */
  const Figure = L.CircleMarker.extend({
    options: { text: "", isShown: true, radius: 1, align: "left", font: "bold 13px sans-serif", interactive: false },
    _project() {
      L.CircleMarker.prototype._project.call(this);
      this._point = this._point.add([this.options.align === "left" ? 6 : 0, 0]);
      this._updateBounds();
    },
    _updateBounds() {
      L.CircleMarker.prototype._updateBounds.call(this);
      const wide = 10 + DIGIT * this.options.text.length;
      this._pxBounds = L.bounds(this._point.subtract([wide, 10]), this._point.add([wide, 10]));
    },
    _updatePath() {
      this._renderer._updateFigure(this);
    },
  });

  const map = L.map("rain-map", { preferCanvas: true, zoomSnap: 0.25, attributionControl: false });
  const place = ([lon, lat]) => [lat, lon];
  const shape = (polygons) => polygons.map((rings) => rings.map((ring) => ring.map(place)));

  const popup = ([, , mm, name, isSilent, id]) => {
    const box = document.createElement("div");
    const head = document.createElement("b");
    head.textContent = name;
    const told = document.createElement("p");
    told.textContent = mm === null ? words.none : words.amount.replace("{mm}", String(mm));
    box.append(head, told);
    if (isSilent) {
      const silent = document.createElement("p");
      silent.textContent = `✗ ${words.silent}`;
      box.append(silent);
    }
    const link = document.createElement("a");
    link.href = settings.station.replace("/0/", `/${id}/`);
    link.textContent = words.open;
    box.append(link);
    return box;
  };

  const spread = (figures) => {
    const taken = [];
    for (const figure of figures) {
      const at = map.latLngToLayerPoint(figure.getLatLng());
      const box = [at.x, at.y - LINE / 2, at.x + 10 + DIGIT * figure.options.text.length, at.y + LINE / 2];
      figure.options.isShown = !taken.some((other) => box[0] < other[2] && other[0] < box[2]
        && box[1] < other[3] && other[1] < box[3]);
      if (figure.options.isShown) {
        taken.push(box);
      }
    }
    figures.forEach((figure) => figure.redraw());
  };

  const draw = (data) => {
    const lineFigures = [];
    const outline = L.polygon(shape(data.outline), {
      color: "#16212b", weight: 2.5, fillColor: "#fff", fillOpacity: 1, interactive: false,
    });
    const points = data.gauges.map(place);
    const bounds = data.outline.length ? outline.getBounds() : L.latLngBounds(points).pad(0.1);
    map.fitBounds(bounds, { padding: [8, 8] });
    if (data.outline.length) {
      outline.addTo(map);
    }
    for (const [step, areas] of data.bands) {
      L.polygon(shape(areas), {
        stroke: true, color: "#33333388", weight: 0.5, fillColor: settings.colours[step],
        fillOpacity: 1, interactive: false,
      }).addTo(map);
    }
    for (const [mm, lines] of data.lines) {
      for (const line of lines) {
        const course = line.map(place);
        L.polyline(course, { color: "#fff", weight: 3, opacity: 0.7, interactive: false }).addTo(map);
        L.polyline(course, { color: "#16212b", weight: 1.2, dashArray: "6 4", interactive: false }).addTo(map);
        lineFigures.push(new Figure(place(line[Math.floor(line.length / 2)]), {
          text: String(mm), align: "center", font: "italic 12px sans-serif",
        }));
      }
    }
    for (const polygons of data.inner) {
      L.polygon(shape(polygons), { color: "#555", weight: 1, fill: false, interactive: false }).addTo(map);
    }
    if (data.outline.length) {
      L.polygon(shape(data.outline), {
        color: "#16212b", weight: 2.5, fill: false, interactive: false,
      }).addTo(map);
    }
    const ordered = [...data.gauges].sort((a, b) => (a[2] ?? -1) - (b[2] ?? -1));
    for (const row of ordered) {
      L.circleMarker(place(row), {
        radius: 4.5, weight: 1.5, color: row[2] === null ? "#16212b" : "#fff", fillOpacity: 1,
        dashArray: row[4] ? "2 2" : null,
        fillColor: row[2] === null ? "#fff" : "#16212b",
      }).bindPopup(() => popup(row)).addTo(map);
    }
    const figures = [...ordered].reverse().filter((row) => row[2] !== null)
      .map((row) => new Figure(place(row), { text: String(row[2]) }));
    figures.push(...lineFigures);
    figures.forEach((figure) => figure.addTo(map));
    spread(figures);
    map.on("zoomend", () => spread(figures));
    document.getElementById("rain-map").dataset.ready = "yes";
  };

  fetch(settings.url, { credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) {
      throw new Error(`${settings.url}: ${answer.status}`);
    }
    return answer.json();
  }).then(draw).catch(() => {
    const box = document.getElementById("rain-fault");
    box.textContent = words.failed;
    box.hidden = false;
  });
})();
