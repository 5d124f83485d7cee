"""How amounts and moments are said on screen. The browser's twin is frontend/src/words.ts."""

from datetime import datetime

WEEKDAYS_KO = "월화수목금토일"


def say_won(amount: int, language: str) -> str:
    return f"₩{amount:,}" if language == "en" else f"{amount:,}원"


def say_date(moment: datetime, language: str) -> str:
    """`moment` must already be in Asia/Seoul."""
    hour = moment.hour % 12 or 12
    if language == "en":
        return (
            f"{moment:%a} {moment.day} {moment:%b}, {hour}:{moment:%M} {'pm' if moment.hour >= 12 else 'am'}"
        )
    half = "오후" if moment.hour >= 12 else "오전"
    weekday = WEEKDAYS_KO[moment.weekday()]
    return f"{moment.month}월 {moment.day}일 ({weekday}) {half} {hour}:{moment:%M}"
