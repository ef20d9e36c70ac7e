"""Whether a model may go into service: decided here alone, for the page and for the switch; nobody overrides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.learning.candidates import Model, Switch
from bot.learning.jobs import Job
from bot.learning.serving import Serving

OTHER_RELEASE: Final = "前の版のプログラムで学習したモデルなので、いまは使えません。「学習する」で学び直してください。"
FALLS: Final = "気づける危機が減るので、切り替えられません。"


@dataclass(frozen=True, slots=True)
class Listed:
    """A model in the list. `why_not`: why it may not go into service now, None: it may. `back`: it was there before."""

    model: Model
    in_service: bool
    in_shadow: bool
    back: bool
    why_not: str | None
    comparable: bool


def listed(model: Model, serving: Serving | None, base: str) -> Listed:
    """A model as it stands now. `base`: hash of this release's data and code."""
    in_service = serving is not None and model.name == serving.model
    return Listed(
        model=model,
        in_service=in_service,
        in_shadow=serving is not None and model.name == serving.shadow,
        back=serving is not None and model.name == serving.previous,
        why_not=_why_not(model, serving, base),
        comparable=model.base == base and not in_service,
    )


def just_made(
    job: Job | None, models: Sequence[Listed], serving: Serving | None, switches: Sequence[Switch]
) -> Listed | None:
    """The candidate that the last job (`job`) brought and compared, if nobody has switched since (newest first)."""
    if job is None or job.ended is None or job.state != "done" or serving is None:
        return None
    if switches and switches[0].at > job.ended:
        return None
    compared = (one for one in models if one.model.against == serving.model and not one.in_service)
    return next((one for one in compared if one.model.name == job.model), None)


def _why_not(model: Model, serving: Serving | None, base: str) -> str | None:
    if serving is not None and model.name == serving.model:
        return "いま使っています。"
    if model.base != base:
        return OTHER_RELEASE
    if serving is not None and model.name == serving.previous:
        # The way back is always open: this model served before.
        return None
    if serving is None or model.summary is None or model.against != serving.model:
        return "いまのモデルとくらべてから、切り替えられます。"
    return FALLS if model.summary["falls"] else None
