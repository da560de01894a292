"""Frozen content of certificates, as ``certificate_content`` makes it; nobody in it is real."""


def content(lines=2, **fields) -> dict:
    minutes = 150 * lines
    return {
        "number": "ZM0012-2026-0003",
        "code": "7K3M92QFX4TD8HNPWRBC5JVE6SLA",
        "name": "王秀兰",
        "document_type": "居民身份证",
        "document_number": "620301197503040017",
        "volunteer_number": "620302000012345",
        "period_from": "2025-01-01",
        "period_to": "2025-12-31",
        "minutes": minutes,
        "hours": f"{minutes * 10 // 60 / 10:.1f}",
        "lines": [
            {
                "code": f"HD2025-{number:04d}",
                "name": "重阳节上门理发",
                "date": f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
                "place": "龙集里社区活动室",
                "content": "为老人理发、打扫，陪老人说话。",
                "minutes": 150,
            }
            for number in range(1, lines + 1)
        ],
        "issuer": "金川区甲爱心协会",
        "person_in_charge": "赵桂英",
        "handler": "李建国",
        "contact": "0935-8000000",
        "issued_on": "2026-01-15",
        "replaces": "",
        **fields,
    }
