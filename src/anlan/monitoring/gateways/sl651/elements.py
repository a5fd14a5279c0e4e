"""Know the elements of SL 651-2014: guide byte, ASCII code, names, unit, usual size.

The definition byte inside a frame governs its decoding; the sizes here serve encoding only.
Source: SL 651-2014 annex C.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple


class ElementKind(NamedTuple):
    """One kind of element; `digits` and `decimals` are its usual N(D,d) form."""

    guide: int
    name: str
    label: str
    label_zh: str
    unit: str
    digits: int
    decimals: int

    @property
    def size(self) -> int:
        """Return the number of BCD bytes that hold the usual digits."""
        return (self.digits + 1) // 2


_SINGLE: Final = (
    (0x01, "AC", "cross-section area", "断面面积", "m2", 8, 2),
    (0x02, "AI", "air temperature", "瞬时气温", "C", 3, 1),
    (0x03, "C", "water temperature", "瞬时水温", "C", 3, 1),
    (0x04, "DRxnn", "time step", "时间步长码", "", 6, 0),
    (0x05, "DT", "duration in hours and minutes", "时段长", "HH.mm", 4, 2),
    (0x06, "ED", "daily evaporation", "日蒸发量", "mm", 5, 1),
    (0x07, "EJ", "current evaporation", "当前蒸发", "mm", 5, 1),
    (0x08, "FL", "air pressure", "气压", "hPa", 5, 0),
    (0x09, "GH", "gate opening", "闸坝、水库闸门开启高度", "m", 5, 2),
    (0x0A, "GN", "outlet number", "输水设备、闸门编号", "", 3, 0),
    (0x0B, "GS", "outlet class", "输水设备类别", "", 1, 0),
    (0x0C, "GT", "open gates", "水库、闸坝闸门开启孔数", "", 3, 0),
    (0x0D, "GTP", "ground temperature", "地温", "C", 3, 1),
    (0x0E, "H", "groundwater depth", "地下水瞬时埋深", "m", 6, 2),
    (0x0F, "HW", "wave height", "波浪高度", "m", 5, 2),
    (0x18, "MST", "humidity", "湿度", "%", 4, 1),
    (0x19, "NS", "running units", "开机台数", "", 2, 0),
    (0x1A, "P1", "rain in 1 hour", "1小时时段降水量", "mm", 5, 1),
    (0x1B, "P2", "rain in 2 hours", "2小时时段降水量", "mm", 5, 1),
    (0x1C, "P3", "rain in 3 hours", "3小时时段降水量", "mm", 5, 1),
    (0x1D, "P6", "rain in 6 hours", "6小时时段降水量", "mm", 5, 1),
    (0x1E, "P12", "rain in 12 hours", "12小时时段降水量", "mm", 5, 1),
    (0x1F, "PD", "daily rain", "日降水量", "mm", 5, 1),
    (0x20, "PJ", "rain since the day start", "当前降水量", "mm", 5, 1),
    (0x21, "PN01", "rain in 1 minute", "1分钟时段降水量", "mm", 5, 1),
    (0x22, "PN05", "rain in 5 minutes", "5分钟时段降水量", "mm", 5, 1),
    (0x23, "PN10", "rain in 10 minutes", "10分钟时段降水量", "mm", 5, 1),
    (0x24, "PN30", "rain in 30 minutes", "30分钟时段降水量", "mm", 5, 1),
    (0x25, "PR", "storm rain", "暴雨量", "mm", 5, 1),
    (0x26, "PT", "accumulated rain", "降水量累计值", "mm", 6, 1),
    (0x27, "Q", "discharge", "瞬时流量、抽水流量", "m3/s", 9, 3),
    (0x30, "QA", "total outflow", "总出库流量、过闸总流量", "m3/s", 9, 3),
    (0x31, "QZ", "outflow through a device", "输水设备流量、过闸流量", "m3/s", 9, 3),
    (0x32, "SW", "sediment discharge", "输沙量", "10^4 t", 11, 3),
    (0x33, "UC", "wind direction", "风向", "", 2, 0),
    (0x34, "UE", "wind force", "风力", "", 2, 0),
    (0x35, "US", "wind speed", "风速", "m/s", 4, 1),
    (0x36, "VA", "mean velocity", "断面平均流速", "m/s", 5, 3),
    (0x37, "VJ", "current velocity", "当前瞬时流速", "m/s", 5, 3),
    (0x38, "VT", "supply voltage", "电源电压", "V", 4, 2),
    (0x39, "Z", "river or tide level", "瞬时河道水位、潮位", "m", 7, 3),
    (0x3A, "ZB", "level below the dam or gate", "库、闸、站下水位", "m", 7, 3),
    (0x3B, "ZU", "level above the dam or gate", "库、闸、站上水位", "m", 7, 3),
    (0x44, "SQ", "sediment concentration", "含沙量", "kg/m3", 9, 3),
    (0x45, "ZT", "status and alarm word", "遥测站状态及报警信息", "", 8, 0),
    (0x46, "pH", "acidity", "pH值", "", 4, 2),
    (0x47, "DO", "dissolved oxygen", "溶解氧", "mg/L", 4, 1),
    (0x48, "COND", "conductivity", "电导率", "uS/cm", 5, 0),
    (0x49, "TURB", "turbidity", "浊度", "NTU", 3, 0),
    (0x4A, "CODMN", "permanganate index", "高锰酸盐指数", "mg/L", 4, 1),
    (0x4B, "REDOX", "redox potential", "氧化还原电位", "mV", 5, 1),
    (0x4C, "NH4N", "ammonia nitrogen", "氨氮", "mg/L", 6, 2),
    (0x4D, "TP", "total phosphorus", "总磷", "mg/L", 5, 3),
    (0x4E, "TN", "total nitrogen", "总氮", "mg/L", 5, 2),
    (0x4F, "TOC", "total organic carbon", "总有机碳", "mg/L", 4, 2),
    (0x50, "CU", "copper", "铜", "mg/L", 7, 4),
    (0x51, "ZN", "zinc", "锌", "mg/L", 6, 4),
    (0x52, "SE", "selenium", "硒", "mg/L", 7, 5),
    (0x53, "AS", "arsenic", "砷", "mg/L", 7, 5),
    (0x54, "THG", "total mercury", "总汞", "mg/L", 7, 5),
    (0x55, "CD", "cadmium", "镉", "mg/L", 7, 5),
    (0x56, "PB", "lead", "铅", "mg/L", 7, 5),
    (0x57, "CHLA", "chlorophyll a", "叶绿素a", "mg/L", 4, 2),
    (0x70, "VTA", "voltage of phase A", "交流A相电压", "V", 4, 1),
    (0x71, "VTB", "voltage of phase B", "交流B相电压", "V", 4, 1),
    (0x72, "VTC", "voltage of phase C", "交流C相电压", "V", 4, 1),
    (0x73, "VIA", "current of phase A", "交流A相电流", "A", 4, 1),
    (0x74, "VIB", "current of phase B", "交流B相电流", "A", 4, 1),
    (0x75, "VIC", "current of phase C", "交流C相电流", "A", 4, 1),
    (0xF2, "RGZS", "manual entry", "人工置数", "", 0, 0),
    (0xF3, "PIC", "picture", "图片", "", 0, 0),
    (0xF4, "DRP", "5-minute rain of an hour", "1小时内每5分钟时段雨量", "mm", 24, 1),
    (0xFD, "DATA", "velocity batch", "流速批量数据", "m/s", 0, 0),
)
_FAMILIES: Final = (
    (0x28, "Q{}", "discharge of outlet {}", "取排水口{}流量", "m3/s", 9, 3),
    (0x3C, "Z{}", "level of outlet {}", "取排水口{}水位", "m", 7, 3),
    (0x58, "WP{}", "water pressure {}", "水压{}", "kPa", 5, 2),
    (0x60, "SYL{}", "remaining water of meter {}", "水表{}剩余水量", "m3", 11, 3),
    (0x68, "SBL{}", "hourly water of meter {}", "水表{}每小时水量", "m3/h", 10, 2),
    (0xF5, "DRZ{}", "5-minute relative level {}", "1小时内5分钟间隔相对水位{}", "m", 48, 2),
)
_SOIL_DEPTHS_CM: Final = (10, 20, 30, 40, 50, 60, 80, 100)


def _kinds() -> Iterator[ElementKind]:
    """Yield every kind of the standard: singles, the families of eight, and the soil depths."""
    for row in _SINGLE:
        yield ElementKind(*row)
    for first, name, label, label_zh, unit, digits, decimals in _FAMILIES:
        for number in range(1, 9):
            yield ElementKind(
                first + number - 1,
                name.format(number),
                label.format(number),
                label_zh.format(number),
                unit,
                digits,
                decimals,
            )
    for index, depth in enumerate(_SOIL_DEPTHS_CM):
        yield ElementKind(
            0x10 + index,
            f"M{depth}",
            f"soil moisture at {depth} cm",
            f"{depth}厘米处土壤含水量",
            "%",
            4,
            1,
        )


KINDS: Final[dict[int, ElementKind]] = {kind.guide: kind for kind in _kinds()}
KIND_OF_NAME: Final[dict[str, ElementKind]] = {kind.name: kind for kind in KINDS.values()}
# By guide byte, for the decoder's inner loop; None where the standard names nothing.
NAMES: Final[tuple[str | None, ...]] = tuple(
    KINDS[guide].name if guide in KINDS else None for guide in range(256)
)
CODES: Final[tuple[str, ...]] = tuple(f"{guide:02X}" for guide in range(256))
