"""Facts of papers about gifts, as ``donations.papers`` makes them; nobody in them is real."""

from donations.papers import NO_RECEIPT

_ALWAYS = {
    "bureau": "金川区民政局",
    "help_phone": "0935-0000000",
    "no_receipt": NO_RECEIPT,
    "printed": "李芳　2026年9月12日",
}
_GIFT = {
    "code": "JZ2026-0031",
    "received_on": "2026年9月1日",
    "route": "交区慈善协会",
    "use": "不指定用途",
    "taker": "金川区慈善协会",
    "trace_code": "7K3M-92QF-X4TD",
    "trace_address": "https://example.test/trace/7K3M92QFX4TD/",
    "trace_page": "https://example.test/trace/",
}
_NAMES = ("王䶮", "欧阳翀", "阿依古丽·买买提", "赵秀兰")


def signing_sheet(count=4):
    return _ALWAYS | {
        "title": "款物发放签收单",
        "code": "FF2026-0007",
        "held_on": "2026年9月12日",
        "venue": "社区活动室",
        "division": "龙集里社区",
        "people": "李芳、王强",
        "address": "https://example.test/signed/620302/FF2026-0007/",
        "lines": [
            {
                "number": number,
                "code": f"FF2026-0007-{number:03}",
                "head": _NAMES[number % len(_NAMES)],
                "item": "大米",
                "amount": "2 袋",
            }
            for number in range(1, count + 1)
        ],
        "totals": f"大米 {2 * count} 袋",
        "households": count,
        "count": count,
    }


def goods_received():
    line = {"number": 1, "item": "大米", "category": "米面粮油等食品", "amount": "60 袋", "basis": "发票"}
    blanket = {
        "number": 2,
        "item": "电热毯",
        "category": "家用电器",
        "amount": "5 条",
        "basis": "不计价（只记数量）",
    }
    return (
        _ALWAYS
        | _GIFT
        | {
            "title": "捐赠物资接收确认单",
            "donor": "王䶮",
            "lines": [
                line | {"value": "3,600.00", "expires": "2027年9月1日"},
                blanket | {"value": "--", "expires": "--"},
            ],
            "total": "3,600.00 元　人民币叁仟陆佰元整",
            "unvalued": True,
        }
    )


def handover():
    line = {"number": 1, "item": "大米", "amount": "60 袋", "value": "3,600.00", "expires": "2027年9月1日"}
    return (
        _ALWAYS | _GIFT | {"title": "款物交接单", "donor": "爱心人士", "lines": [line], "receiver": "HJ-0001"}
    )


def thanks():
    return (
        _ALWAYS
        | _GIFT
        | {
            "title": "感谢信",
            "donor": "王䶮",
            "gift": "捐款 12,000.50 元（人民币壹万贰仟元伍角整）、大米 60 袋",
            "dated": "2026年9月3日",
        }
    )


def whereabouts():
    rice = {
        "item": "大米",
        "gift": "60 袋",
        "parts": [("已送到", "26 袋"), ("在库，尚未安排", "34 袋")],
        "groups": [("2026年9月", "滨河路街道", "12 户，每户 2 袋"), ("2026年9月", "桂林路街道", "不足 3 户")],
        "spendings": [],
    }
    cash = {
        "item": "捐款",
        "gift": "12,000.50 元",
        "parts": [("已送到", "800.00 元"), ("尚未安排", "11,200.50 元")],
        "groups": [],
        "spendings": [("2026年9月", "助老护小", "800.00 元")],
    }
    gift = {"code": "JZ2026-0031", "month": "2026年9月", "route": "交区慈善协会", "use": "不指定用途"}
    return _ALWAYS | {
        "title": "捐赠去向单",
        "donor": "王䶮",
        "traces": [gift | {"lots": [cash, rice]}],
        "left_out": 3,
    }


def help_received():
    line = {"number": 1, "day": "2026年9月12日", "item": "大米", "amount": "2 袋", "value": "120.00"}
    return _ALWAYS | {
        "title": "受助明细",
        "code": "HJ-0001",
        "head": "欧阳翀",
        "community": "龙集里社区",
        "lines": [line | {"giver": "爱心人士", "delivery": "FF2026-0007-002"}],
        "total": "120.00",
    }
