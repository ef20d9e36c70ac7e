"""`python -m bot.engine.train_process TARGET`: train one model archive; run by `bot.engine.training`."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

from bot.engine.environment import prepare

prepare()
# Nothing is cached between trainings: the whole training takes less time than checking what could be reused.
os.environ["RASA_MAX_CACHE_SIZE"] = "0"

from rasa.model_training import train  # noqa: E402 - the environment comes first
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader  # noqa: E402


def main() -> int:
    """Train into a temporary folder and move the archive into place, so that a half-written model is never found."""
    target = Path(sys.argv[1])
    # Rasa parses each file a second time to check its schema; the tests do that by `rasa data validate`.
    RasaYAMLReader.validate = lambda self, string: None  # type: ignore[method-assign]
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s", force=True)
    logging.getLogger("rasa.engine.training.hooks").setLevel(logging.INFO)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(folder) / "cache")
        result = train(
            domain="domain.yml",
            config="config.yml",
            training_files=["data"],
            output=folder,
            fixed_model_name=target.name.removesuffix(".tar.gz"),
            force_training=True,
        )
        if result.model is None:
            return 1
        Path(result.model).replace(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
