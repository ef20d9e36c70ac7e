"""A button is a promise: the sentence that it sends must arrive where its title says."""

from __future__ import annotations

import pytest

from actions.phrases import EVERYDAY
from tests.dialogue.conftest import Say, areas

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("area", EVERYDAY)
def test_button_leads_to_its_area(say: Say, area: str) -> None:
    """Every everyday name of an issue area, pressed after a vague start."""
    say("困っています")
    reply = say(EVERYDAY[area][1])
    assert areas(reply)[0] == area
