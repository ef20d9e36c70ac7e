"""`tsunagu backup FILE` and `tsunagu restore FILE`."""

from __future__ import annotations

import argparse
import socket
import sys

from sqlalchemy.exc import SQLAlchemyError

from bot.commands.db import prepare_databases
from bot.commands.expire import take_away
from bot.keeping.backup import back_up
from bot.keeping.restore import CannotRestore
from bot.keeping.restore import restore as put_back
from bot.settings import Settings


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Write a backup; 1 with the reason on standard error when it cannot be written."""
    try:
        manifest = back_up(settings.data, settings.directory_url, settings.log_url, options.file.absolute())
    except FileExistsError:
        print(f"もう同じ名前のファイルがあります: {options.file}", file=sys.stderr)
        return 1
    except (OSError, SQLAlchemyError) as error:
        print(f"控えを取れませんでした（{type(error).__name__}）: {options.file}", file=sys.stderr)
        return 1
    rows = sum(manifest["rows"].values())
    size = options.file.stat().st_size / 1_000_000
    print(f"控えを取りました: {options.file}（{rows} 行、ファイル {len(manifest['files'])}、{size:.1f} MB）")
    print("会話と、パスワードのもとになる値が入っています。人に渡さず、鍵のかかる所に置いてください。")
    return 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Put a backup back, and take away at once what has expired since; 1 with the reason when it is refused."""
    if _running(settings):
        print("つなぐが動いています。止めてから、もう一度ためしてください。", file=sys.stderr)
        return 1
    try:
        manifest = put_back(options.file, settings.data, settings.directory_url, settings.log_url, force=options.force)
    except CannotRestore as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except (OSError, ValueError, SQLAlchemyError) as error:
        print(f"控えを戻せませんでした（{type(error).__name__}）。", file=sys.stderr)
        return 1
    prepare_databases(settings)
    gone = take_away(settings)
    print(f"控えを戻しました（{manifest['made'][:10]} に取ったもの、{sum(manifest['rows'].values())} 行）。")
    if sum(gone.values()):
        print(f"残す日数を過ぎた会話 {gone['会話']} 件は、消しました。")
    print("控えのあとで、頼まれて消した会話があれば、もう一度消してください。")
    return 0


def _running(settings: Settings) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.settimeout(1)
        return probe.connect_ex((settings.host, settings.port)) == 0
