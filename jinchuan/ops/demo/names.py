"""Names, numbers and addresses of people who do not exist.

Identity numbers carry the region 620301, a placeholder that no person's number begins with; their check digits are
right. Telephones are from the block 138 0000 0000. Names are put together by a seeded generator.
"""

from datetime import date, timedelta

from jinchuan.shared.identity import CitizenId, CreditCode, IdentityError

REGION = "620301"

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛")
_GIVEN = {
    (
        "male",
        "old",
    ): "建国 德福 永祥 志明 长贵 玉山 生财 国栋 万年 世昌 天保 根生 有才 占魁 进喜 兴旺 福林 振华 文禄 守义",
    (
        "female",
        "old",
    ): "秀英 桂兰 玉梅 秀兰 淑珍 凤英 菊花 桂芳 玉兰 春花 素珍 翠萍 兰英 月娥 金莲 巧云 香莲 秋菊 润莲 素琴",
    (
        "male",
        "adult",
    ): "伟 强 军 建军 志强 海龙 小龙 永刚 晓东 国强 鹏 斌 立新 文涛 宏伟 保平 学文 俊杰 鹏飞 晓军",
    (
        "female",
        "adult",
    ): "芳 敏 静 丽 艳 娟 霞 晓梅 海燕 丽萍 红梅 雪梅 小红 玉玲 晓燕 慧 丽娟 雅琴 彩霞 文静",
    ("male", "child"): "浩然 子轩 宇航 俊熙 博文 梓豪 明轩 天佑 嘉乐 思远 昊天 一鸣",
    ("female", "child"): "欣怡 雨桐 思琪 梓涵 诗涵 佳怡 语嫣 若曦 可馨 梦瑶 子萱 雨欣",
}
# Names a form has to bear: rare characters, a middle dot, one-character and four-character names.
REMARKABLE = {
    "male": ["马·哈山", "赵㙓", "欧阳德福", "王喆"],
    "female": ["阿依古丽·买买提", "李㛃", "苏𬭎", "司马秀兰"],
}
_VILLAGE_GROUPS = "一二三四五六"


class People:
    """Hands out people one after another; two of the same seed hand out the same."""

    def __init__(self, rng):
        self._rng, self._taken, self._phones = rng, set(), 0
        self._remarkable = {sex: list(names) for sex, names in REMARKABLE.items()}

    def name(self, sex, age_group="adult", surname="") -> str:
        rng = self._rng
        while True:
            family = surname or (rng.choice(_COMPOUND) if rng.random() < 0.02 else rng.choice(_SURNAMES))
            full = family + rng.choice(_GIVEN[sex, age_group].split())
            if full not in self._taken:
                self._taken.add(full)
                return full

    def remarkable_name(self, sex) -> str:
        """One of the names that test forms and fonts; a plain one when they are used up."""
        names = self._remarkable[sex]
        return names.pop(0) if names else self.name(sex, "old")

    def birth_date(self, age, on=date(2023, 6, 1), rng=None) -> date:
        """A birth date of somebody so old on the day."""
        return date(on.year - age, 1, 1) + timedelta(days=(rng or self._rng).randrange(150))

    def id_number(self, birth_date, sex, rng=None) -> str:
        while True:
            serial = (rng or self._rng).randrange(1, 500) * 2 - (sex == "male")
            body = f"{REGION}{birth_date:%Y%m%d}{serial:03d}"
            if body not in self._taken:
                self._taken.add(body)
                return _completed(CitizenId, body, "0123456789X")

    def phone(self) -> str:
        self._phones += 1
        return f"1380000{self._phones:04d}"

    def address(self, community) -> str:
        rng = self._rng
        if community.level == "village":
            return f"{community.short_name}{rng.choice(_VILLAGE_GROUPS)}社{rng.randint(1, 60)}号"
        floor = rng.randint(1, 6)
        return f"{community.short_name}{rng.randint(1, 40)}号楼{rng.randint(1, 4)}单元{floor}0{rng.randint(1, 2)}室"


def credit_code(prefix, number) -> str:
    """A valid unified social credit code of this district; ``prefix`` is e.g. ``51`` and ``MJ``, ``number`` running."""
    department, series = prefix
    body = f"{department}620302{series}{number:0{8 - len(series)}d}"
    for inner in "0123456789X":
        code = _completed(CreditCode, body + inner, "0123456789ABCDEFGHJKLMNPQRTUWXY")
        if not CreditCode.parse(code).warnings:
            return code
    raise ValueError(f"no valid code begins with {body}")


def _completed(kind, body, alphabet) -> str:
    """``body`` with the one last character that makes it valid."""
    for last in alphabet:
        try:
            return kind.parse(body + last).value
        except IdentityError as error:
            if error.code != "checksum":
                raise
    raise ValueError(f"no check character fits {body}")
