"use strict";
/* A mark on the map's canvas: a shape with a letter in it, so that colour is never the only sign.
   Options: shape (circle, square, triangle, diamond), letter, ink (colour of the letter),
   aside (pixels up and left of its place, so that a gauge at the same place stays in sight). */
(() => {
  const outlines = {
    square: (ctx, p, r) => ctx.rect(p.x - r, p.y - r, 2 * r, 2 * r),
    triangle: (ctx, p, r) => {
      ctx.moveTo(p.x, p.y - r * 1.2);
      ctx.lineTo(p.x + r * 1.15, p.y + r * 0.9);
      ctx.lineTo(p.x - r * 1.15, p.y + r * 0.9);
      ctx.closePath();
    },
    diamond: (ctx, p, r) => {
      ctx.moveTo(p.x, p.y - r * 1.3);
      ctx.lineTo(p.x + r * 1.3, p.y);
      ctx.lineTo(p.x, p.y + r * 1.3);
      ctx.lineTo(p.x - r * 1.3, p.y);
      ctx.closePath();
    },
    circle: (ctx, p, r) => ctx.arc(p.x, p.y, r, 0, Math.PI * 2),
  };

  L.Canvas.include({
    _updateBadge(layer) {
      if (!this._drawing || layer._empty()) {
        return;
      }
      const ctx = this._ctx;
      const point = layer._point.subtract([layer.options.aside, layer.options.aside]);
      const radius = Math.max(Math.round(layer._radius), 1);
      ctx.beginPath();
      outlines[layer.options.shape](ctx, point, radius);
      this._fillStroke(ctx, layer);
      if (layer.options.letter && radius >= 6) {
        ctx.globalAlpha = 1;
        ctx.fillStyle = layer.options.ink;
        ctx.font = `bold ${Math.round(radius * 1.35)}px sans-serif`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(layer.options.letter, point.x, point.y + radius * 0.08);
      }
    },
  });

  L.Badge = L.CircleMarker.extend({
    options: { shape: "circle", letter: "", ink: "#fff", fillOpacity: 1, weight: 1, color: "#fff", aside: 0 },
    _updateBounds() {
      L.CircleMarker.prototype._updateBounds.call(this);
      const more = [2 * this._radius + this.options.aside, 2 * this._radius + this.options.aside];
      this._pxBounds = L.bounds(this._point.subtract(more), this._point.add(more));
    },
    _updatePath() {
      this._renderer._updateBadge(this);
    },
  });
})();
