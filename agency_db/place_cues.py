"""What stands around a name: whether it is a place at all, and whose place it is.

Every rule looks at a bounded window of characters before or after the name, so reading stays linear in the text.
"""

from __future__ import annotations

import re

WINDOW = 28

_PERSON = (
    r"(?:(?:高齢|年老い|80代|90代|70代|一人暮らし|ひとり暮らし|独居)の?た?)?(?:お|ご)?"
    r"(?:母|父|両親|親|祖父|祖母|義|兄|姉|弟|妹|娘|息子|長男|長女|次男|次女|子ども|子供|こども|孫|夫|妻|主人|家内|旦那|"
    r"彼女|彼氏|友人|友達|友だち|ともだち|知人|知り合い|隣|叔父|叔母|伯父|伯母|おじ|おば|いとこ|甥|姪|家族|"
    r"はは|ちち|かあさん|とうさん|ばあ|じい|おっと|つま|むすめ|むすこ|[ァ-ヶ]{2,6}さん|[一-龥]{1,3}さん)"
)
_LIVE = (
    r"(?:住|すん|すむ|すま|暮ら|くら|いる|い(?:ます|て)|おり|おる|越|引っ?越|ひっこ|転居|戻|帰|家|実家|自宅|ある|あり)"
)

#: Right after a name, these make it a person or another thing.
_NOT_A_PLACE = re.compile(
    r"(?:さん(?!ぽ|か(?!ら)|歩|ざ)|さま|様(?!子)|先生|先輩|後輩|医師|ドクター|君(?!津)|くん|ちゃん|氏(?!名)|課長|部長|係長|主任|"
    r"社長|店長|院長|所長|会長|班長|教授|コーチ|監督|議員|選手|アナ|弁護士|看護師|ヘルパー|ケアマネ|"
    r"と申し|といいます|と言います|です」?。?と(?:名乗|言|いう)|と名乗|[っと](?:て|ていう|いう|かいう)(?:者|もの|名|人|方|男|女|子|奴|やつ|苗字)|"
    r"家の人|一家|夫妻|夫婦|夫人|一族|姓|の(?:奴|やつ|野郎|おばさん|おじさん|奥さん|旦那さん|ご主人|せいで)|"
    r"[一-龥]{1,3}(?:さん|先生|ちゃん|くん)の?(?:本|こと|ドラマ|ファン)|\s?-?(?:san|sensei|kun|chan)(?![a-z])|"
    r"時代|維新|生まれ|大学|乳業|安田|生命|神宮|天皇|を積|県|区(?!画|長)|[都府](?=立|庁|民|内|下)|銀行|信用金庫)"
)
#: Right after a name, what only a person does, or what is only done to a person.
_ACTS = re.compile(
    r"(?:が|に|から|も|は|を)(?:また|毎日|いつも|急に|すぐ|お金を|金を)?"
    r"(?:殴|なぐ|叩|たた|蹴|怒|どな|叱|しか[らり]|いじめ|騙|だまさ|脅|おど|責め|貸し|借り|嫌わ|嫌い|怖|こわ|うるさ|しつこ|無視|"
    r"言(?:わ|い|っ)|いわれ|相談|電話(?:し|が)|帰ってこ|休ん|倒れて|私の|勧め)"
)
#: Before a name: whose name it is.
_CALLED_BEFORE = re.compile(
    r"(?:(?:名前|名字|苗字|みょうじ|旧姓|姓)(?:は|が|も|を)|"
    r"(?:上司|担任|同僚|先輩|後輩|部下|隣|となり|ヘルパー|ケアマネ|看護師|医師|主治医|社長|店長|担当|大家|同級生|係|夫|妻|彼氏?|彼女|主人|旦那)の)$"
)
#: Longer words that hold a town's name by chance: what stands right before and right after.
_WORDS = {
    "長後": (re.compile(r"[成延社会部課校院所団班身助店座]$"), re.compile(r"[援任ろ半期悔遺輩続]")),
    "善行": (
        re.compile(r"[改慈最]$"),
        re.compile(r"[動為事政]|を(?!経|通|離)|は(?:大|良|必|自分|人|いつか|報)|賞|って(?:何|なに|どう)|とは"),
    ),
    "六会": (re.compile(r"第$"), re.compile(r"[場議期員]")),
    "西富": (re.compile(r"関$"), re.compile(r"[士岡]")),
    "用田": (re.compile(r"[費専活利使]$"), re.compile(r"(?!)")),
    "円行": (re.compile(r"[\d千万百]$"), re.compile(r"(?!)")),
}
#: Right after a name that is also a family name or a word, one of these says that it is a place.
_CUE_AFTER = re.compile(
    rf"(?:に(?:ずっと|長く|長年|昔から|もう|今も?|いまも?|一人で|ひとりで|独りで|(?:夫|妻|家族|子ども|母|父)と|約?\d{{1,2}}年(?:以上|ほど|くらい)?も?)*{_LIVE}|"
    rf"には?{_PERSON}[^。、]{{0,8}}?(?:住|暮ら|い(?:る|ます|て))|在住|ざいじゅう|"
    r"の[^。、の]{1,10}(?:に|で)(?:住|暮ら|すん|すむ)|の[^。、の]{1,8}の(?:裏|そば|近く|隣|前|家)(?:の|に|で|です)|"
    r"の(?:実の)?(?:義?母|義?父|両親|義両親|祖父母|祖母|祖父|おばあ|おじい|ばあ|じい|伯父|叔父|伯母|叔母|お[じば](?!さん)|姉|妹|兄|弟)(?!親|さんに|に(?:怒|言|い))|らへん|ら辺|あたり|辺り|"
    r"の(?:近所|UR|都市公団|公団|畑|田んぼ|実家|自宅|家|団地|アパート|マンション|借家|公営|市営|県営|近く|ちかく|そば|方(?!が|は|に(?:言|聞))|ほう(?!が)|"
    r"あたり|辺り?|住宅|一軒家|戸建|バス停|交差点|郵便局|坂|公園|交番|スーパー|町内|自治会|地域)|"
    r"地区|ちく|地域|丁目|ちょうめ|番地|駅|えき|市民センター|公民館|団地|小学校|中学校|[小中](?=[のに区へもで]|学区|まで)|町内会|自治会|周辺|方面|付近|界隈|"
    rf"で(?:一人|ひとり|独|暮ら|くら|生活|子育て|介護|生まれ育|育|農業|畑|{_PERSON}(?:を|の|と))|が最寄|なん(?:です|だ)[けが]|"
    r"から(?=(?:近|バス|車|徒歩|歩|電車|自転車|通|遠|離|引っ?越|越|来|出て|市役所))|"
    r"民$|\d{1,4}(?:番|-\d))"
)
_CUE_BEFORE = re.compile(
    r"(?:藤沢市の?|藤沢の|今は|いまは|現在は|住所は|住まいは|すまいは|住んでいるのは|住んでるのは|場所は|地区は|家は|自宅は|実家は|実家が|最寄りは|"
    r"町名は|町は|住所：|住所:|お?住まい:|在住は|最寄り駅は|江ノ電の|小田急の|"
    r"(?:実家|自宅|住まい|家|住所)[(（:：「]|live in|living in)\s?$"
)
#: 「母は大庭、私は東京」: two people and where each lives.
_OF_EACH_BEFORE = re.compile(rf"(?:{_PERSON}|私|わたし|僕|俺|自分)は$")
_OF_EACH_AFTER = re.compile(r"、[^。、]{1,4}は")
_ANSWER = re.compile(
    r"^(?:です|だよ|だ|かな|になります|のほうです|の方です|なんですが|ですけど|ですが|でした)?[。.!、\s]*$"
)
_OTHER_TOWN_BEFORE = re.compile(r"(?:(?<!藤沢)市|県|区|(?<=[一-龥])郡)の?$")
_KANJI_BEFORE = re.compile(r"[一-龥]$")

