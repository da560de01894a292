"""Frozen facts of a month as the reports app makes them: a full month, an empty one, a huge one."""

import copy

NUMBERS = "一二三四五六七八九十"

PLACES = ("金川路", "滨河路", "桂林路", "北京路", "广州路", "新华路", "龙首", "宁远堡", "双湾", "延安路")
KINDS = (
    ("社会工作服务中心", "社会服务机构"),
    ("志愿服务协会", "社会团体"),
    ("爱心助学促进会", "社会团体"),
    ("养老服务中心", "社会服务机构"),
    ("公益慈善基金会", "基金会"),
)


def organisations(count):
    """Rows of the table of organisations, ordered by number, with a total at the end."""
    rows, sums = [], [0, 0, 0, 0.0, 0, 0]
    for index in range(count):
        kind, category = KINDS[index % len(KINDS)]
        place = PLACES[index // len(KINDS) % len(PLACES)]
        figures = [
            1 + (index % 6 == 0),
            index % 3,
            300 * (index % 5),
            150.5 * (index % 7),
            index % 4,
            6 * (index % 4),
        ]
        sums = [a + b for a, b in zip(sums, figures, strict=True)]
        rows.append([str(index + 1), f"金川区{place}{kind}", category, *_cells(figures)])
    return [*rows, ["", "合计", "", *_cells(sums)]]


def _cells(figures):
    return [
        str(figures[0]),
        str(figures[1]),
        f"{figures[2]:,.2f}",
        f"{figures[3]:,.2f}",
        str(figures[4]),
        str(figures[5]),
    ]


ORGANISATION_COLUMNS = [
    {"label": "序号", "align": "center", "width": 2.6},
    {"label": "社会组织名称", "align": "left", "width": 15},
    {"label": "类别", "align": "center", "width": 6.6},
    {"label": "意向", "group": "结对（户）", "align": "right", "width": 2.8},
    {"label": "生效", "group": "结对（户）", "align": "right", "width": 2.8},
    {"label": "捐款", "group": "累计捐赠（元）", "align": "right", "width": 5},
    {"label": "捐物折价", "group": "累计捐赠（元）", "align": "right", "width": 5},
    {"label": "场次", "group": "志愿服务", "align": "right", "width": 2.8},
    {"label": "人次", "group": "志愿服务", "align": "right", "width": 2.8},
]

STATISTICS_COLUMNS = [
    {"label": "序号", "align": "center", "width": 2.5},
    {"label": "指标", "align": "left", "width": 12},
    {"label": "单位", "align": "center", "width": 3},
    {"label": "上月累计", "align": "right", "width": 6.5},
    {"label": "本月新增", "align": "right", "width": 6.5},
    {"label": "更正", "align": "right", "width": 4},
    {"label": "本月累计", "align": "right", "width": 6.5},
]

INDICATORS = (
    ("intention_organizations", "有结对意向的社会组织", "家", "41", "5", "0", "46"),
    ("intention_households", "有结对意向的困难家庭", "户", "48", "7", "0", "55"),
    ("paired_organizations", "结对生效的社会组织", "家", "27", "9", "0", "36"),
    ("paired_households", "结对生效的困难家庭", "户", "31", "10", "0", "41"),
    ("paired_people", "受帮扶对象", "人", "78", "24", "0", "102"),
    ("donations_cash", "捐款", "元", "62,300.00", "18,500.00", "0.00", "80,800.00"),
    ("donations_goods", "捐物折价", "元", "55,120.50", "18,340.00", "0.00", "73,460.50"),
    ("donations_total", "捐款捐物合计", "元", "117,420.50", "36,840.00", "0.00", "154,260.50"),
    ("donor_enterprises", "爱心企业", "家", "9", "3", "0", "12"),
    ("donor_individuals", "爱心人士", "名", "64", "17", "0", "81"),
    ("service_sessions", "志愿服务", "场次", "23", "8", "0", "31"),
    ("service_person_times", "参加志愿者", "人次", "186", "64", "0", "250"),
    ("service_hours", "服务时长", "小时", "412.5", "148.0", "0", "560.5"),
)


def full():
    """September 2023: 46 organisations, 55 households, 15余万元. Every call makes its own copy."""
    return copy.deepcopy(_september())


def _september():
    return {
        "title": ["金川区社会组织参与“结对帮扶·爱心金川”", "工程建设工作进展情况"],
        "subtitle": "（2023年9月）",
        "as_of": "2023-09-30",
        "issuer": "金川区民政局",
        "dated": "2023年10月1日",
        "sections": [
            {
                "part": "opening",
                "heading": "",
                "paragraphs": [
                    "2023年9月，全区社会组织认真落实区委、区政府关于“结对帮扶·爱心金川”工程建设的部署，围绕困难家庭的急难愁盼，"
                    "有序开展结对帮扶、捐款捐物和志愿服务。截至9月30日，共有46家社会组织与55户困难家庭达成结对意向，累计捐款捐物折合15余万元。"
                    "现将有关情况报告如下。",
                ],
                "subsections": [],
            },
            {
                "heading": "一、工作进展情况",
                "paragraphs": [],
                "subsections": [
                    {
                        "heading": "（一）结对帮扶",
                        "paragraphs": [
                            "本月新增结对意向社会组织5家、困难家庭7户。截至9月底，累计46家社会组织与55户困难家庭达成结对意向，"
                            "其中36家、41户结对已生效，受帮扶对象102人，较上月增加24人。",
                            "结对意向中，孤儿（含事实无人抚养儿童）家庭12户，困难重度残疾人家庭19户，特困家庭24户。",
                        ],
                        "chart": {
                            "kind": "grouped",
                            "title": "2023年6月至9月结对意向情况",
                            "unit": "家、户",
                            "labels": ["6月", "7月", "8月", "9月"],
                            "series": [
                                ["社会组织（家）", [12, 29, 41, 46]],
                                ["困难家庭（户）", [14, 33, 48, 55]],
                            ],
                        },
                    },
                    {
                        "heading": "（二）捐款捐物",
                        "paragraphs": [
                            "本月接收捐款18,500.00元，捐物折价18,340.00元，共计36,840.00元，环比增长12.4%。截至9月底，累计捐款80,800.00元，"
                            "捐物折价73,460.50元，共计154,260.50元；其中通过区慈善协会捐赠91,200.00元，直接捐赠到户63,060.50元。",
                            "参与捐赠的爱心企业12家，爱心人士81名。",
                        ],
                        "chart": {
                            "kind": "grouped",
                            "title": "2023年6月至9月各月捐款捐物情况",
                            "unit": "元",
                            "labels": ["6月", "7月", "8月", "9月"],
                            "series": [
                                ["捐款", ["15200.00", "26800.00", "20300.00", "18500.00"]],
                                ["捐物折价", ["9800.00", "32840.50", "12480.00", "18340.00"]],
                            ],
                        },
                    },
                    {
                        "heading": "（三）志愿服务",
                        "paragraphs": [
                            "本月开展志愿服务8场次，参加志愿者64人次，服务时长148小时。截至9月底，累计开展志愿服务31场次，"
                            "参加志愿者250人次，服务时长560.5小时，内容主要为入户走访、学业辅导、心理陪伴和家政照料。"
                        ],
                        "chart": None,
                    },
                ],
            },
            {
                "heading": "二、存在的问题",
                "paragraphs": [
                    "一是10家社会组织、14户困难家庭有意向而结对尚未生效，其中5户因监护人同意书未签，4户因第二人核实未完成。",
                    "二是6笔捐物的估价依据不全，涉及金额4,320.00元，需要有关社会组织补充材料。",
                    "三是9月有3家结对社会组织没有走访记录。",
                ],
                "subsections": [],
            },
            {
                "heading": "三、下一步打算",
                "paragraphs": [
                    "下一步，我局将对结对意向逐户对接，督促有关社会组织于10月15日前完成核实和签订协议；规范捐赠登记，补齐估价依据；"
                    "组织开展集中走访，推动结对帮扶见人、见事、见成效。"
                ],
                "subsections": [],
            },
        ],
        "annexes": [
            {
                "mark": "附件1",
                "title": "“结对帮扶·爱心金川”工作统计表",
                "unit": "",
                "columns": STATISTICS_COLUMNS,
                "rows": [
                    [str(n), name, unit, before, month, fix, after]
                    for n, (_, name, unit, before, month, fix, after) in enumerate(INDICATORS, 1)
                ],
                "notes": [
                    "本月累计等于上月累计加本月新增加更正；以业务发生日期计算，截至2023年9月30日24时。",
                    "“家”“户”“名”按不同的单位、家庭、人员计算，“人次”“场次”按发生次数计算。",
                    "捐物按捐赠人提供的发票、市场价格或评估价格折合人民币。",
                ],
            },
            {
                "mark": "附件2",
                "title": "各社会组织参与结对帮扶情况表",
                "unit": "",
                "columns": ORGANISATION_COLUMNS,
                "rows": organisations(46),
                "notes": ["按统一社会信用代码排列。"],
            },
        ],
        "indicators": {
            code: {
                "name": name,
                "unit": unit,
                "month": month,
                "previous": before,
                "correction": fix,
                "cumulative": after,
                "definition": "",
            }
            for code, name, unit, before, month, fix, after in INDICATORS
        },
        "serial": "JCMZ-YB-202309-01",
        "verify": "7K3M92QFX4TD",
    }


def empty():
    """The first month: nothing has happened, nothing is listed."""
    facts = full()
    opening, *others = facts["sections"]
    opening["paragraphs"] = ["2023年5月，全区社会组织尚无结对帮扶、捐款捐物和志愿服务记录。"]
    for section in others:
        section["paragraphs"] = ["本月没有需要说明的情况。"]
        for subsection in section["subsections"]:
            subsection["paragraphs"] = ["本月没有记录。"]
            if subsection["chart"]:
                subsection["chart"].update(
                    labels=[], series=[[name, []] for name, _ in subsection["chart"]["series"]]
                )
    facts["annexes"] = [{**facts["annexes"][1], "mark": "附件", "rows": [], "notes": []}]
    facts["indicators"], facts["serial"], facts["verify"] = {}, "", ""
    return facts


def huge():
    """Many organisations, long names, twelve months, large amounts, and texts that fill pages."""
    facts = full()
    facts["issuer"] = "金川区社会组织参与结对帮扶工作领导小组办公室"
    section = facts["sections"][1]["subsections"]
    section[0]["paragraphs"] *= 6
    section[0]["chart"].update(
        labels=[f"{month}月" for month in range(1, 13)],
        series=[
            [name, [1200 + 37 * month for month in range(12)]]
            for name in ("社会组织（家）", "困难家庭（户）")
        ],
    )
    section[1]["chart"] = {
        "kind": "bars",
        "title": "累计捐赠居前的社会组织",
        "unit": "元",
        "labels": [f"金川区第{number}困难家庭关爱帮扶与社会工作服务中心" for number in NUMBERS],
        "series": [["捐款捐物", [f"{98765432.1 / (n + 1):.2f}" for n in range(10)]]],
    }
    section[2]["chart"] = {
        "kind": "line",
        "title": "各月志愿服务时长",
        "unit": "小时",
        "labels": [f"{month}月" for month in range(1, 13)],
        "series": [["服务时长", [20 * month % 170 for month in range(12)]]],
    }
    rows = organisations(300)
    rows[4][1] = "金川区困难重度残疾人家庭与事实无人抚养儿童关爱帮扶社会工作综合服务中心"
    rows[5][5] = "12,345,678.90"
    facts["annexes"][1]["rows"] = rows
    facts["annexes"].append(
        {
            "mark": "附件3",
            "title": "结对困难家庭情况表",
            "unit": "元",
            "columns": [
                {"label": "户主", "kind": "person", "align": "center"},
                {"label": "住址"},
                {"label": "累计受助金额", "align": "right"},
            ],
            "rows": [[name, "金川区滨河路街道某社区", "1,200.00"] for name in RARE_NAMES],
            "notes": [],
        }
    )
    return facts


RARE_NAMES = (
    "陶镕基",
    "孙翀",
    "许喆",
    "王垚",
    "赵堃",
    "沈祎",
    "吕珺",
    "金玥",
    "周犇",
    "孔䶮",
    "华𬱖",
    "张㛃",
    "阿依古丽·买买提",
    "李芃",
)
