"use strict";
/* The other tables of the register as layers: fetched when first switched on. `?at=lon,lat` in
   the address marks one place. */
(() => {
  const { map, point, popup, settings, load, fault, drawn } = window.anlanMap;
  const list = document.getElementById("register-layers");
  const COLOURS = ["#8a3b12", "#0f6b6b", "#5b3a8c", "#946200", "#a61e4d", "#2f6f2f", "#334e8a"];

  const draw = (rows, table, colour) => {
    const group = L.layerGroup();
    for (const [name, x, y, fact, address] of rows) {
      group.addLayer(
        new L.Badge(point(x, y), { shape: "circle", radius: 5, fillColor: colour, color: "#222" })
          .bindPopup(() => popup(name, [table.label, fact], `${table.page}${address}/`,
            settings.words.openRecord)),
      );
    }
    return group;
  };

  const offer = (table, colour) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    const key = document.createElement("i");
    key.className = "key key-register";
    const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    picture.setAttribute("viewBox", "0 0 12 12");
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of Object.entries({ cx: 6, cy: 6, r: 5, fill: colour })) {
      dot.setAttribute(name, value);
    }
    picture.append(dot);
    key.append(picture);
    label.append(box, " ", key, `${table.label} (${table.count})`);
    let group = null;
    box.addEventListener("change", async () => {
      try {
        group = group || draw((await load(table.layer)).rows, table, colour);
        box.checked ? group.addTo(map) : group.remove();
      } catch {
        box.checked = false;
        fault();
      }
    });
    list.append(label);
  };

  settings.tables.forEach((table, i) => offer(table, COLOURS[i % COLOURS.length]));

  const at = (new URLSearchParams(location.search).get("at") || "").split(",").map(Number);
  if (at.length === 2 && at.every(Number.isFinite)) {
    drawn.then(() => {
      map.setView([at[1], at[0]], 13);
      L.circleMarker([at[1], at[0]], { radius: 16, color: "#d1242f", weight: 4, fill: false })
        .addTo(map);
    });
  }
})();
