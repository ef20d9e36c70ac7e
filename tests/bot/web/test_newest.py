"""As somebody types, only the newest text is worth an answer."""

from __future__ import annotations

import asyncio

import pytest

from bot.web.newest import NewestOnly, Superseded


async def test_while_one_is_answered_only_the_newest_that_waits_is_answered_next() -> None:
    desk, done, finish = NewestOnly(), [], asyncio.Event()

    async def ask(text: str) -> None:
        async with desk.turn("aoki"):
            await finish.wait()
            done.append(text)

    asked = []
    for text in ("は", "はは", "ははが"):
        asked.append(asyncio.create_task(ask(text)))
        await asyncio.sleep(0)
    finish.set()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert done == ["は", "ははが"]
    assert [type(one) for one in outcomes] == [type(None), Superseded, type(None)]


async def test_two_desks_do_not_get_in_each_others_way() -> None:
    desk = NewestOnly()
    async with desk.turn("aoki"), asyncio.timeout(5), desk.turn("ito"):
        pass


async def test_a_failure_does_not_lock_the_desk() -> None:
    desk = NewestOnly()
    with pytest.raises(RuntimeError):
        async with desk.turn("aoki"):
            raise RuntimeError
    async with asyncio.timeout(5), desk.turn("aoki"):
        pass
