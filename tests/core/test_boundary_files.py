"""Files of boundaries: every form that is read, and garbage that is refused with a sentence."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from anlan.registry.boundaries.features import UnusableBoundaries
from anlan.registry.boundaries.matching import codes_in, name_in, plain_name, whole_code
from anlan.registry.boundaries.reading import MAX_BYTES, check_size, read_boundaries
from anlan.registry.boundaries.shapefiles import encoding_of
from tests.boundary_files import collection, square, zipped_shapefile


@pytest.fixture(scope="module", autouse=True)
def in_english() -> Iterator[None]:
    """Let refusals speak English, whose words these tests look for."""
    with translation.override("en"):
        yield


VILLAGE = {"XZQDM": "990701101201", "XZQMC": "坡下村"}
RING = square(107.03, 33.0)


def close(found, expected):
    flat = [value for point in found for value in point]
    assert flat == pytest.approx([v for point in expected for v in point], abs=1e-8)


def corners(found):
    """Return the corners of the only ring, in order."""
    return sorted({(round(x, 9), round(y, 9)) for x, y in found.polygons[0][0]})


def test_geojson_is_read_as_it_stands():
    (found,) = read_boundaries(collection([(VILLAGE, RING)]), file_name="村界.geojson")
    assert found.properties == VILLAGE
    assert found.polygons == [[RING]]


@pytest.mark.parametrize("kind", ["geometry", "feature", "open ring", "bom", "gb18030", "height"])
def test_other_forms_of_geojson_are_read(kind):
    ring = [[*point, 450.0] if kind == "height" else [*point] for point in RING]
    if kind == "open ring":
        ring.pop()
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": VILLAGE, "geometry": geometry}
    document: object = geometry if kind == "geometry" else feature
    text = json.dumps(document, ensure_ascii=False)
    content = text.encode("gb18030" if kind == "gb18030" else "utf-8")
    if kind == "bom":
        content = b"\xef\xbb\xbf" + content
    (found,) = read_boundaries(content, file_name="a.json")
    assert found.polygons == [[RING]]
    if kind != "geometry":
        assert found.properties == VILLAGE


def test_the_older_crs_member_is_read():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    (found,) = read_boundaries(collection([(VILLAGE, RING)], crs=crs), file_name="a.geojson")
    assert found.polygons == [[RING]]
    for wrong in ({"type": "link"}, {"properties": {"name": "+proj=longlat"}}, 7):
        with pytest.raises(UnusableBoundaries):
            read_boundaries(collection([(VILLAGE, RING)], crs=wrong), file_name="a.geojson")


# Degrees in both systems, three and six degree zones with the zone's digits and without.
@pytest.mark.parametrize("epsg", [4490, 4326, 4524, 4545, 4497, 4507])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_shapefile_is_read_in_its_system_and_encoding(epsg, encoding):
    content = zipped_shapefile([(VILLAGE, RING)], epsg=epsg, encoding=encoding)
    (found,) = read_boundaries(content, file_name="村界.ZIP")
    assert found.properties == VILLAGE
    close(corners(found), sorted(set(RING)))


def test_a_cpg_that_lies_does_no_harm():
    content = zipped_shapefile([(VILLAGE, RING)], encoding="gb18030", cpg="UTF-8")
    (found,) = read_boundaries(content, file_name="a.zip")
    assert found.properties == VILLAGE


def test_a_chinese_column_name_cut_by_its_format_is_understood():
    rows = [({"行政区划代码": "990701101201", "行政区名称": "坡下村"}, RING)]
    for encoding in ("utf-8", "gb18030"):
        (found,) = read_boundaries(zipped_shapefile(rows, encoding=encoding), file_name="a.zip")
        assert codes_in(found.properties) == ["990701101201"]


def test_a_text_cut_within_a_character_is_still_utf8():
    content = zipped_shapefile([({"NAME": "村" * 25}, RING)], encoding="utf-8")
    table = zipfile.ZipFile(io.BytesIO(content)).read("村界/村界.dbf")
    assert encoding_of(table) == "utf-8"


def test_without_a_prj_degrees_are_taken_and_metres_refused():
    (found,) = read_boundaries(zipped_shapefile([(VILLAGE, RING)], prj=""), file_name="a.zip")
    close(corners(found), sorted(set(RING)))
    with pytest.raises(UnusableBoundaries, match="prj"):
        read_boundaries(zipped_shapefile([(VILLAGE, RING)], epsg=4524, prj=""), file_name="a.zip")


def test_one_bad_feature_does_not_spoil_the_others():
    document = json.loads(collection([(VILLAGE, RING)]))
    for geometry in (None, {}, {"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon"},
                     {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
                     {"type": "Polygon", "coordinates": [[["a", 2], [3, 4], [5, 6]]]},
                     {"type": "Polygon", "coordinates": [[[1e400, 2], [3, 4], [5, 6]]]},
                     {"type": "Polygon", "coordinates": 7}):  # fmt: skip
        document["features"].append({"type": "Feature", "properties": None, "geometry": geometry})
    document["features"] += [None, 3, "x", {"properties": []}]
    good, *bad = read_boundaries(json.dumps(document).encode(), file_name="a.json")
    assert good.polygons
    assert len(bad) == 12
    assert all(each.fault and not each.polygons for each in bad)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.geojson", b""),
        ("a.geojson", b"{"),
        ("a.geojson", b"[]"),
        ("a.geojson", b"null"),
        ("a.geojson", b"\xff\xfe\x00"),
        ("a.geojson", b'{"type": "FeatureCollection"}'),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}'),
        ("a.geojson", b'{"type": "Topology"}'),
        ("a.geojson", b"[" * 100_000),
        ("a.geojson", b'{"type": "GeometryCollection", "geometries": ' + b"[" * 50_000),
        ("a.zip", b""),
        ("a.zip", b"PK\x03\x04garbage"),
        ("a.shp", b"\x00\x00\x27\x0a"),
        ("a.xlsx", b"PK\x03\x04"),
        ("a.geojson", b"PK\x03\x04"),
    ],
)
def test_what_is_no_file_of_boundaries_is_refused_with_a_sentence(name, content):
    with pytest.raises(UnusableBoundaries) as caught:
        read_boundaries(content, file_name=name)
    assert len(str(caught.value)) > 10


def zip_of(**members):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return found.getvalue()


def test_zips_that_bomb_or_lack_a_part_are_refused():
    for content in (
        zip_of(a_shp=b"\0" * (301 << 20), a_dbf=b""),
        zip_of(a_shp=b""),
        zip_of(a_dbf=b""),
        zip_of(a_shp=b"", a_dbf=b"", b_shp=b"", b_dbf=b""),
        zip_of(a_shp=b"\0" * 100, a_dbf=b"\0" * 100),
        zip_of(**{f"n{n}_txt": b"" for n in range(2_100)}),
    ):
        with pytest.raises(UnusableBoundaries):
            read_boundaries(content, file_name="a.zip")


def test_a_file_that_is_too_large_is_refused():
    check_size(MAX_BYTES)
    with pytest.raises(UnusableBoundaries, match="50"):
        check_size(MAX_BYTES + 1)


def test_a_row_without_a_shape_is_told_and_the_others_are_read():
    content = zipped_shapefile([(VILLAGE, RING), (VILLAGE, [])], epsg=4524)
    first, second = read_boundaries(content, file_name="a.zip")
    assert first.polygons
    assert second.fault
    assert not second.polygons


@given(st.data())
def test_a_damaged_shapefile_never_falls_over(data):
    archive = zipfile.ZipFile(io.BytesIO(zipped_shapefile([(VILLAGE, RING)] * 3, epsg=4524)))
    parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from([n for n in parts if not n.endswith("shx")]))
    content = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    parts[name] = bytes(content[: data.draw(st.integers(0, len(content)))])
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as written:
        for each, part in parts.items():
            written.writestr(each, part)
    try:
        read_boundaries(found.getvalue(), file_name="a.zip")
    except UnusableBoundaries:
        return


@given(st.binary(max_size=300), st.sampled_from(["a.zip", "a.json", "a.geojson"]))
def test_any_bytes_are_read_or_refused(content, name):
    with pytest.raises(UnusableBoundaries):
        read_boundaries(content, file_name=name)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("610703", "610703000000"),
        ("610703001", "610703001000"),
        ("990701101201", "990701101201"),
        ("9907011012010000000", "990701101201"),
        ("156610703", "610703000000"),
        ("610703.0", "610703000000"),
        ("61070", ""),
        ("000000", ""),
        ("坡下村", ""),
        ("9907011012010000001", ""),
    ],
)
def test_codes_of_every_length_become_twelve_digits(text, code):
    assert whole_code(text) == code


def test_codes_and_names_stand_in_many_columns():
    assert codes_in({"PAC": 610703, "x": "1"}) == ["610703000000"]
    assert codes_in({"adcode": 610703.0}) == ["610703000000"]
    assert codes_in({"行政区划代码": " ６１０７０３ "}) == ["610703000000"]
    assert codes_in({"code": True, "代码": None, "gb": "156610703"}) == ["610703000000"]
    assert name_in({"NAME": "坡下村", "mc": "x"}) == "坡下村"
    assert name_in({"name": "610703"}) == ""


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("汉山街道办事处", "汉山街道"),
        ("坡下村村民委员会", "坡下村"),
        ("坡下村委会", "坡下村"),
        ("东关社区居委会", "东关社区"),
        ("东关居民委员会", "东关社区"),
        (" 坡 下 村 ", "坡下村"),
    ],
)
def test_a_committee_stands_for_its_place(name, plain):
    assert plain_name(name) == plain
