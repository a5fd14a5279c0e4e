"""Recorded CAP files decode to what they say; what breaks the standard is refused by name."""

import json
from datetime import UTC, datetime

import pytest

from anlan.warning.gateways.cap.document import as_document
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.frame import Alert, decode
from anlan.warning.gateways.cap.values import Circle, MsgType, Named, Reference, Severity
from tests.gateway.cap_specimens import FILES, SOUND, message


def read(text: str) -> Alert:
    return decode(text.encode())


def refused(text: str | bytes) -> CapError:
    with pytest.raises(CapError) as found:
        decode(text.encode() if isinstance(text, str) else text)
    return found.value


# identifier, sender, sent in UTC, type, infos, severity, areas, first area
KNOWN = {
    "australia_rfs_2011.xml": (
        "tag:www.rfs.nsw.gov.au2011-10-06:40184",
        "webmaster@rfs.nsw.gov.au",
        datetime(2011, 10, 5, 13, 4, tzinfo=UTC),
        "Alert",
        2,
        "Minor",
        "Yerong Creek Structure Fire",
    ),
    "canada_update_2012.xml": (
        "2.49.0.1.124.6bddbc91.2012",
        "cap@ec.gc.ca",
        datetime(2012, 5, 2, 23, 21, 4, tzinfo=UTC),
        "Update",
        2,
        "Minor",
        "Windsor - Leamington - Essex County",
    ),
    "earthquake_iso8859-1.xml": (
        "USGS-earthquakes-usB000D5T4.3947362.7.20121014T225304.360Z.0",
        "http://earthquake.usgs.gov/research/monitoring/anss/neic/",
        datetime(2012, 10, 14, 22, 53, 4, tzinfo=UTC),
        "Alert",
        1,
        "Unknown",
        "47 miles (76 km) SSW of Usulután, Usulután, El Salvador; 53 miles (86 km) S of "
        "Zacatecoluca, La Paz, El Salvador; 62 miles (99 km) S of San Vicente, San Vicente, "
        "El Salvador; 64 miles (104 km) SW of San Miguel, San Miguel, El Salvador; 69 miles "
        "(110 km) SSE of SAN SALVADOR, El Salvador",
    ),
    "nws_thunderstorm.xml": (
        "KSTO1055887203",
        "KSTO@NWS.NOAA.GOV",
        datetime(2003, 6, 17, 21, 57, tzinfo=UTC),
        "Alert",
        1,
        "Severe",
        "EXTREME NORTH CENTRAL TUOLUMNE COUNTY IN CALIFORNIA, EXTREME NORTHEASTERN \n"
        "CALAVERAS COUNTY IN CALIFORNIA, SOUTHWESTERN ALPINE COUNTY IN CALIFORNIA",
    ),
    "taiwan_reservoir_discharge_2014.xml": (
        "WRA_ReservoirWarn_201405142010",
        "ddmt01@wra.gov.tw",
        datetime(2014, 5, 14, 12, 10, tzinfo=UTC),
        "Alert",
        1,
        "Moderate",
        "苗栗縣頭屋鄉",
    ),
    "wcatwc_tsunami_warning.xml": (
        "PAAQ-2-lqw6d6",
        "http://newwcatwc.arh.noaa.gov/tsuPortal/",
        datetime(2011, 9, 2, 11, 36, 50, tzinfo=UTC),
        "Update",
        1,
        "Extreme",
        "Coastal areas between and including Unimak Pass, Alaska (80 miles NE of Dutch Harbor) "
        "to Amchitka Pass, Alaska (125 miles W of Adak)",
    ),
}


@pytest.mark.parametrize("name", sorted(SOUND))
def test_a_recorded_file_decodes_to_its_known_values(name):
    alert = decode(SOUND[name])
    found = (
        alert.identifier,
        alert.sender,
        alert.sent,
        alert.msg_type.value,
        len(alert.infos),
        alert.infos[0].severity.value,
        alert.infos[0].areas[0].description,
    )
    assert found == KNOWN[name]
    document = as_document(alert)
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document


def test_the_files_are_all_there():
    assert sorted(SOUND) == sorted(KNOWN)
    assert len(FILES) == 9


@pytest.mark.parametrize(
    ("name", "reason", "element", "line"),
    [
        ("bad_canada_errors.xml", "missing-references", "alert/references", 12),
        ("bad_invalid.xml", "missing-element", "alert/scope", 2),
        ("bad_xxe_entity.xml", "external-entity", "", 3),
    ],
)
def test_a_bad_file_is_refused_for_its_own_fault(name, reason, element, line):
    error = refused(FILES[name])
    assert (error.reason, error.element, error.line) == (reason, element, line)
    assert f"line {line}" in str(error)


