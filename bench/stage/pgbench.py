"""PostgreSQL's own benchmark, writing the rows of a checkout one transaction after the other."""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.cluster import program

CLIENTS = 16
RATE = re.compile(r"tps = ([0-9.]+)")
SCRIPT = Path(__file__).with_name("checkout.sql")
GOODS = """CREATE TABLE bench_goods AS SELECT s.variant_id, v.product_id, p.shop_id FROM orders_stock s
    JOIN shops_variant v ON v.id = s.variant_id JOIN shops_product p ON p.id = v.product_id
    ORDER BY s.total DESC LIMIT 1"""


def one_by_one(url: str, seconds: int) -> float:
    """Checkouts a second of sixteen clients on one hot row, each step in a transaction of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(GOODS)
    parts = urlsplit(url)
    command = [program("pgbench"), "-n", "-h", str(parts.hostname), "-p", str(parts.port)]
    command += ["-U", str(parts.username), "-c", str(CLIENTS), "-j", "2", "-T", str(seconds)]
    command += ["-f", str(SCRIPT), parts.path.removeprefix("/")]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = RATE.search(done.stdout)
    if found is None:
        raise RuntimeError(done.stdout)
    return float(found[1])
