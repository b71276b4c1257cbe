"""From a cloud's name of a GPU ("gpu_1x_a100_sxm4", "NVIDIA H100 80GB HBM3") to the catalogue's name.

Clouds write short names, so the rules are stricter and fewer than those for shop titles: a name that does not say
which of two cards it is (H100 without its form, A100 without its memory) is ambiguous, never guessed.
"""

import re

from monitor.catalog import load_catalog
from spiders.cloud_answers import BadRow

_NOISE = re.compile(
    r"nvidia|geforce|instinct|radeon|\bamd\b|tensor core|generation|blackwell|server edition|workstation edition"
)
_MEMORY = re.compile(r"(?<![\d.])(\d{1,3}) ?g(?:i?b)?\b")
_PLAIN = {
    "b300": "B300",
    "b200": "B200",
    "h200": "H200",
    "a40": "A40",
    "a10": "A10",
    "l40s": "L40S",
    "l40": "L40",
    "l4": "L4",
    "t4": "Tesla T4",
    "p100": "Tesla P100",
    "k80": "Tesla K80",
    "mi325x": "MI325X",
    "mi300x": "MI300X",
    "mi250x": "MI250X",
    "mi210": "MI210",
    "mi100": "MI100",
    "titan v": "Titan V",
    "titan xp": "Titan Xp",
    "titan rtx": "Titan RTX",
    "gaudi ?2": "Gaudi 2",
    "gaudi ?3": "Gaudi 3",
    "trainium ?2": "Trainium 2",
    "tpu v4": "TPU v4",
    "tpu v5e": "TPU v5e",
    "tpu v5p": "TPU v5p",
    "tpu v6e": "TPU v6e",
}
_PLAIN_PATTERN = re.compile(r"(?<![a-z0-9])(" + "|".join(_PLAIN) + r")(?![a-z0-9])")
_RTX_A = re.compile(r"(?<![a-z])(?:rtx ?)?a(2000|4000|4500|5000|5500|6000)(?!\d)")
_RTX_PRO = re.compile(r"rtx ?pro ?(\d{4})|(?<![a-z])pro ?6000")
_ADA = re.compile(r"(?:rtx ?)?(2000|4000|4500|5000|5880|6000) ?(sff)? ?ada")
_GEFORCE = re.compile(r"(?:rtx|gtx) ?(\d{3,4})((?: ?(?:ti|super|s)(?![a-z])| ?ti(?=lhr))*) ?(d(?![a-z0-9]))?")
_RADEON = re.compile(r"(?<![a-z])rx ?(\d{3,4}) ?(xtx|xt|gre)?(?![a-z])")
_KNOWN_ADA = {"2000", "4000", "4500", "5000", "6000"}
_WITH_MEMORY = {  # the name says which card only together with its memory
    "RTX 4060 Ti": {8: "RTX 4060 Ti", 16: "RTX 4060 Ti 16GB"},
    "RTX 5060 Ti": {8: "RTX 5060 Ti 8GB", 16: "RTX 5060 Ti 16GB"},
    "RTX 3080": {10: "RTX 3080", 12: "RTX 3080 12GB", None: "RTX 3080"},
    "GTX 1060": {3: "GTX 1060 3GB", 6: "GTX 1060", None: "GTX 1060"},
    "RX 9060 XT": {8: "RX 9060 XT 8GB", 16: "RX 9060 XT 16GB"},
    "A100": {40: "A100 40GB", 80: "A100 80GB"},
    "Tesla V100": {16: "Tesla V100 16GB", 32: "Tesla V100 32GB"},
    "RTX 3050": {8: "RTX 3050", None: "RTX 3050"},
}
_UNLIKE = re.compile(r"laptop|mobile|max[- ]?q|\bnvl\b|\bvgpu\b|\bmig\b|\ba10g\b|\bt4g\b|\bgh200\b|\bgb[23]00\b")


def name_accelerator(text: object, *, memory_gb: float | None = None, gpus: int = 1) -> str:
    """The catalogue's name; raises `BadRow` (unknown_model, ambiguous) where the text does not settle it.

    `memory_gb` is that of one card, where the answer states it; `gpus` tells an H100 board of eight (SXM) from a
    single card, which may be either.
    """
    if not isinstance(text, str) or not text.strip():
        raise BadRow("no_gpu_name")
    plain = _plain(text)
    if _UNLIKE.search(plain):
        raise BadRow("unknown_model", text[:80])
    memory = _nominal(memory_gb) if memory_gb is not None else _memory_in(plain)
    found = _datacentre(plain, memory, gpus) or _workstation(plain) or _consumer(plain)
    if found is None:
        raise BadRow("unknown_model", text[:80])
    if found in _WITH_MEMORY:
        return _by_memory(found, memory, text)
    return _checked(found, memory, text)


