"""How a table of frozen facts is set: heads of one or two rows, widths of columns, rows of totals.

A column is {"label", "align": left | center | right, "width", "group", "kind"}; only the label is needed. Columns side by
side with the same group stand under one shared head. Widths are weights; without one the contents decide.
"""

import unicodedata
from dataclasses import dataclass
from math import ceil

# A table that is a little too long for its page is set closer, so that it stays on it; one that is much longer is not.
ONE_PAGE, CLOSEST = 25, 40  # rows of one line in 五号, and the most that can be read when set closer
PAGE_POINTS, NOTE_POINTS, FEWEST_NOTES = (
    500,
    12.5,
    3,
)  # what head, rows and notes may take of the page below the title, and a line of notes
WIDEST_PITCH = 16.5  # points, of a table that is not set closer
TOTALS = {"合计", "总计", "小计"}
WIDEST, NARROWEST, PADDING = 16, 2.5, 0.7  # characters a column asks for when nothing is said
CAPACITY = {"": 42.1, "dense": 49.1, "fine": 58.9}  # characters over 156 mm, in 五号, 小五 and 六号
CLOSE_CAPACITY = 46.5  # of a table that is set closer
TIGHTEST = 0.8  # of what they ask for, columns of words need this much to be read


@dataclass(frozen=True)
class Head:
    label: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Cell:
    text: str
    align: str
    person: bool


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    total: bool


def heads(columns):
    """The head as rows of `Head`: two rows when any column belongs to a group, else one."""
    if not any(column.get("group") for column in columns):
        return [[Head(column["label"]) for column in columns]]
    upper, lower, last = [], [], None
    for column in columns:
        group = column.get("group")
        if not group:
            upper.append(Head(column["label"], rows=2))
        else:
            if group == last:
                upper[-1] = Head(group, columns=upper[-1].columns + 1)
            else:
                upper.append(Head(group))
            lower.append(Head(column["label"]))
        last = group
    return [upper, lower]


def shares(columns, rows):
    """The width of each column in percent, with two decimals. A number never runs out of its cell: columns aligned
    right get what their longest cell needs, and the others share the rest."""
    wanted, needed = _asked(columns, rows)
    named = size(columns, rows)
    capacity = CLOSE_CAPACITY if not named and pitch(columns, rows) else CAPACITY[named]
    loose, spare = _loose(wanted, needed), capacity - sum(needed)
    if sum(wanted) > capacity and loose and spare > 0:
        wanted = [need or width * spare / loose for width, need in zip(wanted, needed, strict=True)]
    total = sum(wanted)
    return [f"{100 * each / total:.2f}" for each in wanted]


def size(columns, rows):
    """五号, or 小五 where there are many columns; one smaller where numbers as long as a billion leave the words no room."""
    wanted, needed = _asked(columns, rows)
    names = list(CAPACITY)[is_dense(columns) :]
    least = sum(needed) + TIGHTEST * _loose(wanted, needed)
    return next((name for name in names if least <= CAPACITY[name]), names[-1])


def _asked(columns, rows):
    """What every column asks for, in characters, and what those of numbers cannot do without."""
    wanted, needed = [], []
    for index, column in enumerate(columns):
        longest = max((_width(row[index]) for row in rows), default=0)
        asked = min(max(longest, _width(column["label"]) / 2, NARROWEST), WIDEST) + PADDING
        needed.append(longest + PADDING if column.get("align") == "right" else 0)
        wanted.append(max(float(column.get("width") or asked), needed[-1]))
    return wanted, needed


def _loose(wanted, needed):
    """What the columns of words ask for."""
    return sum(width for width, need in zip(wanted, needed, strict=True) if not need)


def is_dense(columns):
    """Many columns are set in 小五 instead of 五号; columns in groups are narrow ones, and sooner too many."""
    return len(columns) > (7 if any(column.get("group") for column in columns) else 8)


def pitch(columns, rows, notes=()):
    """How far the rows of a table stand apart that is set closer to stay on one page with its notes (px); None where it is not."""
    if is_dense(columns) or not ONE_PAGE < len(rows) <= CLOSEST:
        return None
    lines = sum(ceil((_width(note) + 3) / CAPACITY[""]) for note in notes)
    room = PAGE_POINTS - NOTE_POINTS * max(lines, FEWEST_NOTES)
    return int(min(room / (len(rows) + 1), WIDEST_PITCH) / 0.75)


def body(columns, rows):
    """The rows with the alignment of their columns; rows of totals are marked."""
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"a row has {len(row)} cells, the table has {len(columns)} columns")
        cells = tuple(
            Cell(
                "" if text is None else str(text),
                column.get("align") or "left",
                column.get("kind") == "person",
            )
            for text, column in zip(row, columns, strict=True)
        )
        yield Row(cells, any(cell.text.strip() in TOTALS for cell in cells[:2]))


def _width(text):
    """Width in characters: a Chinese one counts 1, a Latin one half."""
    return sum(1 if unicodedata.east_asian_width(each) in "WFA" else 0.5 for each in str(text or ""))
