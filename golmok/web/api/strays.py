"""Addresses under `/api/v1/` that mean nothing answer with a problem too."""

from django.http import HttpRequest
from ninja import Router

from golmok.problems import Problem

router = Router()
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@router.api_operation(METHODS, "/{path:address}", include_in_schema=False, auth=None)
def stray(request: HttpRequest, address: str) -> None:
    raise Problem(404, "not-here")
