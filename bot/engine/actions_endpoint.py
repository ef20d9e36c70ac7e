"""Custom actions run in the engine's own process: no action server, no open port, no JSON over HTTP."""

from __future__ import annotations

import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

import actions

JSON = dict[str, Any]


class InProcessActions(EndpointConfig):
    """An action endpoint that calls rasa_sdk's executor instead of a server."""

    def __init__(self) -> None:
        """Register every action of the `actions` package."""
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        for action in actions.ALL:
            self._executor.register_action(action)

    async def request(self, *args: Any, **kwargs: Any) -> JSON | None:
        """Run one action call (Rasa passes it as `json`); a rejection becomes the 400 that Rasa expects."""
        try:
            result: JSON | None = await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            body = json.dumps({"action_name": rejection.action_name, "error": str(rejection)})
            raise ClientResponseError(400, "rejected", body) from rejection
        return result
