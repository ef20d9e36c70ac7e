"""Questions about the place: asked only when the answer depends on it, always skippable, never guessed."""

from __future__ import annotations

from actions.memory import NOTHING, Memory
from actions.phrases import SKIP
from actions.replies import say
from agency_db.places import Place

Message = tuple[str, tuple[tuple[str, str], ...]]


def after_route(memory: Memory, place_question: bool) -> tuple[Message | None, str]:
    """The question that follows the windows, if any, and what is pending then."""
    place = memory.place
    if place is not None and place.district is None and place.candidates:
        return which_district(place)
    if place is None and place_question and not memory.offered:
        text = (
            "お住まいはどのあたりですか。町の名前、駅、郵便番号のどれかがわかると、近くの窓口や「地域の縁側」をお伝えできます。"
            "言わなくても大丈夫です。"
        )
        return say(text, SKIP), "place"
    return None, NOTHING


def which_district(place: Place) -> tuple[Message, str]:
    """One tap to confirm a single candidate, or one button a candidate."""
    if len(place.candidates) == 1:
        district = place.candidates[0]
        text = f"{place.words}は、{district}地区でよろしいですか。"
        return say(
            text, (f"はい、{district}地区です", f"{district}地区です"), ("ちがう", "ちがいます")
        ), "confirm_place"
    buttons = [(f"{district}地区", f"{district}地区です") for district in place.candidates]
    text = f"{place.words}は、いくつかの地区にまたがっています。どの地区ですか。わからなければ、そのままで大丈夫です。"
    return say(text, *buttons, ("わからない", "地区はわからない")), "place"


def where_is_it_near() -> Message:
    """Asked when nothing can be answered without a place."""
    return say(
        "どのあたりでさがしましょうか。町の名前、駅、郵便番号のどれかを教えてください。言いたくなければ、そのままで大丈夫です。",
        SKIP,
    )
