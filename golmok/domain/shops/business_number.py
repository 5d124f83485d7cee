"""사업자등록번호, the number by which the tax office names a business."""

from stdnum.exceptions import ValidationError
from stdnum.kr import brn

WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def written(number: str) -> str | None:
    """`number` as AAA-BB-CCCCC; None when it cannot be one. Whether the business is open it cannot say."""
    try:
        digits = brn.validate(number)
    except ValidationError:
        return None
    return brn.format(digits) if check_digit(digits) == digits[9] else None


def check_digit(digits: str) -> str:
    """The tenth digit that the first nine ask for; python-stdnum does not look at it."""
    first = [int(digit) for digit in digits[:9]]
    weighed = sum(digit * weight for digit, weight in zip(first, WEIGHTS, strict=True))
    return str(-(weighed + first[8] * 5 // 10) % 10)
