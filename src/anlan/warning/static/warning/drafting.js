"use strict";
/* The form of a warning: places found by a part of their name, and areas drawn on the map.
   Drawn areas leave in the field `drawn` as rings of [lon, lat]. */
(() => {
  const settings = JSON.parse(document.getElementById("draw-settings").textContent);
  const words = settings.words;
  const byId = (id) => document.getElementById(id);

  const bindPlaces = () => {
    const word = byId("place-word");
    const list = byId("place-list");
    const field = byId("places");
    let asked = 0;
    document.querySelector(".place-search").hidden = false;
    word.addEventListener("input", async () => {
      const mine = ++asked;
      const text = word.value.trim();
      if (!text) {
        return;
      }
      const answer = await fetch(`${settings.places}?q=${encodeURIComponent(text)}`, {
        credentials: "same-origin",
      });
      if (!answer.ok || mine !== asked) {
        return;
      }
      const found = await answer.json();
      list.replaceChildren(...found.places.map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }));
    });
    const add = () => {
      const name = word.value.trim();
      if (name) {
        field.value = `${field.value.trim()}\n${name}`.trim();
        word.value = "";
        word.focus();
      }
    };
    byId("place-add").addEventListener("click", add);
    word.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        add();
      }
    });
  };

  /* The rings that the page came with; the program closes each, the hand does not. */
  const keptRings = () => {
    const kept = JSON.parse(byId("draw-kept").textContent) || [];
    const rings = typeof kept === "string" ? JSON.parse(kept || "[]") : kept;
    return rings.map((ring) => {
      const [first, last] = [ring[0], ring[ring.length - 1]];
      return first[0] === last[0] && first[1] === last[1] ? ring.slice(0, -1) : ring;
    });
  };

  const unpack = (rings) => rings.map((ring) => {
    let [x, y] = [0, 0];
    const found = [];
    for (let i = 0; i < ring.length; i += 2) {
      x += ring[i];
      y += ring[i + 1];
      found.push([y / 1e4, x / 1e4]);
    }
    return found;
  });

  const bindMap = () => {
    const map = L.map("draw-map", { preferCanvas: true, zoomSnap: 0.25, attributionControl: false });
    const ground = L.layerGroup().addTo(map);
    const drawn = L.layerGroup().addTo(map);
    const rings = keptRings();
    let corners = [];

    const show = () => {
      drawn.clearLayers();
      for (const ring of rings) {
        L.polygon(ring.map(([lon, lat]) => [lat, lon]), {
          color: "#b3261e", weight: 3, fillOpacity: 0.2, interactive: false,
        }).addTo(drawn);
      }
      L.polyline(corners.map(([lon, lat]) => [lat, lon]), {
        color: "#b3261e", weight: 3, dashArray: "6 4", interactive: false,
      }).addTo(drawn);
      for (const [lon, lat] of corners) {
        L.circleMarker([lat, lon], {
          radius: 5, color: "#b3261e", fillColor: "#fff", fillOpacity: 1, interactive: false,
        }).addTo(drawn);
      }
      byId("drawn").value = rings.length ? JSON.stringify(rings) : "";
      byId("draw-list").replaceChildren(...rings.map((ring, at) => {
        const item = document.createElement("li");
        item.textContent = `${at + 1}. ${ring.length} ${words.corners} `;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm btn-outline-danger";
        button.textContent = words.remove;
        button.addEventListener("click", () => {
          rings.splice(at, 1);
          show();
        });
        item.append(button);
        return item;
      }));
    };
    const corner = ({ lng, lat }) => {
      corners.push([Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
      show();
    };
    map.on("click", (event) => corner(event.latlng));
    byId("draw-here").addEventListener("click", () => corner(map.getCenter()));
    byId("draw-undo").addEventListener("click", () => {
      corners.pop();
      show();
    });
    byId("draw-close").addEventListener("click", () => {
      if (corners.length > 2) {
        rings.push(corners);
        corners = [];
      }
      show();
    });
    document.querySelector("form.drafting").addEventListener("submit", () => {
      if (corners.length > 2) {
        rings.push(corners);
        corners = [];
        show();
      }
    });

    const draw = (data) => {
      const bounds = L.latLngBounds([]);
      for (const row of data.d) {
        const outline = unpack(row[8]);
        const isVillage = row[2] === "v";
        bounds.extend([row[7] / 1e4, row[6] / 1e4]);
        if (!outline.length) {
          L.circleMarker([row[7] / 1e4, row[6] / 1e4], {
            radius: 2, color: "#3f4b45", interactive: false,
          }).addTo(ground);
          continue;
        }
        const shape = L.polygon(outline, {
          color: isVillage ? "#a9b3a0" : "#3f4b45",
          weight: isVillage ? 0.7 : 1.6,
          fill: false,
          interactive: false,
        }).addTo(ground);
        bounds.extend(shape.getBounds());
      }
      for (const ring of rings) {
        bounds.extend(ring.map(([lon, lat]) => [lat, lon]));
      }
      map.fitBounds(bounds.isValid() ? bounds : [[20, 95], [45, 120]], { padding: [8, 8] });
      show();
      byId("draw-map").dataset.ready = "yes";
    };
    fetch(settings.data, { credentials: "same-origin" })
      .then((answer) => {
        if (!answer.ok) {
          throw new Error(String(answer.status));
        }
        return answer.json();
      })
      .then(draw)
      .catch(() => {
        byId("draw-fault").textContent = words.fault;
        byId("draw-fault").hidden = false;
      });
  };

  bindPlaces();
  const box = document.querySelector(".drawing");
  byId("drawn").value = keptRings().length ? JSON.stringify(keptRings()) : "";
  const begin = () => {
    if (box.open && !box.dataset.begun) {
      box.dataset.begun = "yes";
      bindMap();
    }
  };
  box.addEventListener("toggle", begin);
  begin();
})();
