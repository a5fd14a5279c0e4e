"use strict";
/* The layers of the map. Positions come as whole ten-thousandths of a degree, outlines as
   differences. `window.anlanMap.show(gauges, villages)` is what the slider calls. */
(() => {
  const settings = JSON.parse(document.getElementById("map-settings").textContent);
  const words = settings.words;
  const FILL = ["#ffffff", "#1f6feb", "#ffd21f", "#ff8c1a", "#d1242f"];
  const INK = ["#333333", "#ffffff", "#16212b", "#16212b", "#ffffff"];
  const TERRAIN = { p: "#eef4e4", h: "#e3e8d0", m: "#d6dcc6" };
  const KIND = { c: words.county, t: words.town, v: words.village };

  const map = L.map("map", { preferCanvas: true, zoomSnap: 0.25, attributionControl: false });
  // One canvas for all: an upper one would catch the clicks meant for a lower. Order by group.
  const ORDER = ["divisions", "warnings", "rivers", "stores", "shelters", "reservoirs", "hazards",
    "gauges"];
  const groups = {};
  for (const name of ORDER) {
    groups[name] = L.layerGroup();
  }

  const point = (x, y) => [y / 1e4, x / 1e4];
  const unpack = (rings) => rings.map((ring) => {
    const found = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i < ring.length; i += 2) {
      x += ring[i];
      y += ring[i + 1];
      found.push(point(x, y));
    }
    return found;
  });
  const number = (value) => value.toLocaleString(document.documentElement.lang);

  const popup = (title, lines, link, linkText = words.townWarnings) => {
    const box = document.createElement("div");
    const head = document.createElement("b");
    head.textContent = title;
    box.append(head);
    for (const line of lines.filter(Boolean)) {
      const p = document.createElement("p");
      p.textContent = line;
      box.append(p);
    }
    if (link) {
      const a = document.createElement("a");
      a.href = link;
      a.textContent = linkText;
      box.append(a);
    }
    return box;
  };

  const villages = [];
  const gauges = [];

  const drawDivision = ([code, name, kind, people, households, terrain, x, y, rings]) => {
    const outline = unpack(rings);
    const isVillage = kind === "v";
    const shape = L.polygon(outline, {
      color: kind === "v" ? "#a9b3a0" : "#3f4b45",
      weight: kind === "v" ? 0.5 : kind === "t" ? 1.4 : 2.5,
      fill: isVillage || kind === "t",
      fillColor: TERRAIN[terrain],
      fillOpacity: isVillage ? 1 : 0,
    });
    const town = `${settings.warnings}?town=${code.slice(0, 9)}000`;
    const village = { name, town, level: 0, at: point(x, y), outline, badge: null, area: null };
    const facts = () => popup(name, [
      KIND[kind],
      `${words.people} ${number(people)} · ${words.households} ${number(households)}`,
      `${words.terrain}: ${words[terrain]}`,
      isVillage ? `${words.warning}: ${settings.colours[village.level]}` : "",
    ], kind === "c" ? "" : town);
    if (isVillage) {
      villages.push(village);
      village.facts = facts;
    }
    if (kind !== "c") {
      shape.bindPopup(facts);
    }
    if (outline.length) {
      groups.divisions.addLayer(shape);
    }
    return kind === "t" ? { name, at: point(x, y) } : null;
  };

  const showVillage = (village, level) => {
    if (level === village.level) {
      return;
    }
    village.level = level;
    if (!village.badge) {
      village.area = L.polygon(village.outline, {
        weight: 1, color: "#333", fillOpacity: 0.55,
      }).bindPopup(village.facts);
      village.badge = new L.Badge(village.at, {
        shape: "square", radius: markRadius(), color: "#333",
        interactive: false, aside: 8,
      });
    }
    for (const part of [village.area, village.badge]) {
      if (level) {
        part.setStyle({ fillColor: FILL[level], letter: settings.letters[level], ink: INK[level] });
        groups.warnings.addLayer(part);
      } else {
        groups.warnings.removeLayer(part);
      }
    }
  };

  const drawGauge = ([name, kind, x, y, key]) => {
    const gauge = { level: 0 };
    gauge.mark = new L.Badge(point(x, y), {
      shape: kind === "P" ? "circle" : "diamond", radius: 4,
      fillColor: FILL[0], color: "#123", ink: INK[0], letter: "",
    }).bindPopup(() => popup(name, [
      words[`gauge${kind}`], `${words.level}: ${settings.colours[gauge.level]}`,
    ], settings.station.replace("/0/", `/${key}/`), words.openRecord));
    gauges.push(gauge);
    groups.gauges.addLayer(gauge.mark);
  };

  const showGauge = (gauge, level) => {
    if (level === gauge.level) {
      return;
    }
    gauge.level = level;
    gauge.mark.setStyle({ fillColor: FILL[level], ink: INK[level], letter: settings.letters[level] });
    gauge.mark.setRadius(level ? markRadius() : 4);
  };

  const markRadius = () => (map.getZoom() >= 10.5 ? 8 : 6);

  const drawPlaces = (rows, group, style, word) => {
    for (const [name, x, y, fact] of rows) {
      groups[group].addLayer(
        new L.Badge(point(x, y), { radius: 5, ...style })
          .bindPopup(() => popup(name, [word, fact])),
      );
    }
  };

  const drawTownNames = (towns) => {
    for (const town of towns) {
      groups.divisions.addLayer(L.marker(town.at, {
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "town-name", html: "", iconSize: null }),
      }).on("add", (event) => {
        event.target.getElement().textContent = town.name;
      }));
    }
  };

  const draw = (data) => {
    map.fitBounds(data.d.length ? data.d.map((row) => point(row[6], row[7])) : [[0, 0], [1, 1]]);
    const towns = data.d.map(drawDivision).filter(Boolean);
    const bounds = L.latLngBounds([]);
    groups.divisions.eachLayer((layer) => bounds.extend(layer.getBounds()));
    if (bounds.isValid()) {
      map.fitBounds(bounds, { padding: [8, 8] });
    }
    drawTownNames(towns);
    for (const [name, course] of data.v) {
      groups.rivers.addLayer(L.polyline(unpack(course), {
        color: "#2b7bb9", weight: 2,
      }).bindPopup(() => popup(name, [words.river])));
    }
    drawPlaces(data.r, "reservoirs", { shape: "triangle", fillColor: "#0b6aa2" }, words.reservoir);
    drawPlaces(data.h, "hazards", { shape: "diamond", fillColor: "#7a4a1d" }, words.hazardPoint);
    drawPlaces(data.e, "shelters", { shape: "square", fillColor: "#1b7f4b" }, words.shelter);
    drawPlaces(data.s, "stores", { shape: "square", fillColor: "#6b4fa0" }, words.store);
    data.g.forEach(drawGauge);
  };

  const bindLayerBoxes = () => {
    for (const box of document.querySelectorAll("[data-layer]")) {
      const apply = () => {
        const group = groups[box.dataset.layer];
        box.checked ? group.addTo(map) : group.remove();
        restack();
      };
      box.addEventListener("change", apply);
      apply();
    }
  };

  const restack = () => {
    for (const name of ORDER) {
      groups[name].eachLayer((layer) => map.hasLayer(layer) && layer.bringToFront?.());
    }
    villages.filter((v) => v.level && map.hasLayer(v.badge)).forEach((v) => v.badge.bringToFront());
    groups.gauges.eachLayer((mark) => map.hasLayer(mark) && mark.bringToFront());
  };

  const fault = () => {
    const box = document.getElementById("map-fault");
    box.textContent = words.failed;
    box.hidden = false;
  };

  const load = async (url) => {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (!answer.ok) {
      throw new Error(`${url}: ${answer.status}`);
    }
    return answer.json();
  };

  map.on("zoomend", () => {
    const radius = markRadius();
    gauges.filter((gauge) => gauge.level).forEach((gauge) => gauge.mark.setRadius(radius));
    villages.filter((v) => v.badge).forEach((v) => v.badge.setRadius(radius));
  });
  if (window.matchMedia("(max-width: 767px)").matches) {
    document.getElementById("map-panel").removeAttribute("open");
  }

  window.anlanMap = {
    map,
    point,
    popup,
    settings,
    fault,
    load,
    drawn: load(settings.data).then((data) => {
      draw(data);
      bindLayerBoxes();
      document.getElementById("map").dataset.ready = "yes";
    }).catch(fault),
    show(gaugeLevels, villageLevels) {
      gauges.forEach((gauge, i) => showGauge(gauge, Number(gaugeLevels[i] || 0)));
      villages.forEach((village, i) => showVillage(village, Number(villageLevels[i] || 0)));
      restack();
    },
  };
})();
