/* How far each town has come: a map with the figures written on it, and the table beside it. */
import { said } from "./desk_model.js";

const part = (id) => document.getElementById(id);
// Steps of the share answered, each with its own hatching in the legend's words and figures.
const FILL = ["#f6c9c9", "#fbe6c2", "#d3e8f5", "#cfe9d6"];
const stepOf = (town) => (town.unanswered ? 0 : town.answered === town.called ? 3
  : town.answered * 2 >= town.called ? 2 : 1);
const MARK = ["✗", "◔", "◑", "✓"];

export class Coverage {
  constructor(model) {
    this.model = model;
    this.shapes = new Map();
    this.stamp = "";
    this.load();
  }

  async load() {
    try {
      const answer = await fetch(this.model.settings.urls.towns, { credentials: "same-origin" });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      this.drawMap((await answer.json()).towns);
      this.stamp = "";
      this.update();
    } catch {
      part("desk-map-fault").textContent = this.model.settings.words.mapFailed;
      part("desk-map-fault").hidden = false;
    }
  }

  drawMap(towns) {
    const placed = towns.filter(([, , lon, lat]) => lon !== null && lat !== null);
    if (!placed.length) {
      part("desk-map").hidden = true;
      return;
    }
    this.map = L.map("desk-map", {
      zoomSnap: 0.25, attributionControl: false, scrollWheelZoom: false, keyboard: false,
    });
    const bounds = L.latLngBounds([]);
    for (const [code, name, lon, lat, outline] of placed) {
      const shape = this.shapeOf(outline, [lat, lon]).addTo(this.map);
      const figure = L.marker([lat, lon], {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "desk-figure", html: "", iconSize: null }),
      }).addTo(this.map);
      bounds.extend(shape.getBounds ? shape.getBounds() : [lat, lon]);
      this.shapes.set(code, { name, shape, figure });
    }
    this.map.fitBounds(bounds, { padding: [6, 6] });
    part("desk-map").dataset.ready = "yes";
  }

  shapeOf(outline, centre) {
    const style = { color: "#3f4b45", weight: 1.2, fillColor: "#ffffff", fillOpacity: 1, interactive: false };
    if (outline?.type) {
      return L.geoJSON(outline, { style, interactive: false });
    }
    if (Array.isArray(outline) && outline.length) {
      const turn = (point) => (typeof point[0] === "number" ? [point[1], point[0]] : point.map(turn));
      return L.polygon(turn(outline), style);
    }
    return L.circleMarker(centre, { ...style, radius: 16 });
  }

  update() {
    const found = this.model.coverage();
    const stamp = JSON.stringify(found);
    if (stamp === this.stamp) {
      return;
    }
    this.stamp = stamp;
    const { words } = this.model.settings;
    part("desk-towns").replaceChildren(...found.map(([code, town]) => {
      const line = document.createElement("tr");
      const share = Math.floor((town.answered * 100) / town.called);
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = `${MARK[stepOf(town)]} ${this.model.towns[code] || code}`;
      line.append(name, ...[town.called, town.answered, town.reported, town.unanswered, `${share}%`].map((value, i) => {
        const cell = document.createElement("td");
        cell.textContent = value;
        cell.className = i === 3 && value ? "late" : "";
        return cell;
      }));
      return line;
    }));
    const towns = new Map(found);
    for (const [code, { name, shape, figure }] of this.shapes) {
      const town = towns.get(code);
      const step = town ? stepOf(town) : -1;
      shape.setStyle({ fillColor: town ? FILL[step] : "#ffffff", dashArray: step === 0 ? "5 3" : null, weight: step === 0 ? 2.5 : 1.2 });
      const mark = figure.getElement();
      if (mark) {
        mark.classList.toggle("is-quiet", !town);
        mark.textContent = town ? `${MARK[step]}\n${town.answered}/${town.called}` : "";
        mark.title = town ? `${name}: ${said(words.answered, town)}` : name;
      }
    }
  }
}
