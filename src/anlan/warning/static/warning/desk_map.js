/* How far each town has come: a map with the figures written on it, and the table beside it. */
import { said } from "./desk_model.js";

const part = (id) => document.getElementById(id);
// Steps of the share that has answered: less than half, half or more, all. Whoever is without an
// answer is counted beside it, and the town's border is broken.
const FILL = ["#fbe0c2", "#d3e8f5", "#cfe9d6"];
const MARK = ["◔", "◑", "✓"];
const stepOf = (town) => (town.answered === town.called ? 2 : town.answered * 2 >= town.called ? 1 : 0);
const without = (town) => (town.unanswered ? ` ✗${town.unanswered}` : "");

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
      zoomSnap: 0.25, zoomControl: false, attributionControl: false, scrollWheelZoom: false,
      keyboard: false,
    });
    L.control.zoom({ position: "bottomright" }).addTo(this.map);
    const bounds = L.latLngBounds([]);
    for (const [code, name, lon, lat, outline] of placed) {
      const shape = this.shapeOf(outline, [lat, lon]).addTo(this.map);
      const figure = document.createElement("b");
      L.marker([lat, lon], {
        interactive: false, keyboard: false,
        icon: L.divIcon({ className: "desk-figure", html: figure, iconSize: null }),
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
      const isBroken = Boolean(town?.unanswered);
      shape.setStyle({
        fillColor: town ? FILL[step] : "#ffffff", dashArray: isBroken ? "5 3" : null,
        weight: isBroken ? 2.5 : 1.2,
      });
      figure.textContent = town ? `${MARK[step]}${without(town)}\n${town.answered}/${town.called}` : "";
      figure.title = town ? `${name}: ${said(words.answered, town)}` : name;
    }
  }
}
