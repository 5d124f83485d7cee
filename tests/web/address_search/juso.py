"""The road-name address service as its guide describes it, over real HTTP, with a network's faults."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

KEY = "devU01TX0FVVEgyMDI2"
PLACES = (
    ("08754", "서울특별시 관악구 난곡로 12 (신림동)", "서울특별시 관악구 신림동 600-1"),
    ("08822", "서울특별시 관악구 난곡로 120 (신림동)", "서울특별시 관악구 신림동 1421-1"),
    ("63309", "제주특별자치도 제주시 첨단로 242 (영평동)", "제주특별자치도 제주시 영평동 2181"),
)
TOO_SHORT = "검색어는 두글자 이상 입력되어야 합니다."


@dataclass
class FakeJuso:
    fault: str = ""
    """An error code to answer, or ``500``, ``late``, ``nonsense``."""
    asked: list[dict[str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """Where it was asked, with what stands behind the question mark."""

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/addrlink/addrLinkApi.do", self._answer, methods=["GET", "POST"])])

    async def _answer(self, request: Request) -> Response:
        self.addresses.append(str(request.url))
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        self.asked.append(form)
        if self.fault == "late":
            await request.receive()  # nothing more comes until the caller goes away
        if self.fault == "500":
            return PlainTextResponse("error", 500)
        if self.fault == "nonsense":
            return PlainTextResponse("<html>점검 중</html>")
        return JSONResponse({"results": self._results(form)})

    def _results(self, form: dict[str, str]) -> dict[str, Any]:
        code = self.fault or self._code(form)
        words = form.get("keyword", "").split()
        found = [place for place in PLACES if all(word in f"{place[1]} {place[2]}" for word in words)]
        common = {"errorCode": code, "errorMessage": "정상" if code == "0" else TOO_SHORT}
        common |= {"totalCount": str(len(found)), "currentPage": "1", "countPerPage": form["countPerPage"]}
        if code != "0":
            return {"common": common | {"totalCount": "0"}, "juso": None}
        names = ("zipNo", "roadAddr", "jibunAddr")
        return {"common": common, "juso": [dict(zip(names, place, strict=True)) for place in found]}

    @staticmethod
    def _code(form: dict[str, str]) -> str:
        if form.get("confmKey") != KEY:
            return "E0001"
        return "E0006" if form.get("keyword") in {"서울", "서울특별시"} else "0"
