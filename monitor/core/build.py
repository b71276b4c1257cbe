"""The machine around the cards: memory, processor, lanes, power supply, cooling and disk; what is missing or wasted.

Each rule states its formula and where it comes from. `ok`, `tight` (works, with a cost), `wasteful` (money that buys
nothing for this work), `fails`, or `unknown` where the machine's part is not stated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from monitor.core.models import Gpu, Workload
from monitor.core.ownership import draw_watts
from monitor.core.work import trainable_params

REST_WATTS = 75.0  # board, memory, fans, disks
CPU_WATTS = 125.0
TRANSIENT = 1.6  # margin for short peaks of a card over its limit
CONTINUOUS = 0.8  # of a circuit's rating, for loads of hours
# Volts and amperes of the usual socket, by country (IEC World Plugs); 230 V and 16 A where it is not named
SOCKETS: Mapping[str, tuple[int, int]] = {
    "US": (120, 15), "CA": (120, 15), "CO": (120, 15), "MX": (127, 15), "TW": (110, 15), "JP": (100, 15),
    "GB": (230, 13), "IE": (230, 13), "AU": (230, 10), "NZ": (230, 10), "CH": (230, 10), "CN": (220, 10),
}  # fmt: skip
ELSEWHERE = (230, 16)
LARGEST_SUPPLY = {False: 1600.0, True: 2200.0}  # watts of desktop supplies that are sold, above 200 V or not
SAMPLE_MB = {"cnn": 0.15, "vit": 0.15, "diffusion": 0.5, "speech": 1.0, "transformer": 0.004, "other": 0.01}
CORES_PER_CARD = {"cnn": 6, "vit": 6, "diffusion": 4, "speech": 4, "rl": 12}
GB_S_PER_LANE = {3: 0.8, 4: 1.6, 5: 3.2}


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What stands around the cards; `None` where it is not known."""

    ram_gb: float | None = None
    cpu_cores: int | None = None
    pcie_generation: int | None = None
    lanes_per_card: int | None = None
    psu_watts: float | None = None
    free_slots_between: int | None = None  # empty slots between two cards
    disk_gb: float | None = None
    disk_gb_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One part of the machine. `advice` says what to change, "" where nothing."""

    part: str
    state: str  # ok, tight, wasteful, fails, unknown
    have: str
    need: str
    formula: str
    source: str
    advice: str


def check_build(
    gpu: Gpu,
    cards: int,
    workload: Workload,
    machine: Machine,
    rate: float | None,
    data_gb: float = 0.0,
    country: str = "US",
) -> list[Check]:
    """Every part's check; `rate` is one card's expected throughput, `data_gb` the size of the data set, `country` (ISO
    3166) where the machine is plugged in."""
    return [
        _ram(gpu, cards, workload, machine, data_gb),
        _cores(cards, workload, machine),
        _lanes(cards, workload, machine, rate),
        _supply(gpu, cards, machine, country),
        _circuit(gpu, cards, country),
        _cooling(gpu, cards, machine),
        _disk(cards, workload, machine, rate, data_gb),
    ]


def _ram(gpu: Gpu, cards: int, workload: Workload, machine: Machine, data_gb: float) -> Check:
    need = max(cards * gpu.memory_gb, 16.0) * (1.0 if workload.training else 0.75)
    useful = max(4.0 * need, need + 1.2 * data_gb)
    return _judged(
        "RAM",
        machine.ram_gb,
        need,
        useful,
        "GB",
        formula="as much as all cards' memory (0.75 x for use alone); more only to hold the data set",
        source="a checkpoint is loaded to RAM first, and pinned buffers mirror the cards' batches",
        more="add RAM",
        less="beyond four times the cards' memory RAM buys nothing unless the data set fits it",
    )


def _cores(cards: int, workload: Workload, machine: Machine) -> Check:
    each = CORES_PER_CARD.get(_kind(workload), 2)
    return _judged(
        "CPU cores",
        machine.cpu_cores,
        float(each * cards),
        float(max(4 * each * cards, 16)),
        "cores",
        formula=f"{each} a card for this kind of work",
        source="a rule of thumb: decoding and augmenting images keeps several cores busy, language models one or two",
        more="a processor with more cores, or augmentation on the card",
        less="these cores wait for the cards: a smaller processor does the same",
    )


def _lanes(cards: int, workload: Workload, machine: Machine, rate: float | None) -> Check:
    generation = machine.pcie_generation or 4
    traffic = (rate or 0.0) * _sample_mb(workload) / 1e3
    gradient = trainable_params(workload) * 2 / 1e9 * 2 if workload.training and cards > 1 else 0.0
    wanted_gb_s = 4.0 * traffic + (4.0 if gradient > 0.2 else 1.0)  # a quarter of the link for data, gradients besides
    need = next((n for n in (1, 4, 8, 16) if n * GB_S_PER_LANE.get(generation, 1.6) >= wanted_gb_s), 16)
    return _judged(
        "PCIe lanes a card",
        machine.lanes_per_card,
        float(need),
        16.0,
        "lanes",
        formula=f"{wanted_gb_s:.1f} GB/s: four times the samples' traffic, and {'4' if gradient > 0.2 else '1'} GB/s",
        source="training on one card hardly uses the link; gradients of several cards do",
        more="a board or slot with more lanes for each card",
        less="",
    )


def _supply(gpu: Gpu, cards: int, machine: Machine, country: str) -> Check:
    board = gpu.power_watts or 300.0
    steady = cards * board + CPU_WATTS + REST_WATTS
    peak = cards * board * TRANSIENT + CPU_WATTS + REST_WATTS
    need = max(1.2 * steady, peak / 1.35)
    largest = LARGEST_SUPPLY[SOCKETS.get(country, ELSEWHERE)[0] >= 200]
    several = f" (more than one desktop supply gives: {ceil(need / largest)} of them, or a server's)"
    found = _judged(
        "power supply",
        machine.psu_watts,
        need,
        2.2 * steady,
        "W",
        formula=f"the larger of 1.2 x {steady:,.0f} W steady and {peak:,.0f} W of peaks / 1.35",
        source="the ATX 3 guide asks supplies to bear peaks above their rating; 1.6 x is a margin, not measured",
        more="a larger supply, or a power limit on the cards",
        less="a supply far above the load costs money and runs less efficiently",
    )
    short = found.advice and found.state != "wasteful"
    return replace(found, advice=found.advice + several) if short and need > largest else found


def _circuit(gpu: Gpu, cards: int, country: str) -> Check:
    draw = cards * draw_watts(gpu, "") + CPU_WATTS + REST_WATTS
    volts, amperes = SOCKETS.get(country, ELSEWHERE)
    carries = CONTINUOUS * volts * amperes
    state = "ok" if draw <= carries else "tight" if draw <= 2 * carries else "fails"
    more = "" if volts >= 200 else "a 230 V circuit, "
    socket = f"the usual socket in {country}" if country in SOCKETS else "taken as in most countries"
    return Check(
        part="mains circuit",
        state=state,
        have=f"{amperes} A at {volts} V",
        need=f"{draw:,.0f} W",
        formula=f"cards, processor and board at work; {carries:,.0f} W is 80 % of {amperes} A at {volts} V",
        source=f"{socket}; 80 % for continuous loads as in the US National Electrical Code",
        advice="" if state == "ok" else f"{more}several circuits, or a power limit on the cards",
    )


def _cooling(gpu: Gpu, cards: int, machine: Machine) -> Check:
    heat = cards * (gpu.power_watts or 300.0)
    open_air = gpu.segment == "consumer"
    between = machine.free_slots_between
    if cards == 1:
        state, advice = "ok", ""
    elif open_air and between is not None and between < 1:
        state, advice = "fails", "leave a free slot between cards (risers), or take cards with a blower"
    elif open_air and cards > 2:
        state, advice = "tight", "open frame with risers, or cards with a blower, or a limit of 70 to 80 % of the power"
    else:
        state, advice = ("unknown" if open_air and between is None else "ok"), ""
    return Check(
        part="cooling",
        state=state,
        have="" if between is None else f"{between} free slots between cards",
        need=f"{heat:,.0f} W of heat" + (", a free slot beside each card" if open_air and cards > 1 else ""),
        formula="all the cards' power becomes heat; open-air coolers take their air from the next slot",
        source="a rule of thumb, not measured here",
        advice=advice,
    )


def _disk(cards: int, workload: Workload, machine: Machine, rate: float | None, data_gb: float) -> Check:
    room = 1.5 * data_gb + 10 * workload.params_m * 2e-3 + 100.0
    speed = cards * (rate or 0.0) * _sample_mb(workload) / 1e3
    if machine.disk_gb_s is not None and speed > machine.disk_gb_s:
        return Check(
            part="disk",
            state="fails",
            have=f"{machine.disk_gb_s:.1f} GB/s",
            need=f"{speed:.1f} GB/s",
            formula="cards x samples a second x size of a sample",
            source="the loader reads every sample once an epoch",
            advice="an NVMe disk, or a data set that fits the RAM",
        )
    return _judged(
        "disk",
        machine.disk_gb,
        room,
        max(20 * room, 4000.0),
        "GB",
        formula="1.5 x the data, ten checkpoints, 100 GB for system and environments",
        source="checkpoints of training keep weights and optimizer; downloads are unpacked beside their archive",
        more="a larger disk",
        less="this much disk is not needed for this work",
    )


def _judged(
    part: str,
    have: float | None,
    need: float,
    useful: float,
    unit: str,
    *,
    formula: str,
    source: str,
    more: str,
    less: str,
) -> Check:
    """ok at the need and above, tight from 70 % of it, wasteful above what is useful."""
    needed = _amount(need, unit)
    if have is None:
        state, advice = "unknown", f"at least {needed}"
    elif have < 0.7 * need:
        state, advice = "fails", f"{more}: at least {needed}"
    elif have < need:
        state, advice = "tight", f"{more}: {needed} would do"
    elif have > useful:
        state, advice = "wasteful", less
    else:
        state, advice = "ok", ""
    stated = "" if have is None else _amount(have, unit)
    return Check(part=part, state=state, have=stated, need=needed, formula=formula, source=source, advice=advice)


def _amount(value: float, unit: str) -> str:
    """The number with its unit: "1 lane", "16 lanes", "1,080 W"."""
    number = f"{value:,.0f}"
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def _kind(workload: Workload) -> str:
    return workload.family.rsplit("_", 1)[0]


def _sample_mb(workload: Workload) -> float:
    if workload.unit == "tokens/s":
        return 4e-6
    return SAMPLE_MB.get(_kind(workload), 0.01)
