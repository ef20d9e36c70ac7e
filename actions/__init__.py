"""Custom actions for rasa_sdk: thin; they ask `agency_db` and `bot.safety` and write the reply."""

from actions.courtesy import GoodbyeAction, HumanAction, SmallTalkAction, StartOverAction, ThanksAction
from actions.follow_ups import (
    ConfirmPlaceAction,
    EngawaAction,
    HoursAction,
    OtherWindowsAction,
    PhoneAction,
    PlaceAction,
    SkipPlaceAction,
)
from actions.worry import ClarifyAction, CorrectAction, CrisisAction, OutOfScopeAction, RouteAction

ALL = (
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
    ConfirmPlaceAction,
    SkipPlaceAction,
    HumanAction,
    StartOverAction,
    ThanksAction,
    GoodbyeAction,
    SmallTalkAction,
)