#: A reading in kana is a place only between word boundaries.
_KANA_BEFORE = re.compile(r"(?:^|[^ぁ-ゖー]|[はがのにをでともや、。]|いま|わたし|ふじさわし|ふじさわしの)$")
_KANA_AFTER = re.compile(
    r"(?:に(?!く)|で|の|から|ちく|地区|えき|駅|だんち|団地|です|だよ|な(?:ん|の)|ざい|在|らへん|あたり|ちかく|ほうめん|へん|しみん|市民|"
    r"こうみんかん|公民|しょうがっこう|ちゅうがっこう|ちょうめ|丁目|[一二三四五六七八九十]{1,2}(?:ちょうめ|丁目)|\d|[、。,.!?()「」\s]|$)"
)
_KANA_STRONG = re.compile(
    rf"(?:[\d一二三四五六七八九十]{{1,2}}(?:ちょうめ|丁目)|に(?:す[むん]|住|い(?:ます|る)|{_PERSON})|の(?:だんち|団地|いえ|うち|じっか|実家|ちかく|近く|あたり|ほう(?!が))|ちく|地区|えき|ちょうめ|丁目|"
    r"ざいじゅう|在住|しみんせんたー|市民センター|で(?:ひとり|一人|く?らし))"
)

_NEAR = re.compile(
    r"(?:の(?:近く|ちかく|近所|そば|裏|うら|前|まえ|あたり|辺|へん|周り|まわり|隣|となり|すぐ|裏手|真裏|門前|正面|目の前|真ん前|真向かい|向かい|脇|わき|横|下|上|ほう(?!が|は|から)|方(?!が|は|から|に(?:言|聞)))|"
    r"近く|ちかく|付近|周辺|から(?:徒歩|歩|すぐ|近)|まで(?:徒歩|歩)|に住|が(?:近|最寄)|在住|の団地)"
)
_NEGATED = re.compile(r"(?:地区|の(?:方|ほう|こと))?(?:じゃ(?:な|あり)|では?(?:な[いくか]|ありません))")
_LEFT = re.compile(
    r"(?:から(?:[^。、]{0,8})(?:引っ?越|ひっこし|越して|転居|移っ|移り)|に(?:以前|昔|前に)?住んでい?ま?した|に(?:以前|昔|前)|に住んで(?:い)?(?:た|まし)|にいました|にいた(?:けど|んです|が|の)|に(?:住んで)?いた時)"
)
_ELSEWHERE = re.compile(
    r"(?:(?:の|にある|で)?(?:職場|会社|勤務先|勤め|バイト先|病院|クリニック|医院|診療所|歯医者|歯科|眼科|内科|整形外科|皮膚科|耳鼻科|美容院|美容室|"
    r"店(?!をし|をや|を営)|事務所|働|勤務|仕事|パート|入院|講演|イベント|用事|買い物|花火|海岸で|高校|大学|病院で)|"
    r"の[^。、のに]{1,12}で(?:働|勤|パート|アルバイト|バイト)|で[^。、]{0,8}の(?:パート|アルバイト|バイト|仕事)|"
    r"で(?:電車|バス|花火|海水浴|釣り|[^。、]{0,4}(?:降り(?!てすぐ|て歩|て徒歩|て\d)|乗り換え|泳|遊ん|遊び|観光|待ち合わせ|見かけ|落とし|買っ|飲ん|食べ))|"
    r"(?:方面)?(?:行きの|行きに|発の|止まり|経由)|(?:に|へ)(?:遊び|観光|釣り|買い物|出かけ)|"
    r"(?:に|へ|まで)(?:通勤|勤め|通院|出勤|働き)|(?:前|のホーム|の改札|の階段)?で(?:パニック|痴漢|絡まれ|からまれ)|のホーム|の改札)"
)
_SCHOOL_OF_CHILD = re.compile(
    r"(?:校?区|の?(?:学区|校区|通学区)|に(?:通|かよ|行け|行か|行き|入|転校|在籍)|へ(?:通|行)|の(?:\d年|[一二三四五六]年|生徒|児童|特別支援|PTA))"
)
_MOVED_FROM_BEFORE = re.compile(
    r"(?:(?<![のすく])前は|以前は|元々は?|もともとは?|もとは|昔は|(?:去年|先月|昨年|最近|この間|こないだ)まで(?:は|ずっと)?)[^。、]{0,4}$"
)

