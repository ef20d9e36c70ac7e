"""A clerk's keystrokes wait while a resident is being answered."""

from __future__ import annotations

import asyncio

from bot.engine.precedence import ResidentsFirst


async def test_a_resident_who_comes_later_is_answered_before_the_triages_that_wait() -> None:
    gate, order = ResidentsFirst(), []
    release = asyncio.Event()

    async def resident(name: str, until: asyncio.Event | None = None) -> None:
        with gate.resident():
            if until is not None:
                await until.wait()
            order.append(name)

    async def clerk(name: str) -> None:
        async with gate.staff():
            order.append(name)

    first = asyncio.create_task(resident("resident 1", release))
    await asyncio.sleep(0)
    clerks = [asyncio.create_task(clerk(f"clerk {number}")) for number in (1, 2)]
    await asyncio.sleep(0.01)
    second = asyncio.create_task(resident("resident 2"))
    await asyncio.sleep(0.01)
    assert order == ["resident 2"]
    release.set()
    await asyncio.gather(first, second, *clerks)
    assert order == ["resident 2", "resident 1", "clerk 1", "clerk 2"]


async def test_only_one_triage_for_the_desk_is_under_way_at_a_time() -> None:
    gate, most, now = ResidentsFirst(), 0, 0

    async def clerk() -> None:
        nonlocal most, now
        async with gate.staff():
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(clerk() for _ in range(5)))
    assert most == 1


async def test_the_desk_does_not_wait_for_ever_for_busy_residents() -> None:
    gate = ResidentsFirst(patience=0.02)
    with gate.resident():
        async with asyncio.timeout(5), gate.staff():
            pass


async def test_a_resident_whose_turn_failed_holds_nobody_up() -> None:
    gate = ResidentsFirst(patience=60)
    try:
        with gate.resident():
            raise RuntimeError
    except RuntimeError:
        pass
    async with asyncio.timeout(5), gate.staff():
        pass
