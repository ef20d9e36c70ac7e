"""What must be set before Rasa or TensorFlow is imported, in every process that imports them."""

from __future__ import annotations

import logging
import os
import warnings

_SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "MPLBACKEND": "Agg",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_NO_UVLOOP": "true",
}


def prepare() -> None:
    """Set the environment, and keep Rasa's debug log (it prints residents' texts) and its deprecation noise quiet."""
    os.environ.update(_SETTINGS)
    warnings.filterwarnings("ignore")
    logging.getLogger().setLevel(logging.WARNING)
    for name in ("rasa", "rasa_sdk", "matplotlib", "tensorflow", "asyncio"):
        logging.getLogger(name).setLevel(logging.ERROR)
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
