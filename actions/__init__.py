"""Custom actions for rasa_sdk: thin; they ask `agency_db` and `bot.safety` and write the reply."""

from actions.courtesy import GoodbyeAction, HumanAction, SmallTalkAction, StartOverAction, ThanksAction
from actions.follow_ups import (
    AffirmAction,
    DenyAction,
    EngawaAction,
    HoursAction,
    OtherWindowsAction,
    PhoneAction,
    PlaceAction,
    SkipAction,
)
from actions.worry import ClarifyAction, CorrectAction, CrisisAction, OutOfScopeAction, RouteAction

ALL = (
    AffirmAction,
    DenyAction,
    SkipAction,
    RouteAction,
    CorrectAction,
    CrisisAction,
    ClarifyAction,
    OutOfScopeAction,
    PhoneAction,
    HoursAction,
    EngawaAction,
    OtherWindowsAction,
    PlaceAction,
    HumanAction,
    StartOverAction,
    ThanksAction,
    GoodbyeAction,
    SmallTalkAction,
)
