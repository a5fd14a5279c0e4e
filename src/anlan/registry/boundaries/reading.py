"""A file of boundaries, whatever its form, as features in degrees."""

from django.utils.translation import gettext as _

from anlan.registry.boundaries.features import Feature, UnusableBoundaries
from anlan.registry.boundaries.geojson import read_geojson
from anlan.registry.boundaries.shapefiles import read_shapefile
from anlan.registry.boundaries.systems import in_degrees

MAX_BYTES = 50 * 1024 * 1024
JSON_ENDINGS = (".geojson", ".json")
ZIP_MAGIC = b"PK\x03\x04"


def read_boundaries(content: bytes, *, file_name: str) -> list[Feature]:
    """Return the features of a GeoJSON file or a zipped Shapefile in degrees.

    Raises UnusableBoundaries with one sentence for a file that cannot be used.
    """
    check_size(len(content))
    name = file_name.lower()
    is_zip = content[:4] == ZIP_MAGIC
    if name.endswith(JSON_ENDINGS) and not is_zip:
        features, stated = read_geojson(content)
    elif name.endswith(".zip") and is_zip:
        features, stated = read_shapefile(content)
    else:
        raise UnusableBoundaries(
            _("Send boundaries as GeoJSON (.geojson, .json) or as a Shapefile packed in a .zip.")
        )
    return in_degrees(features, stated=stated)


def check_size(size: int) -> None:
    """Raise UnusableBoundaries for a file with more bytes than are taken."""
    if size > MAX_BYTES:
        raise UnusableBoundaries(
            _("The file has more than %(most)d MB: send one county at a time.")
            % {"most": MAX_BYTES // 1024 // 1024}
        )
