"""How amounts and moments are said on screen. The browser's twin is frontend/src/words.ts.

Moments must already be in Asia/Seoul.
"""

from datetime import datetime

WEEKDAYS_KO = "월화수목금토일"


def say_won(amount: int, language: str) -> str:
    return f"₩{amount:,}" if language == "en" else f"{amount:,}원"


def say_count(amount: int) -> str:
    return f"{amount:,}"


def say_date(moment: datetime, language: str) -> str:
    if language == "en":
        return f"{moment:%a} {moment.day} {moment:%b}, {say_time(moment, language)}"
    weekday = say_weekday(moment, language)
    return f"{moment.month}월 {moment.day}일 ({weekday}) {say_time(moment, language)}"


def say_time(moment: datetime, language: str) -> str:
    hour = moment.hour % 12 or 12
    if language == "en":
        return f"{hour}:{moment:%M} {'pm' if moment.hour >= 12 else 'am'}"
    return f"{'오후' if moment.hour >= 12 else '오전'} {hour}:{moment:%M}"


def say_month(moment: datetime, language: str) -> str:
    return f"{moment:%b}" if language == "en" else f"{moment.month}월"


def say_day(moment: datetime) -> str:
    return str(moment.day)


def say_weekday(moment: datetime, language: str) -> str:
    return f"{moment:%a}" if language == "en" else WEEKDAYS_KO[moment.weekday()]
