import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from monitor.core.models import Availability, Billing, Condition, Market, Rejection
from monitor.errors import SourceError, UsageError
from monitor.history import offer_of, price_files, read_lines, read_price_files

HEADER = (
    "observed_on,source,sku_or_title,gpu_model,vendor,condition,price,currency,in_stock,url,vram_gb,stat,n_obs,unit,"
    "region,flag"
)
ROW = "2024-03-01,shop,ASUS 4090,RTX 4090,NVIDIA,new,1599.99,USD,True,https://x.example,24,min_offer,3,card,US,"


def write(path: Path, *rows: str, header: str = HEADER, end: str = "\n") -> Path:
    content = (end.join([header, *rows]) + end).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def changed(**cells: str) -> str:
    names, values = HEADER.split(","), ROW.split(",")
    return ",".join(cells.get(name, value) for name, value in zip(names, values, strict=True))


def read(path: Path) -> list:
    return list(read_lines(path))


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_becomes_an_offer_of_its_own_kind(tmp_path, name, end):
    offer = offer_of(read(write(tmp_path / name, ROW, end=end))[0])
    assert (offer.gpu, offer.title, offer.source, offer.region) == ("RTX 4090", "ASUS 4090", "shop", "US")
    assert (offer.price.amount, offer.price.currency) == (Decimal("1599.99"), "USD")
    assert (offer.condition, offer.stat, offer.n_obs, offer.market) == (Condition.NEW, "min_offer", 3, Market.RETAIL)
    assert (offer.seen_at.isoformat(), offer.availability) == ("2024-03-01T00:00:00+00:00", Availability.IN_STOCK)


@pytest.mark.parametrize(
    ("stat", "billing"),
    [("rental_spot_min", Billing.SPOT), ("on-demand", Billing.ON_DEMAND), ("serverless", None), ("spot", Billing.SPOT)],
)
def test_a_price_per_hour_is_of_the_cloud(tmp_path, stat, billing):
    row = changed(condition="rental", unit="gpu_hour", stat=stat, price="0.0001234567")
    offer = offer_of(read(write(tmp_path / "a.csv", row))[0])
    assert (offer.market, offer.billing, offer.condition) == (Market.CLOUD, billing, Condition.RENTAL)


BAD_ROWS = [
    ({"observed_on": "2024-02-30"}, "unreadable_date"),
    ({"observed_on": ""}, "unreadable_date"),
    ({"observed_on": "0001-01-01"}, "unreadable_date"),
    ({"observed_on": "2206-01-01"}, "unreadable_date"),
    ({"price": ""}, "unreadable_price"),
    ({"price": "12,5"}, "wrong_number_of_columns"),
    ({"price": "free"}, "unreadable_price"),
    ({"price": "NaN"}, "unreadable_price"),
    ({"price": "Infinity"}, "unreadable_price"),
    ({"price": "1e300"}, "unreadable_price"),
    ({"price": "0"}, "price_not_positive"),
    ({"price": "-5"}, "price_not_positive"),
    ({"gpu_model": " "}, "no_model"),
    ({"source": ""}, "no_source"),
    ({"condition": "broken"}, "unknown_condition"),
    ({"currency": "$"}, "unknown_currency"),
    ({"currency": "usd"}, "unknown_currency"),
    ({"stat": "offer"}, "unknown_stat"),
]


@pytest.mark.parametrize(("cells", "reason"), BAD_ROWS, ids=[str(cells) for cells, _ in BAD_ROWS])
def test_a_bad_row_is_rejected_with_file_line_and_reason_and_the_rest_goes_in(tmp_path, cells, reason):
    path = write(tmp_path / "a.csv", ROW, changed(**cells), ROW)
    good, bad, also_good = read(path)
    assert isinstance(bad, Rejection)
    assert (bad.reason, bad.where, bad.source) == (reason, f"{path}:3", "a.csv")
    assert not isinstance(good, Rejection)
    assert also_good == good


