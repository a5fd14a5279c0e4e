"""Identifiers, event codes and colours as Chinese senders write them."""

from datetime import datetime

import pytest

from anlan.registry.data import Hazard
from anlan.warning.gateways.cap.chinese import BEIJING, ChineseIdentifier, read_identifier
from anlan.warning.gateways.cap.events import event_code_of, event_types
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.levels import BLUE, ORANGE, RED, YELLOW, level_of
from anlan.warning.gateways.cap.values import Named
from tests.gateway.cap_specimens import SOUND, message


def test_an_identifier_of_31_characters_falls_into_its_parts():
    found = read_identifier("61070341600000_20240715193005_3")
    assert found == ChineseIdentifier(
        division="610703",
        branch="416",
        unit="000",
        extension="00",
        entered_at=datetime(2024, 7, 15, 19, 30, 5, tzinfo=BEIJING),
        serial=3,
    )
    public = read_identifier("13013241600000_20260826160913")
    assert public is not None
    assert (public.division, public.serial) == ("130132", None)


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "KSTO1055887203",
        "61070341600000_20240732193005_3",
        "61070341600000_20240715193005_33",
        "6107034160000_20240715193005_3",
    ],
)
def test_any_other_identifier_has_no_parts(identifier):
    assert read_identifier(identifier) is None


def test_the_table_of_event_codes():
    table = event_types()
    assert (table["11B03"].chinese, table["11B03"].english) == ("暴雨", "rainstorm")
    assert len(table) == 33
    assert {each.hazard for each in table.values()} - {""} <= set(Hazard.values)
    assert table["11A51"].hazard == Hazard.FLASH_FLOOD


def test_the_event_code_is_the_known_one_and_an_unknown_one_is_kept():
    assert event_code_of([Named("SAME", "SVA"), Named("a", "11B03")]) == "11B03"
    assert event_code_of([Named("a", "11B0302")]) == "11B03"
    assert event_code_of([Named("a", "99Z01"), Named("b", "x")]) == "99Z01"
    assert event_code_of([]) == ""


def parameter(name: str, value: str) -> str:
    return f"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>"


def headline(text: str) -> str:
    return f"<headline>{text}</headline>"


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ("", ORANGE),  # Severe
        (headline("市气象台发布暴雨红色预警信号"), RED),
        (headline("市气象台发布暴雨黄色预警[III级/较重]"), YELLOW),
        (headline("蓝色暴雨警报"), BLUE),
        (headline("Observatory updates blue warning for flash floods [Level IV]"), BLUE),
        (headline("Red River flooding"), ORANGE),  # no level: a river
        (headline("红旗镇暴雨"), ORANGE),
        (headline("暴雨红色预警") + parameter("alert_color", "藍色"), BLUE),
        (parameter("awareness_level", "4; red; Extreme"), RED),
        (parameter("ColorCode", "Yellow"), YELLOW),
        (parameter("颜色", "橙色"), ORANGE),
        (parameter("colour", "green"), ORANGE),
    ],
)
def test_the_colour_is_what_the_sender_calls_it_else_what_the_severity_means(more, level):
    assert level_of(decode(message(more=more).encode()).infos) == level


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("Extreme", RED),
        ("Severe", ORANGE),
        ("Moderate", YELLOW),
        ("Minor", BLUE),
        ("Unknown", None),
    ],
)
def test_the_colour_of_a_severity(severity, level):
    assert level_of(decode(message().replace("Severe", severity).encode()).infos) == level


def test_the_worst_of_several_texts_counts():
    one = message()
    info = one[one.index("<info>") : one.index("</alert>")]
    both = one.replace("</info>", "</info>" + info.replace("Severe", "Minor"))
    assert level_of(decode(both.encode()).infos) == ORANGE
    assert level_of(()) is None


def test_colours_of_the_recorded_files():
    assert {name: level_of(decode(data).infos) for name, data in SOUND.items()} == {
        "australia_rfs_2011.xml": BLUE,
        "canada_update_2012.xml": BLUE,
        "earthquake_iso8859-1.xml": None,
        "nws_thunderstorm.xml": ORANGE,
        "taiwan_reservoir_discharge_2014.xml": RED,  # alert_color 紅色, although Moderate
        "wcatwc_tsunami_warning.xml": RED,
    }