def test_the_whole_of_one_message():
    alert = decode(FILES["canada_update_2012.xml"])
    assert alert.references == (
        Reference(
            "cap@ec.gc.ca",
            "2.49.0.1.124.a3f342a4.2012",
            datetime(2012, 5, 2, 21, 45, 5, tzinfo=UTC),
        ),
        Reference(
            "cap@ec.gc.ca",
            "2.49.0.1.124.60f31a3a.2012",
            datetime(2012, 5, 2, 21, 55, 21, tzinfo=UTC),
        ),
    )
    assert (alert.restriction, alert.addresses, alert.note, alert.incidents) == ("", "", "", "")
    english, french = alert.infos
    assert (english.language, french.language) == ("en-CA", "fr-CA")
    assert french.description.startswith("C'est l'épreuve")
    assert english.event_codes[1] == Named("SAME", "SVA")
    assert english.expires == datetime(2012, 5, 3, 0, 20, tzinfo=UTC)
    assert english.response_types == ("AllClear",)
    first, second = english.areas
    assert len(first.geocodes) == 10
    assert first.geocodes[-1] == Named("profile:CAP-CP:Location:0.3", "3537064")
    assert first.polygons[0][0] == first.polygons[0][-1] == (42.3481, -82.9314)
    assert len(second.polygons[0]) == 38
    assert as_document(alert)["sent"] == "2012-05-02T23:21:04-00:00"
    assert "restriction" not in as_document(alert)


def test_circles_colours_and_signatures_of_others():
    quake = decode(FILES["earthquake_iso8859-1.xml"])
    assert quake.is_signed
    assert quake.infos[0].areas[0].circles == (Circle(12.747, -88.783, 0.0),)
    assert quake.infos[0].headline.startswith("EQ 4.6 Usulután")
    assert quake.addresses == "0"  # allowed although it speaks to everybody
    fire = decode(FILES["australia_rfs_2011.xml"])
    assert fire.infos[1].areas[0].circles[0].radius_km == 25.0
    assert fire.infos[0].parameters[5] == Named("AllocatedResources", "")
    assert fire.infos[0].resources[0].mime_type == "text/html"
    taiwan = decode(FILES["taiwan_reservoir_discharge_2014.xml"])
    assert Named("alert_color", "紅色") in taiwan.infos[0].parameters
    assert taiwan.infos[0].headline == "明德水庫:洩洪中"


def test_what_is_left_out_has_the_standard_s_default():
    alert = read(message(info=None).replace("<language>zh-CN</language>", ""))
    assert alert.infos[0].language == "en-US"
    assert read(message(info="")).infos == ()  # a message may come without any text
    assert read(message()).msg_type is MsgType.ALERT
    assert read(message()).infos[0].severity is Severity.SEVERE


def test_blanks_and_comments_around_a_value_do_not_matter():
    text = message(status=" Actual\n ").replace("暴雨", "暴<!-- 大 -->雨<![CDATA[]]>")
    assert read(text).status == "Actual"
    assert read(text).infos[0].event == "暴雨"


@pytest.mark.parametrize("encoding", ["utf-8", "GB18030", "gbk", "GB2312", "UTF-16", "Big5"])
def test_every_encoding_that_senders_use_reads_alike(encoding):
    text = message(area="<area><areaDesc>台北</areaDesc></area>")
    data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding.lower())
    assert decode(data).infos[0].event == "暴雨"
    assert decode(b"\xef\xbb\xbf" + text.encode()) == read(text)


@pytest.mark.parametrize(
    "data",
    [
        message().encode("gb18030"),  # nothing declared: UTF-8
        b'<?xml version="1.0" encoding="utf-7"?>' + message().encode(),
        b'<?xml version="1.0" encoding="us-ascii"?>' + message().encode(),
        b'<?xml version="1.0" encoding="hex"?>' + message().encode(),
        b"\xff\xfe<",
    ],
)
def test_bytes_in_another_encoding_than_they_say_are_refused(data):
    error = refused(data)
    assert error.reason == "bad-encoding"
    assert error.offset is not None


def test_a_long_value_is_shortened_in_the_sentence():
    error = refused(message(sent="9" * 5000))
    assert len(str(error)) < 250