@pytest.mark.parametrize("row", ["", "just text", ROW + ",more", ROW[:40], '"an open quote'])
def test_a_torn_row_does_not_stop_the_others(tmp_path, row):
    found = read(write(tmp_path / "a.csv", ROW, row))
    assert not isinstance(found[0], Rejection)
    assert all(isinstance(line, Rejection) for line in found[1:])


def test_odd_bytes_do_not_stop_the_others(tmp_path):
    path = write(tmp_path / "a.csv", ROW)
    path.write_bytes(
        b"\xef\xbb\xbf" + path.read_bytes() + ROW.replace("ASUS", "\0AS\0US").encode() + b"\n\xff\xfe\x00\n"
    )
    lines = read(path)
    assert [isinstance(line, Rejection) for line in lines] == [False, False, True]
    assert lines[0] == lines[1]


def test_a_packed_file_that_breaks_off_gives_what_it_has_and_says_so(tmp_path):
    whole = write(
        tmp_path / "a.csv.gz", *[changed(price=f"{n}.5", sku_or_title=f"t{n * 7919}") for n in range(1, 3000)]
    )
    whole.write_bytes(whole.read_bytes()[:-2000])
    lines = read(whole)
    assert isinstance(lines[-1], Rejection)
    assert lines[-1].reason == "file_breaks_off"
    assert 100 < sum(not isinstance(line, Rejection) for line in lines) < 2999


def test_a_packed_file_with_a_wrong_byte_gives_what_stands_before_it(tmp_path):
    path = write(tmp_path / "a.csv.gz", *[changed(sku_or_title=f"t{n * 7919}") for n in range(3000)])
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 50] = b"\xff" * 50
    path.write_bytes(content)
    *lines, last = read(path)
    assert last.reason == "file_breaks_off"
    assert len(lines) > 100


@pytest.mark.parametrize("content", [b"", b"a,b,c\n1,2,3\n", b"\x89PNG\r\n\x1a\n" * 10, b"<html></html>"])
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_what_is_no_price_file_is_told_at_once(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=name):
        read(tmp_path / name)


def test_columns_may_stand_in_any_order_and_some_may_be_missing(tmp_path):
    path = write(
        tmp_path / "a.csv", "RTX 4090,USD,9.5,2024-03-01,shop", header="gpu_model,currency,price,observed_on,source"
    )
    [line] = read(path)
    assert (line.key.gpu, line.day, line.price, line.n_obs, line.unit) == (
        "RTX 4090",
        date(2024, 3, 1),
        Decimal("9.5"),
        None,
        "card",
    )
    assert offer_of(line).condition is Condition.UNKNOWN


def test_folders_are_searched_and_a_missing_path_is_wrong_use(tmp_path):
    (tmp_path / "sub").mkdir()
    paths = [write(tmp_path / "b.csv", ROW), write(tmp_path / "sub" / "a.csv.gz", ROW)]
    (tmp_path / "README.md").write_text("no prices")
    assert sorted(price_files([tmp_path, tmp_path / "b.csv"])) == paths
    with pytest.raises(UsageError, match=r"nothing\.csv"):
        price_files([tmp_path / "nothing.csv"])


def test_a_day_of_a_series_is_its_lowest_offer_or_its_median(tmp_path):
    prices = ("5", "9", "7", "6")
    rows = [changed(price=p, stat=stat, sku_or_title=p) for p in prices for stat in ("min_offer", "list_price")]
    found = {series.key.stat: series for series in read_price_files([write(tmp_path / "a.csv", *rows)]).known}
    assert found["min_offer"].prices.tolist() == [5.0]
    assert found["list_price"].prices.tolist() == [6.5]
    assert found["min_offer"].days.tolist() == [(date(2024, 3, 1) - date(1970, 1, 1)).days]


def test_flagged_rows_are_known_but_not_scored(tmp_path):
    path = write(tmp_path / "a.csv", ROW, changed(observed_on="2024-03-02", flag="outlier_3x_series_median"))
    files = read_price_files([path])
    assert [len(series.days) for series in files.known] == [2]
    assert [len(series.days) for series in files.scored] == [1]


