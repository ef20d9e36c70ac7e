"""Rasa tokenizer over GiNZA: the words of the message's normal form, with readings and vectors."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT, TEXT_TOKENS
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.text import normalise
from bot.nlu.words import Word, read


class GinzaToken(Token):
    """A Rasa token that carries GiNZA's word."""

    def __init__(self, word: Word) -> None:
        """Offsets count characters of the normal form."""
        super().__init__(word.text, word.start, lemma=word.norm)
        self.word = word

    def fingerprint(self) -> str:
        """The word follows from the text, so the text and its place are enough (hashing vectors took minutes)."""
        return f"{self.start}:{self.text}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class GinzaTokenizer(Tokenizer):
    """Splits messages into GiNZA words."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's tokenizer settings; intents are not split and no pattern is applied."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GinzaTokenizer:
        """See rasa.engine.graph.GraphComponent."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of one attribute of a message."""
        return [GinzaToken(word) for word in read(normalise(message.get(attribute)).text)]


def words_of(message: Message) -> list[Word]:
    """The words that the tokenizer left on a message."""
    return [token.word for token in message.get(TEXT_TOKENS) or []]


def normal_form(message: Message) -> str:
    """The normal form that the words' offsets count in."""
    return normalise(message.get(TEXT) or "").text
