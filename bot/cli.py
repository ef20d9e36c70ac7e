"""The `tsunagu` command."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from bot.settings import PROJECT, Settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"わからない指定です: {' '.join(rest)}")
    try:
        settings = Settings.from_environment(data=options.data, port=getattr(options, "port", None))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    # The actions find the directory by this variable, in whichever process they run.
    os.environ["TSUNAGU_DIRECTORY_URL"] = settings.directory_url
    os.chdir(PROJECT)
    match options.command:
        case "up":
            from bot.commands.up import up

            return asyncio.run(up(settings))
        case "test":
            return _test(rest)
        case "train":
            from bot.commands.train import train

            return train(settings)
        case "triage" | "converse":
            from bot.commands.batch import converse, triage

            return asyncio.run((triage if options.command == "triage" else converse)(settings, options.jsonl))
        case "evaluate":
            from bot.commands.evaluate import evaluate

            return asyncio.run(evaluate(settings, options))
        case "user":
            from bot.commands.user import user

            return user(settings, options)
        case "backup" | "restore":
            from bot.commands.backup import backup, restore

            return (backup if options.command == "backup" else restore)(settings, options)
        case "expire":
            from bot.commands.expire import expire

            return expire(settings, options)
        case _:
            from bot.commands.db import db

            return db(settings, options.task)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tsunagu", description="つなぐ:困りごとを、藤沢市の相談窓口へ。")
    parser.add_argument("--data", type=Path, default=None, help="データを置くフォルダ(環境変数 TSUNAGU_DATA)")
    # `--data` may stand before or behind the command.
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", required=True, metavar="コマンド")
    up = commands.add_parser("up", parents=[shared], help="すべてを動かす(データベースと学習も、なければ用意する)")
    up.add_argument("--port", type=int, default=None, help="ポート番号(環境変数 TSUNAGU_PORT、はじめは 8100)")
    commands.add_parser("test", parents=[shared], help="すべてのテスト(うしろに pytest の指定を書ける)")
    commands.add_parser("train", parents=[shared], help="いまのデータで学習する")
    for name, text in (("triage", "1行ずつ相談分野と窓口を答える"), ("converse", "会話を答える")):
        batch = commands.add_parser(name, parents=[shared], help=text)
        batch.add_argument("--jsonl", type=Path, default=None, help="JSON Lines のファイル(なければ標準入力)")
    _evaluate(commands.add_parser("evaluate", parents=[shared], help="学習に使っていない文で、モデルの良さを測る"))
    db = commands.add_parser("db", parents=[shared], help="窓口のデータベース")
    db.add_argument("task", choices=["init", "seed", "check"], help="表を作る・はじめの値を入れる・確かめる")
    users = commands.add_parser("user", parents=[shared], help="職員のアカウント")
    _user_tasks(users, shared)
    _keeping(commands, shared)
    return parser


def _keeping(commands: Any, shared: argparse.ArgumentParser) -> None:
    for name, text in (("backup", "すべての控えを1つのファイルに取る"), ("restore", "控えから戻す(先に止めておく)")):
        keeping = commands.add_parser(name, parents=[shared], help=text)
        keeping.add_argument("file", type=Path, metavar="FILE", help="控えのファイル(.tar.gz)")
        if name == "restore":
            keeping.add_argument("--force", action="store_true", help="いまあるデータを捨てて戻す")
    expire = commands.add_parser("expire", parents=[shared], help="残す日数(TSUNAGU_KEEP_DAYS)を過ぎた会話を消す")
    expire.add_argument("--dry-run", action="store_true", help="何が消えるかを見るだけで、消さない")


def _evaluate(parser: argparse.ArgumentParser) -> None:
    archive = "モデル.tar.gz"
    parser.add_argument("--model", type=Path, metavar=archive, help="測るモデル(なければ、いまのデータに合うモデル)")
    parser.add_argument(
        "--against", type=Path, metavar=archive, help="くらべる相手(いま使っているモデル)。変わったところだけを出す"
    )
    parser.add_argument(
        "--set",
        choices=["descriptions", "posts", "crisis", "places", "conversations", "all"],
        default="all",
        help="使う文(conversations は会話。くらべる相手とは別に測る)",
    )
    parser.add_argument("--html", type=Path, metavar="ファイル", help="図のついた報告を1つの HTML に書く")
    parser.add_argument("--json", type=Path, metavar="ファイル", help="数字を JSON に書く")
    parser.add_argument("--errors", action="store_true", help="まちがえた文も出す(見た文は、もう測るのに使えません)")


def _user_tasks(users: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    tasks = users.add_subparsers(dest="task", required=True, metavar="作業")
    tasks.add_parser("list", parents=[shared], help="一覧")
    for name, text in (
        ("add", "加える(パスワードは画面でたずねます)"),
        ("password", "パスワードを新しくする"),
        ("disable", "使えなくする"),
    ):
        task = tasks.add_parser(name, parents=[shared], help=text)
        task.add_argument("name", metavar="NAME", help="サインインの名前")
        if name == "add":
            task.add_argument(
                "--role", required=True, choices=["staff", "operator", "admin"], help="窓口・運用・管理者"
            )
            task.add_argument("--display-name", default="", help="ほかの職員に見える名前")
        if name != "disable":
            task.add_argument("--password-stdin", action="store_true", help="パスワードを標準入力の1行目から読む")


def _test(arguments: list[str]) -> int:
    try:
        import pytest
    except ImportError:
        print("テストに必要なものがありません。./tsunagu test で動かしてください。", file=sys.stderr)
        return 2
    return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