_THEIRS_AFTER = re.compile(
    rf"(?:地区|\d?丁目)?(?:の?(?:近く|あたり|方|ほう))?"
    rf"(?:(?:に|で)(?:ひとりで|一人で|独りで|ずっと)?(?:住む|住んで(?:い)?る|住んでいらっしゃる|暮らす|暮らして(?:い)?る|暮らしの|くらす|くらして(?:い)?る|"
    rf"いる|すむ|すんで(?:い)?る|おる|生活(?:する|している))|在住の|の|にある)(?:\d{{1,3}}[代歳才]?の)?{_PERSON}"
)
_THEIRS_WEAK_AFTER = re.compile(
    r"(?:地区|の方|のほう)?(?:で(?:一人|ひとり|独り|独居)|の実家|に一人|にひとり|に独り|(?:に|で)[^。、]{0,6}(?:一人|ひとり|独り)(?:暮|ぐ|で))"
)
_THEIRS_BEFORE = re.compile(
    rf"{_PERSON}(?:さん|たち|ちゃん|方)?(?:の(?:家|実家|住まい|住所|ところ))?(?:は|が|も|って|、|の(?:方|ほう)は)?[^。!?\n、]{{0,9}}$"
)
_HOME_BEFORE = re.compile(r"実家(?:は|が|も)?[^。!?\n、]{0,6}$")
_MINE_BEFORE = re.compile(
    r"(?:私|わたし|あたし|僕|ぼく|俺|おれ|自分|当方|こちら|うち|我が家)(?:自身|たち|の(?:家|住まい))?(?:は|も|が)?[^。!?\n、]{0,9}$"
)
_MINE_AFTER = re.compile(
    r"(?:地区)?(?:に住む|に住んで(?:い)?る|在住の|に暮らす|で暮らす)(?:私|わたし|僕|俺|自分|者|もの|[2-6]\d[代歳]の?(?:主婦|会社員|女|男))"
)

