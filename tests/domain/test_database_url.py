"""What `DATABASE_URL` means."""

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from golmok.settings import database


def test_what_follows_the_question_mark_reaches_postgresql() -> None:
    described = database("postgres://golmok:secret@db.kr:5433/golmok?sslmode=require&connect_timeout=1")
    options = DatabaseWrapper(described | {"TIME_ZONE": None, "CONN_MAX_AGE": 0}).get_connection_params()
    assert (options["sslmode"], options["connect_timeout"], options["port"]) == ("require", "1", "5433")


def test_a_name_is_read_as_addresses_are_written() -> None:
    described = database("postgresql://a%40b:p%2Fw@%2Frun%2Fpostgresql/%EA%B3%A8%EB%AA%A9")
    assert [described[name] for name in ("USER", "PASSWORD", "HOST", "NAME")] == [
        "a@b", "p/w", "/run/postgresql", "골목",
    ]  # fmt: skip
    assert database("sqlite:////var/%EA%B3%A8%EB%AA%A9.db")["NAME"] == "/var/골목.db"


@pytest.mark.parametrize(
    "url", ["mysql://root@localhost/golmok", "golmok.sqlite3", "", "sqlite:///a?mode=ro"]
)
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database(url)


@pytest.mark.postgres
@pytest.mark.django_db
def test_tls_that_was_asked_for_is_not_left_out() -> None:
    """The tests' own cluster speaks no TLS, so it must be refused."""
    if connection.vendor != "postgresql":
        pytest.skip("needs the PostgreSQL database")
    own = connection.settings_dict
    url = f"postgres://{own['USER']}@{own['HOST']}:{own['PORT']}/{own['NAME']}?sslmode=require"
    described = {name: value for name, value in database(url).items() if name != "ENGINE"}
    params = DatabaseWrapper(described | {"TIME_ZONE": None, "CONN_MAX_AGE": 0}).get_connection_params()
    with pytest.raises(psycopg.OperationalError, match="SSL"):
        psycopg.connect(**{name: params[name] for name in ("dbname", "user", "host", "port", "sslmode")})
