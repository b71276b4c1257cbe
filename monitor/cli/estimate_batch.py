"""`gpu-limbo estimate --batch`: a CSV of rows in, the same rows with predictions out; memory stays bounded."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import SourceError

if TYPE_CHECKING:
    import pandas as pd

    from monitor.core.throughput_batch import Estimates

CHUNK = 100_000  # rows in memory at a time
ADDED = ("predicted", "low", "high", "fits", "bound", "evidence", "reason")
READ = (
    "gpu", "n_gpus", "interconnect", "workload", "family", "model", "params_m", "precision", "batch_size",
    "unit", "higher_is_better", "software", "source_repo", "note",
)  # fmt: skip


def estimate_file(asked: Path, reference: Path | None, out: Path) -> tuple[int, int]:
    """Write `asked` with predictions appended to `out`; how many rows there were, and how many have a prediction.

    The column `value` of `asked` is never read. Raises `SourceError` for files that cannot be read or written.
    """
    from monitor.core.throughput_batch import estimate_table
    from monitor.performance import load_trained, table_of

    head = _read_all(asked, ("workload", "n_gpus", "gpu", "family", "unit"))
    trained = load_trained(reference, table_of(head, measured=False))
    rows = good = 0
    with _writing(out) as file:
        file.write(",".join([_header(asked), *ADDED]) + "\n")
        for lines, frame in _chunks(asked):
            first, same_as = _distinct(frame)
            found = estimate_table(trained, table_of(frame.iloc[first], measured=False))
            tails = list(_tails(found))
            file.writelines(f"{line},{tails[at]}\n" for line, at in zip(lines, same_as, strict=True))
            rows += len(lines)
            good += int((found.predicted == found.predicted)[same_as].sum())
    return rows, good


def _distinct(frame: pd.DataFrame) -> tuple[list[int], list[int]]:
    """The first row of each kind, and which kind each row is: rows that read the same get the same answer."""
    import numpy as np
    import pandas as pd

    kinds: Any = np.zeros(len(frame), dtype=np.int64)
    for name in frame.columns:
        codes, names = pd.factorize(frame[name])
        kinds = pd.factorize(kinds * (len(names) + 2) + codes + 1)[0]
    first = np.unique(kinds, return_index=True)[1]
    return first.tolist(), kinds.tolist()


def _tails(found: Estimates) -> Iterator[str]:
    """The appended cells of each row, as CSV text."""
    from monitor.core.throughput_batch import BOUNDS, EVIDENCE, FITS

    reasons = ['"' + text.replace('"', '""') + '"' for text in found.reasons]
    codes = zip(found.fits.tolist(), found.bound.tolist(), found.evidence.tolist(), found.reason.tolist(), strict=True)
    numbers = zip(found.predicted.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    for (value, low, high), (fits, bound, evidence, reason) in zip(numbers, codes, strict=True):
        figures = f"{value:.6g},{low:.6g},{high:.6g}" if value == value else ",,"
        yield f"{figures},{FITS[fits]},{BOUNDS[bound]},{EVIDENCE[evidence]},{reasons[reason]}"


def _chunks(path: Path) -> Iterator[tuple[list[str], pd.DataFrame]]:
    """Records as text, and the columns that are read, chunk by chunk."""
    import pandas as pd

    columns = [name for name in READ if name in _columns(path)]
    numbers = {"n_gpus", "params_m", "batch_size"}
    kinds: Any = {name: "str" if name in numbers else "category" for name in columns}
    frames = pd.read_csv(path, usecols=columns, dtype=kinds, chunksize=CHUNK, keep_default_na=False, na_values=[""])
    records = _records(path)
    try:
        for frame in frames:
            lines = list(islice(records, len(frame)))
            if len(lines) != len(frame):
                raise SourceError(f"{path} ends in the middle of a record; save it again as CSV")
            yield lines, frame
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        raise SourceError(f"{path} is not a CSV with the columns of a benchmark table: {error}") from None


def _records(path: Path) -> Iterator[str]:
    """Each record after the header as it stands, also where a quoted cell runs over several lines."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        record, first = "", True
        for line in file:
            record += line
            if record.count('"') % 2:
                continue
            text, record = record.rstrip("\r\n"), ""
            if first:
                first = False
            elif text:
                yield text


def _header(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _columns(path: Path) -> list[str]:
    return next(csv.reader([_header(path)]), [])


def _read_all(path: Path, names: tuple[str, ...]) -> pd.DataFrame:
    """A few columns of the whole file, as categories: small however long the file is."""
    import pandas as pd

    if not _header(path).strip():
        raise SourceError(f"{path} is empty; it needs a header and rows of a benchmark table")
    present = [name for name in names if name in _columns(path)]
    if missing := {"gpu", "workload", "family", "unit"} - set(present):
        raise SourceError(f"{path} has no column {sorted(missing)[0]!r}; it needs the columns of a benchmark table")
    kinds: Any = dict.fromkeys(present, "category")
    try:
        return pd.read_csv(path, usecols=present, dtype=kinds, keep_default_na=False, na_values=[""])
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError, OSError) as error:
        raise SourceError(f"{path} cannot be read as CSV: {error}") from None


def _writing(path: Path) -> Any:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise SourceError(f"{path} cannot be written: {error.strerror}") from None
