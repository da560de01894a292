"""The words of a paper by their parts: composed from figures, and what a person wrote instead. Figures are no words."""

import re

NEXT_STEPS = "next_steps"
PARTS = {
    "opening": "开头",
    "pairing": "结对帮扶",
    "giving": "捐款捐物",
    "service": "志愿服务",
    "mobilizing": "宣传动员",
    "problems": "存在的问题",
    NEXT_STEPS: "下一步打算",
}


def parts(facts) -> list[tuple[str, str, str]]:
    """(part, heading, text as it was composed, one paragraph a line) in the order of the paper; nothing while the figures are not
    frozen."""
    return [
        (one["part"], one["heading"] or PARTS[one["part"]], "\n".join(one["paragraphs"]))
        for one in _parts_of((facts or {}).get("sections", ()))
        if one.get("part")
    ]


def composed(facts) -> dict[str, str]:
    return {part: text for part, _, text in parts(facts)}


def reworded(facts, kept, words, *, by, at) -> dict:
    """What people wrote, after ``words`` (part → text) came in: the composed text again, or none, is no change. With each stays
    ``over``, the composed text that they had before them."""
    told, result = composed(facts), dict(kept)
    for part, text in words.items():
        if part not in PARTS:
            raise ValueError(f"no such part of a report: {part!r}")
        text = tidy(text)
        if text in ("", told.get(part)):
            result.pop(part, None)
        elif text != result.get(part, {}).get("text"):
            result[part] = {
                "text": text,
                "by": by.get_username() if by else "",
                "at": at.isoformat(timespec="seconds"),
                "over": told.get(part, ""),
            }
    return result


def stale(facts, words) -> list[str]:
    """The parts that a person wrote before figures were counted which make the composed text another one, in the order of the
    paper."""
    return [part for part, _, text in parts(facts) if part in words and words[part].get("over") != text]


def with_words(facts, words) -> dict:
    """The same frozen facts with what people wrote in place of what was composed."""

    def said(one):
        one = dict(one)
        if one.get("part") in words:
            one["paragraphs"] = words[one["part"]]["text"].splitlines()
        if "subsections" in one:
            one["subsections"] = [said(each) for each in one["subsections"]]
        return one

    return {**facts, "sections": [said(section) for section in facts["sections"]]}


def tidy(text) -> str:
    """One paragraph a line, without blank lines and blanks at the ends."""
    return "\n".join(line.strip() for line in re.split(r"[\r\n]+", text) if line.strip())


def _parts_of(sections):
    for section in sections:
        yield section
        yield from _parts_of(section.get("subsections", ()))