@pytest.mark.parametrize(
    ("source", "stat", "n_obs", "counts"),
    [
        ("shop", "p25_offer", "4", False),
        ("shop", "p25_offer", "5", True),
        ("danawa_kr", "min_offer", "2", False),
        ("danawa_kr", "min_offer", "3", True),
        ("danawa_kr", "min_offer", "", False),
        ("shop", "min_offer", "", True),
    ],
)
def test_a_price_with_too_few_offers_behind_it_is_left_out(tmp_path, source, stat, n_obs, counts):
    files = read_price_files([write(tmp_path / "a.csv", changed(source=source, stat=stat, n_obs=n_obs))])
    assert bool(files.known) is counts
    assert files.rejected == ({} if counts else {"too_few_offers": 1})


def test_the_series_are_those_that_the_public_score_counts(shared):
    """The same figures as the score's own reading of the files, with pandas."""
    import pandas as pd

    path = shared / "data" / "prices" / "used_ebay_us_2020.csv.gz"
    table = pd.read_csv(path)
    table = table[table.flag.isna() & (table.unit == "card")]
    key = ["source", "gpu_model", "condition", "stat", "region", "currency"]
    expected = table.groupby([*key, "observed_on"]).price.median().groupby(key).apply(list).to_dict()
    scored = read_price_files([path]).scored
    found = {
        (s.key.source, s.key.gpu, s.key.condition, s.key.stat, s.key.region, s.key.currency): s.prices for s in scored
    }
    assert found.keys() == expected.keys()
    assert all(np.allclose(found[name], expected[name]) for name in expected)


@pytest.mark.parametrize(("written", "region"), [("UK", "GB"), ("uk", "GB"), ("EL", "GR"), ("eu-west-1", "eu-west-1")])
def test_a_country_is_found_under_one_code(tmp_path, written, region):
    assert offer_of(read(write(tmp_path / "a.csv", changed(region=written)))[0]).region == region


def test_a_day_in_the_future_is_rejected_where_today_is_known(tmp_path):
    rows = [ROW, changed(observed_on="2024-03-02"), changed(observed_on="2024-03-03")]
    path = write(tmp_path / "a.csv", *rows)
    *good, bad = read_lines(path, today=date(2024, 3, 1))
    assert [line.day.day for line in good] == [1, 2]  # tomorrow has begun somewhere
    assert bad.reason == "date_in_the_future"
    assert read_price_files([path], today=date(2024, 3, 1)).rejected == {"date_in_the_future": 1}
    assert not any(isinstance(line, Rejection) for line in read(path))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "it is empty"),
        (HEADER.encode("utf-16"), "not UTF-8"),
        (HEADER.replace(",", ";").encode(), "separated by commas"),
        (HEADER.replace(",", "\t").encode(), "separated by commas"),
        (b"a,b,c\n", "the first line names the columns"),
    ],
)
def test_what_is_no_price_file_says_what_to_do(tmp_path, content, advice):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(SourceError, match=advice):
        read(tmp_path / "a.csv")


def test_a_name_that_is_no_utf8_is_not_taken_for_another_name(tmp_path):
    path = write(tmp_path / "a.csv", ROW, ROW)
    path.write_bytes(path.read_bytes().replace(b"shop,ASUS", b"sh\xf6p,ASUS", 1))
    assert [getattr(line, "reason", "") for line in read(path)] == ["not_utf8", ""]


def test_a_line_without_end_is_one_rejection(tmp_path):
    path = write(tmp_path / "a.csv", changed(sku_or_title="x" * 3_000_000), ROW)
    first, second = read(path)
    assert first.reason == "unreadable_row"
    assert not isinstance(second, Rejection)


def test_a_strange_file_beside_price_files_is_counted_and_alone_it_is_an_error(tmp_path):
    write(tmp_path / "a.csv", ROW)
    (tmp_path / "notes.csv").write_text("to,do\n")
    found = read_price_files([tmp_path])
    assert len(found.known) == 1
    assert found.rejected == {"no_price_file": 1}
    with pytest.raises(SourceError, match=r"notes\.csv"):
        read_price_files([tmp_path / "notes.csv"])
