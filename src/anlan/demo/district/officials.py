"""Organs, posts, people and the duties over divisions."""

from anlan.demo.district.rows import COUNTY, IN_FORCE, District, Village
from anlan.registry.data import DutyKind, OrganKind, PostKind

KINDS = {
    "应急专干": PostKind.EMERGENCY_OFFICER,
    "灾害信息员": PostKind.INFORMANT,
    "值班主任": PostKind.DUTY,
    "值班员": PostKind.DUTY,
}
PART_TIME_SHARE = 0.8
TOWNS_WITHOUT_OFFICER = 2
VILLAGES_WITHOUT_DEPUTY = 0.05


def make_officials(district: District) -> None:
    """Add the county's, the towns' and the villages' organs with the people who answer."""
    _county(district)
    towns = sorted(district.towns)
    vacant = set(district.chance.sample(towns[2:], TOWNS_WITHOUT_OFFICER))
    for town in towns:
        _town(district, town, is_vacant=town in vacant)
    for village in district.villages:
        _village(district, village)


def _office(district: District, division: str, name: str, *, kind: OrganKind) -> int:
    key = district.add("registry", "Organization", division_id=division, name=name, kind=kind.value)
    return district.offices.setdefault(f"{division}:{name}", key)


def _post(
    district: District,
    division: str,
    *,
    office: int,
    title: str,
    person_id: int | None,
    is_full_time: bool = True,
) -> None:
    post = district.add(
        "registry",
        "Post",
        division_id=division,
        organization_id=office,
        title=title,
        kind=KINDS.get(title, PostKind.LEADER).value,
        quota=1,
        established_on=IN_FORCE,
    )
    if person_id is not None:
        district.add(
            "registry",
            "PostHolding",
            post_id=post,
            person_id=person_id,
            is_full_time=is_full_time,
            since=IN_FORCE,
            until=None,
        )


def _county(district: District) -> None:
    headquarters = _office(district, COUNTY, "防汛抗旱指挥部", kind=OrganKind.HEADQUARTERS)
    bureau = _office(district, COUNTY, "应急管理局", kind=OrganKind.BUREAU)
    for rank, title in ((1, "指挥长"), (2, "副指挥长")):
        person = district.person(COUNTY, organization_id=headquarters)
        _post(district, COUNTY, office=headquarters, title=title, person_id=person)
        district.duty(DutyKind.COMMANDER, person_id=person, division=COUNTY, rank=rank)
    for rank, title in ((1, "值班主任"), (2, "值班员")):
        person = district.person(COUNTY, organization_id=bureau)
        _post(district, COUNTY, office=bureau, title=title, person_id=person)
        district.duty(DutyKind.COUNTY_DUTY, person_id=person, division=COUNTY, rank=rank)


def _town(district: District, town: str, *, is_vacant: bool) -> None:
    office = _office(
        district, town, f"{district.towns[town]}应急管理办公室", kind=OrganKind.TOWN_OFFICE
    )
    for rank, title in ((1, "带班领导"), (2, "副带班领导")):
        person = district.person(town, organization_id=office)
        _post(district, town, office=office, title=title, person_id=person)
        district.duty(DutyKind.TOWN_LEADER, person_id=person, division=town, rank=rank)
    officer = None if is_vacant else district.person(town, organization_id=office)
    _post(
        district,
        town,
        office=office,
        title="应急专干",
        person_id=officer,
        is_full_time=district.chance.random() > PART_TIME_SHARE,
    )
    if officer is not None:
        district.duty(DutyKind.TOWN_OFFICER, person_id=officer, division=town)


def _village(district: District, village: Village) -> None:
    code = village.code
    office = village.organization_id = _office(
        district, code, f"{village.name}委员会", kind=OrganKind.COMMITTEE
    )
    leader = village.leader_id = district.person(code, organization_id=office)
    _post(district, code, office=office, title="主任", person_id=leader, is_full_time=False)
    district.duty(DutyKind.VILLAGE_LEADER, person_id=leader, division=code)
    if district.chance.random() >= VILLAGES_WITHOUT_DEPUTY:
        deputy = district.person(code, organization_id=office)
        district.duty(DutyKind.VILLAGE_LEADER, person_id=deputy, division=code, rank=2)
        village.cadre_ids.append(deputy)
    informant = district.person(code, organization_id=office)
    _post(
        district, code, office=office, title="灾害信息员", person_id=informant, is_full_time=False
    )
    district.duty(DutyKind.INFORMANT, person_id=informant, division=code)
    village.cadre_ids += [informant, leader]
