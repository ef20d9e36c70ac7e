"""Find what identifies a person by digits or by an address: telephones, mail, houses, birth dates, long numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PHONE, MAIL, URL = "〔電話〕", "〔メール〕", "〔URL〕"
ADDRESS, POSTAL, BIRTH, NUMBER = "〔住所〕", "〔郵便番号〕", "〔生年月日〕", "〔番号〕"

_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HYPHEN = r"[-‐‑‒–—―−ーｰ─]"

_URL = re.compile(
    r"(?:https?|ftp)://[!-~]+|\bwww\.[!-~]+|\b[a-z0-9-]{1,63}\.(?:com|net|org|jp|info|me|ly)(?:/[!-~]*)?(?![\w.@])",
    re.I | re.A,
)
_MAIL = re.compile(
    r"[a-z0-9._%+-]{1,64}\s?(?:@|\(at\)|アットマーク|アット)\s?[a-z0-9-]{1,63}(?:\s?(?:\.|ドット)\s?[a-z0-9-]{1,63})+",
    re.I | re.A,
)
_HANDLE = re.compile(r"@[a-z0-9_.]{3,}|(?:ID|アカウント)(?:は|が|:|=)?\s?[a-z0-9_.-]{4,}", re.I | re.A)

_DIGIT_RUN = re.compile(rf"\(?\+?\d(?:[\s().・/の]?{_HYPHEN}?[\s().]?\d){{8,13}}(?!\d)", re.A)
_SHORT_PHONE = re.compile(rf"(?<![\d-])(?:\(\d{{2,4}}\)|\d{{2,4}}{_HYPHEN})\s?\d{{4}}(?!\d|\s?円)", re.A)
_SPOKEN = re.compile(
    r"(?:(?:ゼロ|ぜろ|レイ|れい|マル|まる|イチ|いち|ニー?|にい?|サン|さん|ヨン|よん|ゴー?|ごお?|ロク|ろく|ナナ|なな|ハチ|はち|キュウ|きゅう|の)[\s、・,-]{0,2}){10,}"
)

_POSTAL = re.compile(rf"(?<!\d)(\d{{3}})({_HYPHEN}?\d{{4}})(?!\d)(?!{_HYPHEN}\d)", re.A)
_POSTAL_CUE = re.compile(r"(?:〒|郵便番号(?:は|が|:)?)\s?$")

_ERA = r"(?:昭和|平成|令和|大正|明治|[SHRTM])\s?\.?(?:\d{1,2}|元)"
_DATE = rf"(?:(?:(?:19|20)\d{{2}}|{_ERA})\s?(?:年|[./-])\s?)?\d{{1,2}}\s?(?:月|[./-])\s?\d{{1,2}}日?"
_BIRTH = re.compile(
    rf"(?:(?:生年月日|誕生日|たんじょうび)(?:は|が|:|、)?\s?(?:{_DATE}|(?:19|20)\d{{6}}))|(?:{_DATE}|(?:19|20)\d{{6}})(?=\s?(?:生(?!活|徒)|に?(?:う|産)まれ|が?誕生日))",
    re.A,
)

_BUILDING = (
    r"(?:マンション|アパート|ハイツ|コーポ|荘|メゾン|ハイム|パレス|レジデンス|コート|ヴィラ|ビラ|団地|住宅|"
    r"ビル|ホームズ|タワー|ハウス)"
)
_ROOM = rf"\s?[A-Z]?\d{{1,4}}(?:号棟?室?|{_HYPHEN}\d{{1,4}}(?:{_HYPHEN}\d{{1,4}})?)?(?:号室?)?"
_ADDRESS = re.compile(
    r"(?:"
    # 2丁目3番4号, 1234番地の5
    rf"\d{{1,4}}番地?(?:の?\d{{1,4}}号?|{_HYPHEN}\d{{1,4}})+|\d{{1,5}}番地|"
    # 2-3-4, 2の3の4 (dates and spans of time stay)
    rf"(?<!\d)(?<!\d[-.:/])\d{{1,4}}(?:(?:{_HYPHEN}|の)\d{{1,4}}){{2,3}}(?![\d年月日時分回人歳才円個度件])(?:号室?)?|"
    rf"[一-龠々ァ-ヶA-Za-zー]{{0,15}}{_BUILDING}[一-龠々ァ-ヶA-Za-zー]{{0,10}}の?{_ROOM}(?![\d階年人万円軒戸棟]|世帯)|"
    r"(?<!\d)[A-Z]?\d{1,4}号(?:室|棟)"
    r")",
    re.A,
)
_TWO_NUMBERS = re.compile(rf"\s?\d{{1,4}}(?:{_HYPHEN}|の)\d{{1,4}}(?![\d年月日時分回人歳才円個度件週])", re.A)

_UNIT = (
    r"\s?(?:千|百|万|億)?(?:円|えん|ドル|元|ウォン|ペソ|ポイント|人|名|歩|件|回|度|年|月|日|時|分|秒|歳|才|世帯|軒|冊|枚|個|杯|"
    r"m|km|cm|メートル|キロ|センチ|ミリ|g|kg|mg|グラム|cc|ml|cal|kcal|カロリー|%|パーセント|ページ|系|型)"
)
_LONG_NUMBER = re.compile(rf"(?<![A-Za-z\d])(?:[A-Za-z]{{1,4}}-?)?\d(?:[ ,]?{_HYPHEN}?[ ]?\d){{3,40}}", re.A)
# Words of the field that happen to be numbers.
_TERMS = frozenset({"8050", "7040", "9060", "8020"})
_MONEY_BEFORE = re.compile(r"[¥¥\\]\s?$")
_PLAIN_DATE = re.compile(r"(?:19|20)\d{2}[-./年]\s?\d{1,2}(?:[-./月]\s?\d{1,2})?日?|\d{1,2}[:：]\d{2}", re.A)
_AMOUNT_AFTER = re.compile(_UNIT, re.I)
_KANJI_RUN = re.compile(r"[〇零一二三四五六七八九]{5,}")


def find(text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """(start, end, token); what comes first wins where two overlap. `text`: NFKC, positions as written."""
    digits = text.translate(_KANJI_DIGITS)
    yield from ((*match.span(), MAIL) for match in _MAIL.finditer(text))
    yield from ((*match.span(), URL) for match in _URL.finditer(text))
    yield from ((*match.span(), NUMBER) for match in _HANDLE.finditer(text))
    yield from ((*match.span(), BIRTH) for match in _BIRTH.finditer(digits))
    yield from _phones(text, digits)
    yield from _postal_codes(digits)
    yield from ((*match.span(), ADDRESS) for match in _ADDRESS.finditer(text))
    yield from _house_numbers(text, places)
    yield from _long_numbers(text)


def _phones(text: str, digits: str) -> Iterator[tuple[int, int, str]]:
    for match in _DIGIT_RUN.finditer(digits):
        plain = re.sub(r"\D", "", match.group())
        if (
            match.group().startswith(("+", "(+"))
            or (plain[0] == "0" and 9 <= len(plain) <= 11)
            or plain.startswith("81")
        ):
            yield *match.span(), PHONE
    yield from ((*match.span(), PHONE) for match in _SPOKEN.finditer(text))
    for match in _SHORT_PHONE.finditer(text):
        if re.search(
            r"(?:電話|でんわ|TEL|tel|Tel|携帯|番号|FAX|☎|📞)\D{0,6}$", text[max(0, match.start() - 12) : match.start()]
        ):
            yield *match.span(), PHONE


def _postal_codes(digits: str) -> Iterator[tuple[int, int, str]]:
    """The first three digits stay: they tell the district and no more."""
    for match in _POSTAL.finditer(digits):
        cue = _POSTAL_CUE.search(digits, max(0, match.start() - 8), match.start())
        if cue or (match[1] in ("251", "252") and len(match[2]) == 5):
            yield *match.span(2), POSTAL


def _house_numbers(text: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """Two numbers right after a town (湘南台2-3), which elsewhere would be a span of time or a score."""
    for start, end in places:
        # A place word may itself run on into the numbers.
        name = re.match(r"[^\d]*(?:\d{1,2}丁目)?", text[start:end], re.A)
        after = start + (name.end() if name else 0)
        if match := _TWO_NUMBERS.match(text, after):
            yield *match.span(), ADDRESS
    for match in re.finditer(rf"丁目\s?(\d{{1,4}}(?:{_HYPHEN}\d{{1,4}})*)", text, re.A):
        yield *match.span(1), ADDRESS


def _long_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    kept = [match.span() for match in _PLAIN_DATE.finditer(text)]
    dates = bytearray(len(text) + 1)
    for start, end in kept:
        dates[start:end] = b"\x01" * (end - start)
    for match in _LONG_NUMBER.finditer(text):
        start, end = match.span()
        if (
            match.group() in _TERMS
            or any(dates[start:end])
            or _AMOUNT_AFTER.match(text, end)
            or _MONEY_BEFORE.search(text, max(0, start - 2), start)
        ):
            continue
        yield start, end, NUMBER
    for match in _KANJI_RUN.finditer(text):
        if not _AMOUNT_AFTER.match(text, match.end()):
            yield *match.span(), NUMBER
