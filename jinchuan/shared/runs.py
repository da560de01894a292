"""Many numbers in few characters, for a line of the log: ``1-40,42,57-60``. Pure."""


def pack(numbers) -> str:
    """The numbers in order, runs of neighbours as one."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def holds_any(packed, numbers) -> bool:
    """Is one of the numbers among the packed ones?"""
    for run in packed.split(",") if packed else ():
        first, _, last = run.partition("-")
        if any(int(first) <= number <= int(last or first) for number in numbers):
            return True
    return False
