"""The application's resources by name: what handlers may reach for, with its type."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Engine

from agency_db.places import Gazetteer
from bot.engine.client import EngineClient
from bot.learning.service import ModelService
from bot.logbook.store import Logbook
from bot.settings import Settings
from bot.staff.register import StaffRegister
from bot.web.assets import Assets
from bot.web.conversations import Conversations
from bot.web.limits import TokenBuckets

SETTINGS = web.AppKey("settings", Settings)
ENGINE = web.AppKey("engine", EngineClient)
LOGBOOK = web.AppKey("logbook", Logbook)
DIRECTORY = web.AppKey("directory", Engine)
GAZETTEER = web.AppKey("gazetteer", Gazetteer)
CONVERSATIONS = web.AppKey("conversations", Conversations)
LIMITER = web.AppKey("limiter", TokenBuckets)
ASSETS = web.AppKey("assets", Assets)
STAFF = web.AppKey("staff", StaffRegister)
MODELS = web.AppKey("models", ModelService)
