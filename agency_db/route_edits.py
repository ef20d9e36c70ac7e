"""Operators arrange the windows of an area: checked, kept as versions with who and why, undone by an older version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from agency_db.directory import Directory, Step
from agency_db.models import Revision, Route, RouteVersion, TaxonomyTerm
from agency_db.session import DirectorySession
from agency_db.tables import aware

#: Who, for what came with the product.
PACKAGED: Final = "-"
MOST_STEPS: Final = 15
_LONGEST_REASON: Final = 80
_LONGEST_WHY: Final = 200
_SOURCE: Final = "運用担当の編集"
_NEVER: Final = frozenset({"emergency"})


class RouteRefused(ValueError):
    """The message is Japanese and plain."""


class RouteChanged(Exception):
    """Somebody else saved this area since it was opened."""


@dataclass(frozen=True, slots=True)
class Version:
    """`number` counts from 0 (as packaged) within the area."""

    number: int
    at: datetime
    who: str
    reason: str
    steps: tuple[Step, ...]


def history(engine: Engine, area: str) -> list[Version]:
    """The versions of an area, newest first; empty while nobody changed it. Raises sqlalchemy.exc.SQLAlchemyError."""
    query = select(RouteVersion).where(RouteVersion.area == area).order_by(RouteVersion.number.desc())
    with Session(engine) as session:
        return [_version(row) for row in session.scalars(query)]


def checked(directory: Directory, area: str, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The rows as they may be saved. Raises RouteRefused with the reason in plain words."""
    if area not in directory.areas:
        raise RouteRefused("この分野は登録されていません。")
    if not steps:
        raise RouteRefused("案内先が1つもありません。だれも追い返さないように、1つは残してください。")
    if len(steps) > MOST_STEPS:
        raise RouteRefused(f"案内先は {MOST_STEPS} までにしてください。")
    seen: set[tuple[str, str | None]] = set()
    for step in steps:
        window = directory.windows.get(step.window)
        if window is None or step.window in _NEVER:
            raise RouteRefused("使われていない窓口が入っています。")
        flags = step.condition.split("+") if step.condition else []
        if not set(flags) <= directory.conditions.keys() or len(set(flags)) != len(flags):
            raise RouteRefused(f"「{window.short_name}」の条件がわかりません。")
        if (step.window, step.condition) in seen:
            raise RouteRefused(f"「{window.short_name}」が、同じ条件で2回あります。")
        if len(step.reason) > _LONGEST_REASON:
            raise RouteRefused(f"「{window.short_name}」の説明は {_LONGEST_REASON} 文字までにしてください。")
        seen.add((step.window, step.condition))
    had_general = any(step.condition is None for step in directory.routes.get(area, ()))
    if had_general and all(step.condition for step in steps):
        raise RouteRefused("「いつでも」の案内先を、1つは残してください。条件に合わない人が、行き先をなくします。")
    return tuple(replace(step, lead=step.lead and step.condition is not None) for step in steps)


def with_steps(directory: Directory, area: str, steps: Sequence[Step]) -> Directory:
    """The directory as it would be with these rows."""
    return replace(directory, routes={**directory.routes, area: tuple(steps)})


def save(engine: Engine, area: str, steps: Sequence[Step], *, who: str, why: str, based_on: int) -> Version:
    """Make these rows (`checked`) the area's own; every reader sees them within a second.

    `based_on`: number of the version that was edited (0: as packaged). Raises RouteRefused without a reason why,
    RouteChanged when there is a newer version, sqlalchemy.exc.SQLAlchemyError.
    """
    why = why.strip()
    if not why or len(why) > _LONGEST_WHY:
        raise RouteRefused(f"変えるわけを、{_LONGEST_WHY} 文字までで書いてください。")
    with DirectorySession(engine) as session, session.begin():
        # Locks the row, so that of two who save at once the second one is told.
        session.execute(select(Revision).with_for_update())
        newest = session.scalar(select(func.max(RouteVersion.number)).where(RouteVersion.area == area))
        if (newest or 0) != based_on:
            raise RouteChanged(area)
        present = list(session.scalars(select(Route).where(Route.area == area).order_by(Route.position, Route.id)))
        now = datetime.now(UTC)
        if newest is None:
            before = [Step(row.service_id, row.condition, row.lead, row.reason) for row in present]
            session.add(_row(area, Version(0, now, PACKAGED, "はじめの案内", tuple(before))))
        version = Version(based_on + 1, now, who, why, tuple(steps))
        session.add(_row(area, version))
        names = {t.code: t.name for t in session.scalars(select(TaxonomyTerm).filter_by(taxonomy="condition"))}
        for row in present:
            session.delete(row)
        session.flush()
        for position, step in enumerate(steps):
            session.add(_route(area, step, position, names))
    return version


def _route(area: str, step: Step, position: int, names: dict[str, str]) -> Route:
    flags = step.condition.split("+") if step.condition else []
    return Route(
        # The id that the seed gives as well: it finds its own row and leaves it alone.
        id=f"{area}.{step.window}.{step.condition or 'always'}"[:96],
        area=area,
        service_id=step.window,
        condition=step.condition,
        condition_text="・".join(names.get(flag, flag) for flag in flags),
        lead=step.lead,
        reason=step.reason,
        position=position,
        source=_SOURCE,
        source_date=datetime.now(UTC).date().isoformat(),
        trust="A",
    )


def _row(area: str, version: Version) -> RouteVersion:
    steps: list[dict[str, Any]] = [asdict(step) for step in version.steps]
    return RouteVersion(
        area=area, number=version.number, at=version.at, who=version.who, reason=version.reason, steps=steps
    )


def _version(row: RouteVersion) -> Version:
    return Version(row.number, aware(row.at), row.who, row.reason, tuple(Step(**step) for step in row.steps))
