"""`python -m bot.engine.train_process TARGET SOURCE... [--reviewed FILE]`: train one model archive.

Run by `bot.engine.training`. FILE holds the operators' examples, trained on as well; what the model would have said to
them, had it not seen them, is written beside the archive (`bot.engine.out_of_fold`).
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from bot.engine.environment import prepare

prepare()
from rasa.model_training import train
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

from bot.engine.lean_training import make_lean
from bot.engine.out_of_fold import OutOfFold
from bot.engine.training import name_of, out_of_fold


def main() -> int:
    """Train into a temporary folder and move the archive into place, so that a half-written model is never found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=Path)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--reviewed", type=Path)
    options = parser.parse_args()
    target: Path = options.target
    sources = [*options.sources, *([options.reviewed] if options.reviewed else [])]
    make_lean()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s", force=True)
    logging.getLogger("rasa.engine.training.hooks").setLevel(logging.INFO)
    listener = OutOfFold(RasaYAMLReader().read(options.reviewed)) if options.reviewed else None
    if listener is not None:
        listener.listen()
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        threading.Thread(target=_end_with_parent, args=(Path(folder),), daemon=True).start()
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(folder) / "cache")
        result = train(
            domain="domain.yml",
            config="config.yml",
            training_files=[str(source) for source in sources],
            output=folder,
            fixed_model_name=name_of(target),
            force_training=True,
        )
        if result.model is None:
            return 1
        if listener is not None:
            listener.write(out_of_fold(target))
        Path(result.model).replace(target)
    return 0


def _end_with_parent(folder: Path) -> None:
    """Whoever started the training holds our standard input open, and ends it by closing that, or by dying."""
    os.read(0, 1)
    # Not sys.exit: nothing may hold this process up. The folder is removed here, because nobody else will do it.
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
