"""Nobody can work out a count below five, whatever is subtracted from whatever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statistics.suppression import SMALLEST, Protected, protect

GRIDS = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 30]), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)


def test_small_counts_are_hidden_and_nothing_is_not() -> None:
    shown = protect([[0, 4, 5, 12, 3]])
    assert shown.cells == ((0, None, 5, 12, None),)
    assert shown.rows == (24,)


def test_a_total_does_not_give_its_one_hidden_part_away() -> None:
    assert protect([[3, 8, 20]], column_totals=False).cells == ((None, None, 20),)
    assert protect([[3, 0, 0]]).rows == (None,)
    assert protect([[1, 1, 20]], column_totals=False).cells == ((None, None, None),)
    assert protect([[4, 4, 20]], column_totals=False).cells == ((None, None, None),)


def test_counts_that_are_large_enough_are_all_shown() -> None:
    shown = protect([[5, 7], [0, 100]])
    assert (shown.cells, shown.rows, shown.columns, shown.whole) == (((5, 7), (0, 100)), (12, 100), (5, 107), 112)


def test_an_empty_table_is_an_empty_table() -> None:
    assert protect([]).cells == ()


def guesses(cells: list[list[int]], shown: Protected) -> dict[tuple[int, int], set[int]]:
    """Every value that each hidden small cell may have, found by trying all, until each has two (values up to 31)."""
    secret = [(y, x) for y, row in enumerate(shown.cells) for x, cell in enumerate(row) if cell is None]
    found: dict[tuple[int, int], set[int]] = {place: set() for place in secret}
    trial = [[cell or 0 for cell in row] for row in shown.cells]

    def fits(done: int) -> bool:
        rest = set(secret[done:])
        sums = [(total, [(y, x) for x in range(len(trial[0]))]) for y, total in enumerate(shown.rows)]
        sums += [(total, [(y, x) for y in range(len(trial))]) for x, total in enumerate(shown.columns)]
        sums.append((shown.whole, [(y, x) for y in range(len(trial)) for x in range(len(trial[0]))]))
        for total, places in sums:
            if total is None:
                continue
            value, unknown = sum(trial[y][x] for y, x in places if (y, x) not in rest), rest & set(places)
            if value + len(unknown) > total or (not unknown and value != total):
                return False
        return True

    def attempt(done: int) -> None:
        if done == len(secret):
            for y, x in secret:
                found[y, x].add(trial[y][x])
            return
        y, x = secret[done]
        for value in range(1, 32):
            if all(len(values) > 1 for values in found.values()):
                return
            trial[y][x] = value
            if fits(done + 1):
                attempt(done + 1)
        trial[y][x] = 0

    if len(secret) <= 4:
        attempt(0)
    return found


@settings(max_examples=100, deadline=None)
@given(GRIDS, st.booleans(), st.booleans())
def test_a_reader_who_tries_everything_finds_no_small_count(
    cells: list[list[int]], row_totals: bool, column_totals: bool
) -> None:
    shown = protect(cells, row_totals=row_totals, column_totals=column_totals)
    for y, row in enumerate(shown.cells):
        for x, cell in enumerate(row):
            assert cell in (None, cells[y][x])
            assert cell is None or not 0 < cell < SMALLEST
    for (y, x), values in guesses(cells, shown).items():
        if cells[y][x] < SMALLEST and values:
            assert len(values) > 1, (cells, shown)
