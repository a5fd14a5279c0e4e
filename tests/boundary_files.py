"""Files of boundaries made up for tests: GeoJSON and zipped Shapefiles."""

import io
import json
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import shapefile
from pyproj import CRS, Transformer

Ring = list[tuple[float, float]]


def square(lon: float, lat: float, *, size: float = 0.01) -> Ring:
    """Return a closed square whose lower left corner is given, counter-clockwise."""
    east, north = lon + size, lat + size
    return [(lon, lat), (east, lat), (east, north), (lon, north), (lon, lat)]


def collection(rows: Sequence[tuple[Mapping[str, Any], Ring]], **members: Any) -> bytes:
    """Return a GeoJSON FeatureCollection of polygons with their properties."""
    features = [
        {
            "type": "Feature",
            "properties": dict(properties),
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for properties, ring in rows
    ]
    document = {"type": "FeatureCollection", "features": features, **members}
    return json.dumps(document, ensure_ascii=False).encode()


def zipped_shapefile(
    rows: Sequence[tuple[Mapping[str, str], Ring]],
    *,
    epsg: int = 4490,
    encoding: str = "utf-8",
    prj: str | None = None,
    cpg: str = "",
) -> bytes:
    """Return a zipped Shapefile; rings come in degrees and are written in the system."""
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    system = CRS.from_epsg(epsg)
    moving = Transformer.from_crs("EPSG:4490", system, always_xy=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        writer = shapefile.Writer(**parts, encoding=encoding, shapeType=shapefile.POLYGON)
        for name in rows[0][0]:
            writer.field(name, "C", 60)
        for properties, ring in rows:
            # A Shapefile turns its outer rings clockwise.
            if ring:
                writer.poly([[moving.transform(*point) for point in reversed(ring)]])
            else:
                writer.null()
            writer.record(*properties.values())
        writer.close()
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in parts.items():
            archive.writestr(f"村界/村界.{ending}", content.getvalue())
        text = system.to_wkt("WKT1_ESRI") if prj is None else prj
        if text:
            archive.writestr("村界/村界.prj", text)
        if cpg:
            archive.writestr("村界/村界.cpg", cpg)
    return found.getvalue()
