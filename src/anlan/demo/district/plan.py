"""The county's flood plan as data, and the time limits for answering a warning."""

from anlan.demo.district.rows import COUNTY, IN_FORCE, District

LIMITS = ((1, 60), (2, 30), (3, 15), (4, 10))
LIMITS_SOURCE = "叫应时限默认值（县级预案惯例，待县里核定）"

# level, hazard, colour, villages
TRIGGERS = (
    (4, "rainstorm", 2, 1),
    (4, "river_flood", 2, 1),
    (4, "reservoir", 1, 1),
    (4, "flash_flood", 2, 1),
    (4, "geohazard", 2, 1),
    (3, "rainstorm", 3, 1),
    (3, "flash_flood", 3, 1),
    (3, "geohazard", 3, 3),
    (3, "river_flood", 3, 1),
    (3, "reservoir", 3, 1),
    (2, "rainstorm", 4, 1),
    (2, "flash_flood", 4, 1),
    (2, "geohazard", 4, 10),
    (2, "river_flood", 4, 3),
    (2, "reservoir", 3, 6),
    (1, "flash_flood", 4, 60),
    (1, "reservoir", 4, 3),
    (1, "river_flood", 4, 40),
)
# level, title, duty, spread, minutes
TASKS = (
    (4, "组织防汛会商研判", "county_duty", "county", 30),
    (4, "向市防指报告响应启动情况", "county_duty", "county", 60),
    (4, "带班领导到岗指挥", "town_leader", "town", 30),
    (4, "检查隐患点和低洼地带", "village_leader", "village", 90),
    (3, "通知成员单位进驻指挥部", "county_duty", "county", 45),
    (3, "开启安置点并清点物资", "town_leader", "town", 60),
    (3, "核对转移人员名单", "informant", "village", 60),
    (3, "调派抢险队伍待命", "commander", "county", 60),
    (3, "应急专干到重点村驻守", "town_officer", "town", 60),
    (2, "指挥长坐镇指挥部", "commander", "county", 20),
    (2, "前置冲锋舟和发电机", "county_duty", "county", 90),
    (2, "封闭危险路段和桥涵", "town_leader", "town", 60),
    (2, "敲锣入户逐户核查", "village_leader", "village", 45),
    (2, "每小时报送转移人数", "town_officer", "town", 60),
    (1, "请求市级增援", "commander", "county", 20),
    (1, "宣布进入紧急防汛期", "commander", "county", 30),
    (1, "全镇停工停业停课", "town_leader", "town", 45),
    (1, "最后一遍拉网排查", "village_leader", "village", 40),
)


def make_plan(district: District) -> None:
    """Add the plan in force with its triggers and tasks, and the answer limits."""
    plan = district.add(
        "plans",
        "Plan",
        division_id=COUNTY,
        name="BB区防汛应急预案",
        version="2025",
        effective_from=IN_FORCE,
    )
    for level, hazard, colour, villages in TRIGGERS:
        district.add(
            "plans",
            "LevelTrigger",
            plan_id=plan,
            level=level,
            hazard=hazard,
            colour=colour,
            villages=villages,
        )
    for level, title, duty, spread, minutes in TASKS:
        district.add(
            "plans",
            "TaskTemplate",
            plan_id=plan,
            level=level,
            title=title,
            duty=duty,
            spread=spread,
            within_minutes=minutes,
        )
    for colour, minutes in LIMITS:
        district.add(
            "warning",
            "AnswerLimit",
            hazard="",
            colour=colour,
            minutes=minutes,
            source=LIMITS_SOURCE,
            effective_from=IN_FORCE,
        )
