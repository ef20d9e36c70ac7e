"""Training texts in kana for `finetune.py --kana`: run in the product's own environment (it reads with GiNZA).

.venv/bin/python -m benchmarks.encoder.kana_pairs data/nlu kana.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import yaml

from bot.nlu.encoder import prepare
from bot.nlu.words import Word, read

_KANJI = re.compile(r"[一-鿿々]")
_HIRAGANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}


def in_kana(words: list[Word]) -> str:
    """Words with kanji as their reading in hiragana, all others as they are."""
    return "".join(
        word.reading.translate(_HIRAGANA) if _KANJI.search(word.text) and word.reading != "キゴウ" else word.text
        for word in words
    )


def main(folder: Path, target: Path) -> None:
    """Write the pairs of every example whose kana differs."""
    pairs: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for example in block["examples"] if not isinstance(block["examples"], str) else []:
                text = prepare(example["text"])
                kana = in_kana(read(text.lower()))
                if kana != text:
                    pairs[text] = kana
    target.write_text(json.dumps(list(pairs.items()), ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