_OTHER_CITY_HOME = re.compile(
    rf"(?:市|町)?(?:内)?(?:の?(?:方|ほう|近く))?(?:に(?:住|すん|すむ|暮ら|い(?:る|ます|て)|引っ越し(?:た|ま)|ある実家|一人|ひとり)|在住|"
    rf"で(?:一人|ひとり|独|[^。、]{{0,8}}(?:暮ら|生活))|の(?:実家|自宅|{_PERSON}|民生委員|[^。、]{{0,6}}相談)|市?民(?:です|なの|の)|の(?:者|もの|住民)(?:です|なの|が)|(?:区|市)?役所|の(?:介護|保育|窓口|福祉|人)|"
    rf"(?:です|だ|なの|でして)(?:[がけ、。\s]|$))"
)
_OTHER_CITY_THEIRS = re.compile(r"^(?:[、。でに]|$)")
_READING_IN_BRACKETS = re.compile(r"^\([ぁ-ゖァ-ヶー]{1,9}\)")


def is_word(target: str, before: str, after: str) -> bool:
    """True when the town's name is a part of a longer word (「延長後」「改善行動」「第六会場」)."""
    if target not in _WORDS:
        return False
    leads, follows = _WORDS[target]
    return leads.search(before) is not None or follows.match(after) is not None


def is_named(before: str, after: str) -> bool:
    """True when what stands before makes the name a person's (「上司の村岡」「旧姓は片瀬」)."""
    return _CALLED_BEFORE.search(before) is not None and _CUE_AFTER.match(after) is None


def is_person(after: str) -> bool:
    """True when what follows makes the name a person, an institution or a word (「石川さん」「明治時代」)."""
    return _NOT_A_PLACE.match(after) is not None or _ACTS.match(after) is not None


def is_place(before: str, after: str, *, whole: bool, numbered: bool) -> bool:
    """True when a name that is also a family name stands beside a place cue.

    `whole`: the name is the answer, or corrects a place just before. `numbered`: a 丁目 or house number follows.
    """
    if _OTHER_TOWN_BEFORE.search(before) or (_KANJI_BEFORE.search(before) and not before.endswith("藤沢市")):
        return False
    if numbered or _CUE_BEFORE.search(before) or _CUE_AFTER.match(after):
        return True
    if _OF_EACH_BEFORE.search(before) and _OF_EACH_AFTER.match(after):
        return True
    return whole and _ANSWER.match(after) is not None


def is_elsewhere_prefix(before: str) -> bool:
    """True when another city's name leads into the town (「横浜市本町」)."""
    return _OTHER_TOWN_BEFORE.search(before) is not None


def is_kana_word(before: str, after: str, *, strong: bool) -> bool:
    """True when a reading in kana stands as a word of its own; `strong` asks for an unmistakable cue."""
    if _KANA_BEFORE.search(before) is None:
        return False
    return (_KANA_STRONG if strong else _KANA_AFTER).match(after) is not None


def is_near(after: str) -> bool:
    """True for 「〜の近く」「〜から歩いて」: a landmark named to say where somebody lives."""
    return _NEAR.match(after) is not None


def is_school_of_child(after: str) -> bool:
    """True for 「〜小の学区」「〜中に通う」: a public school's pupils live in its area."""
    return _SCHOOL_OF_CHILD.match(after) is not None


def is_home(after: str) -> bool:
    """False for a place that was left, denied, or is a workplace or hospital."""
    return not (_NEGATED.match(after) or _LEFT.match(after) or _ELSEWHERE.match(after))


def is_other_city_home(before: str, after: str) -> bool:
    """True when somebody lives in (or asks for the offices of) the other city."""
    if _LEFT.match(after) or after.startswith("から"):
        return False
    theirs = _THEIRS_BEFORE.search(before) is not None and _OTHER_CITY_THEIRS.match(after) is not None
    return theirs or _OTHER_CITY_HOME.match(after) is not None


def without_reading(after: str) -> str:
    """What follows a name, without its reading in brackets (「高谷(たかや)に住む」)."""
    return _READING_IN_BRACKETS.sub("", after)


def weight(before: str, after: str) -> int:
    """How strongly the place is tied to the person who needs help: positive theirs, negative the writer's own."""
    if _MINE_AFTER.match(after):
        return -2
    score = -3 if _MOVED_FROM_BEFORE.search(before) else 0
    if _THEIRS_AFTER.match(after):
        score += 4
    if _THEIRS_WEAK_AFTER.match(after) or _HOME_BEFORE.search(before):
        score += 2
    mine, theirs = _last(_MINE_BEFORE, before), _last(_THEIRS_BEFORE, before)
    if theirs > mine:
        score += 3
    elif mine >= 0:
        score -= 2
    return score


def _last(pattern: re.Pattern[str], before: str) -> int:
    found = pattern.search(before)
    return found.start() if found else -1
