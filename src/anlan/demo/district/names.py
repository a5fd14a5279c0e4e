"""Names that sound right and belong to nobody."""

from random import Random

TOWN_NAMES = (
    "临江",
    "望川",
    "青石",
    "柳林坝",
    "枫树梁",
    "石门沟",
    "双溪口",
    "云雾",
    "松涛铺",
    "安和",
    "月亮坪",
    "白鹤嘴",
    "茶园",
    "平沙",
    "稻香",
    "桑田营",
    "长乐铺",
    "金盆",
    "竹园",
    "清泉",
    "阳坡",
    "禾丰",
)
_FIRST = "青白红石双龙清大小上下新古东西南北高长金银玉松柏竹杨柳桃梅马牛羊凤云水火土山"
_SECOND = "河坝沟湾坪岭桥庙寨营塘池泉溪岩垭坡院铺店关口台林园庄"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉梅建国志文辉力永健世广义兴良海山仁波宁贵"
    "福生龙元全胜学祥才发武新利清飞彬富顺信子玲凤洁琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞"
)


class Names:
    """Names drawn one after the other; places never repeat within the district."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._places: set[str] = set(TOWN_NAMES)
        self._phones = 0

    def place(self) -> str:
        """Return a new two-character place name."""
        while True:
            name = self._chance.choice(_FIRST) + self._chance.choice(_SECOND)
            if name not in self._places:
                self._places.add(name)
                return name

    def person(self) -> str:
        """Return a person's name of two or three characters."""
        given = self._chance.choice(_GIVEN)
        if self._chance.random() < 0.7:
            given += self._chance.choice(_GIVEN)
        return self._chance.choice(_SURNAMES) + given

    def phone(self) -> str:
        """Return a new number in a block that stands for no operator: 1990000 and four digits."""
        self._phones += 1
        return f"1990{self._phones:07d}"
