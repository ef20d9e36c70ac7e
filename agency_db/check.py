"""Checking the directory: what an operator must mend before residents are sent anywhere (`tsunagu db check`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from agency_db import models
from agency_db.directory import Directory
from agency_db.lookup import AreaScore, Query, look_up
from agency_db.place_names import rows
from agency_db.places import Gazetteer, Place
from agency_db.snapshot import read_directory
from agency_db.terms import DISTRICTS, SHOWN_TO_RESIDENTS, TOKYO

_WITH_SOURCE = (
    (models.Phone, "電話番号"),
    (models.Address, "住所"),
    (models.Schedule, "開いている時間"),
    (models.ServiceAtLocation, "窓口の場所"),
)


def check(engine: Engine) -> list[str]:
    """What is wrong with the directory, one Japanese sentence each; empty when all is well. Never raises."""
    try:
        with Session(engine) as session:
            problems = [*_words(session), *_sources(session)]
        directory = read_directory(engine)
    except (SQLAlchemyError, ValueError) as error:
        kind = type(error).__name__
        return [f"台帳を読めません。先に `tsunagu db init` と `tsunagu db seed` を実行してください({kind})。"]
    return [*problems, *_missing(directory), *_routes(directory), *_answers(directory)]


def _words(session: Session) -> Iterator[str]:
    term = models.TaxonomyTerm
    flags = set(session.scalars(select(term.code).where(term.taxonomy == "condition")))
    route = models.Route
    for area, flag in session.execute(select(route.area, route.condition).where(route.condition.is_not(None))):
        for one in (flag or "").split("+"):
            if one not in flags:
                yield f"案内表「{area}」の条件「{one}」は、条件の一覧にありません。"


def _sources(session: Session) -> Iterator[str]:
    for model, name in _WITH_SOURCE:
        for key, source in session.execute(select(model.id, model.source)):
            if not source.strip():
                yield f"{name}「{key}」の出典がありません。"


def _missing(directory: Directory) -> Iterator[str]:
    for row in rows("windows.csv"):
        if row["id"] not in directory.windows:
            yield f"窓口「{row['name']}」が台帳にないか、使わない設定になっています。"
    for row in rows("areas.csv"):
        if row["id"] not in directory.areas:
            yield f"相談分野「{row['label']}」が台帳にありません。"
    if directory.switchboard is None:
        yield "市役所代表の電話番号が台帳にありません。"
    emergency = directory.windows.get("emergency")
    if emergency is None or not emergency.offices.items:
        yield "緊急の連絡先がひとつも登録されていません。"


def _routes(directory: Directory) -> Iterator[str]:
    for area in directory.areas.values():
        steps = directory.routes.get(area.id, ())
        if not steps:
            yield f"「{area.label}」の案内先がひとつもありません。"
        for step in steps:
            if step.window not in directory.windows:
                yield f"「{area.label}」の案内先「{step.window}」は、使われている窓口ではありません。"


def _answers(directory: Directory) -> Iterator[str]:
    """Every area in every district, as a resident would be answered."""
    gazetteer = Gazetteer.load()
    places: list[Place | None] = [None, *(gazetteer.resolve(f"{district}地区") for district in DISTRICTS)]
    at = datetime.now(TOKYO)
    found: dict[str, None] = {}
    for area in directory.areas.values():
        for place in places:
            query = Query((AreaScore(area.id, 1.0, ()),), at, place)
            try:
                triage = look_up(directory, query)
            except KeyError as error:
                found[f"「{area.label}」を案内するとき、窓口「{error.args[0]}」が見つかりません。"] = None
                continue
            if not triage.windows:
                found[f"「{area.label}」に案内できる窓口がありません。"] = None
            elif directory.windows[triage.windows[0]["id"]].door is not None:
                found[
                    f"「{area.label}」の最初の案内先「{triage.windows[0]['name']}」は、直接は相談できない窓口です。"
                ] = None
            for window in triage.windows:
                if window["phone"] is None:
                    found[f"窓口「{window['name']}」に、出せる電話番号がありません。"] = None
                elif window["trust"] not in SHOWN_TO_RESIDENTS and window["verified_on"] is None:
                    found[f"窓口「{window['name']}」で、確認前の電話番号 {window['phone']} が住民に出ています。"] = None
    yield from found