def _checked(name: str, memory: int | None, text: str) -> str:
    """A card of the catalogue with the memory that it is sold with: doubled memory makes another product."""
    catalog = load_catalog()
    card = catalog.gpus.get(name) or catalog.reference.get(name)
    if card is None or (memory is not None and abs(memory - card.memory_gb) > 0.07 * card.memory_gb):
        raise BadRow("unknown_model", f"{text[:60]} with {memory or 'unstated'} GB")
    return name


def _plain(text: str) -> str:
    spaced = re.sub(r"[\s_\-/(),.+]+", " ", text.lower())
    return re.sub(r" +", " ", _NOISE.sub(" ", spaced)).strip()


def _memory_in(plain: str) -> int | None:
    found = [int(size) for size in _MEMORY.findall(plain)]
    return found[0] if len(set(found)) == 1 else None


def _nominal(memory_gb: float) -> int:
    """The size on the box: 24,564 MB and 23.99 GB are 24, 140 of an H200 is 141."""
    for size in (3, 6, 8, 10, 11, 12, 16, 20, 24, 32, 40, 48, 64, 80, 94, 96, 128, 141, 180, 192, 256, 288):
        if abs(memory_gb - size) <= max(0.35, size * 0.02):
            return size
    return round(memory_gb)


def _datacentre(plain: str, memory: int | None, gpus: int) -> str | None:
    if re.search(r"(?<![a-z])h100", plain):
        return _h100(plain, memory, gpus)
    if re.search(r"(?<![a-z])a100(?!0)", plain):
        return "A100"
    if re.search(r"(?<![a-z])v100", plain):
        return "Tesla V100"
    found = _PLAIN_PATTERN.search(re.sub(r"\btesla\b", " ", plain))
    if found is None:
        return None
    return _PLAIN.get(found[1]) or next(name for key, name in _PLAIN.items() if re.fullmatch(key, found[1]))


def _h100(plain: str, memory: int | None, gpus: int) -> str:
    if memory not in (None, 80):
        raise BadRow("unknown_model", f"H100 with {memory} GB")
    if re.search(r"sxm|hbm3|hgx", plain):
        return "H100 SXM"
    if re.search(r"pcie|pci e", plain):
        return "H100 PCIe"
    if gpus == 8:  # nodes of eight are boards of eight SXM modules
        return "H100 SXM"
    raise BadRow("ambiguous", "H100: SXM or PCIe is not said")


def _workstation(plain: str) -> str | None:
    if found := _RTX_PRO.search(plain):
        if found[1] not in (None, "6000"):
            raise BadRow("unknown_model", plain)
        return "RTX PRO 6000"
    if found := _ADA.search(plain):
        if found[2] or found[1] not in _KNOWN_ADA:
            raise BadRow("unknown_model", plain)
        return f"RTX {found[1]} Ada"
    if found := _RTX_A.search(plain):
        if found[1] in {"2000", "5500"}:
            raise BadRow("unknown_model", plain)
        return f"RTX A{found[1]}"
    if found := re.search(r"(?:quadro ?)?rtx ?(4000|5000|6000|8000)(?!\d)", plain):
        if found[1] in {"4000", "8000"}:
            raise BadRow("unknown_model", plain)
        return f"Quadro RTX {found[1]}"
    return None


def _consumer(plain: str) -> str | None:
    if found := _GEFORCE.search(plain):
        digits, suffixes = found[1], re.findall(r"ti|super|s", found[2])
        if found[3]:  # "RTX 4090 D" is another chip
            raise BadRow("unknown_model", plain)
        brand = "GTX" if plain[found.start() : found.start() + 3] == "gtx" else "RTX"
        ti, super_ = "ti" in suffixes, bool({"s", "super"} & set(suffixes))
        return " ".join(filter(None, (brand, digits, "Ti" if ti else "", "Super" if super_ else "")))
    if found := _RADEON.search(plain):
        return " ".join(filter(None, ("RX", found[1], (found[2] or "").upper())))
    return None


def _by_memory(family: str, memory: int | None, text: str) -> str:
    sizes = _WITH_MEMORY[family]
    if memory in sizes:
        return sizes[memory]
    raise BadRow("ambiguous" if memory is None else "unknown_model", f"{text[:60]} with {memory or 'unstated'} GB")
