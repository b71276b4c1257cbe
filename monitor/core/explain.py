"""An estimate in words: what is computed, what is loaded, which bound holds, and what would help."""

from monitor.core.hardware import Peaks, group, peaks
from monitor.core.memory import memory_need
from monitor.core.models import Gpu, Workload
from monitor.core.phrases import figure
from monitor.core.software import ANY, SoftwareFact
from monitor.core.throughput import (
    COPY_EFFICIENCY,
    GEMM_EFFICIENCY,
    LAUNCH_SECONDS,
    Estimate,
    ThroughputModel,
    account_rate,
)
from monitor.core.work import Account, account, layer_kinds

TOO_LARGE = "It does not fit: memory decides here, not speed."


def explain(gpu: Gpu, workload: Workload, found: Estimate, model: ThroughputModel) -> str:
    """Paragraphs for a reader who wants to know why; plain text, at most 110 columns of table."""
    work, top = account(workload), peaks(gpu, workload.precision)
    lines = [f"{workload.title} on {found.gpu}", ""]
    several = found.gpu != gpu.name
    lines += (
        ["What follows is the account of one card, until the figure expected of all of them.", ""] if several else []
    )
    if work is None or top.tflops is None:
        return "\n".join([*lines, found.reason])
    lines += _what_it_takes(work, top.tflops, top.bandwidth_gb_s)
    lines += ["", *_layers(workload, top)] if "cnn" in workload.family else []
    lines += ["", *_time(found, work, gpu, top)] if found.shares else ["", TOO_LARGE]
    lines += _weighed(workload, model) if found.shares else []
    lines += ["", *_memory(workload, found)]
    lines += ["", *_result(found, gpu, workload, model)]
    facts = model.software_facts(gpu, workload.family)
    lines += ["", "Software, with a date:"] if facts else []
    lines += [_dated(fact) for fact in facts]
    return "\n".join(lines)


def _dated(fact: SoftwareFact) -> str:
    if fact.runtime == ANY:
        return f"  {fact.year}: {fact.factor:g} x is counted in the figure; {fact.note}"
    return f"  {fact.runtime}, {fact.year}: {fact.factor:g} x of this; {fact.note}"


def _what_it_takes(work: Account, tflops: float, bandwidth_gb_s: float) -> list[str]:
    ridge = tflops * GEMM_EFFICIENCY * 1e12 / (bandwidth_gb_s * COPY_EFFICIENCY * 1e9)
    lines = [f"One {work.unit} takes"]
    for part in work.parts:
        intensity = f"{part.intensity:,.1f}" if part.intensity < 1e5 else "many"
        limit = "compute" if part.intensity > ridge else "memory"
        head = f"  {part.name:26} {_amount(part.flops, 'FLOP'):>12} {_amount(part.bytes, 'B'):>10}"
        lines.append(f"{head} {intensity:>8} FLOP/B  {limit}")
        lines.append(f"{'':4}{part.why}")
    lines.append(f"The card turns from memory-bound to compute-bound at {ridge:,.0f} FLOP for each byte.")
    return lines


def _layers(workload: Workload, top: Peaks) -> list[str]:
    """Why some layers of a convolutional network use the matrix units and others cannot."""
    assert top.tflops is not None
    ridge = top.tflops * GEMM_EFFICIENCY * 1e3 / (top.bandwidth_gb_s * COPY_EFFICIENCY)
    lines = ["Kinds of layers, as matrix products:"]
    for part in layer_kinds(batch=workload.batch_size):
        limit = "compute" if part.intensity > ridge else "memory"
        lines.append(f"  {part.name:34} {part.intensity:>7,.1f} FLOP/B  {limit}")
    return lines


def _time(found: Estimate, work: Account, gpu: Gpu, top: Peaks) -> list[str]:
    lines = ["Where the time goes:"]
    texts = {
        "compute": f"arithmetic at {GEMM_EFFICIENCY:.0%} of {top.tflops:,.0f} TFLOP/s{_capped(top)}",
        "memory": f"memory at {COPY_EFFICIENCY:.0%} of {top.bandwidth_gb_s:,.0f} GB/s",
        "overhead": f"{_launches(work)} at {LAUNCH_SECONDS * 1e6:.0f} microseconds each",
    }
    for part, share in sorted(found.shares.items(), key=lambda item: -item[1]):
        lines.append(f"  {share:5.0%} {texts.get(part, part)}")
    advice = {
        "compute": "A card with more matrix arithmetic helps here; more bandwidth hardly does.",
        "memory": "A card with more bandwidth helps here; more tensor cores, or a TPU with more of them, hardly do.",
        "overhead": "Host and framework hold it back: a bigger batch or compiling helps, a faster card does not.",
    }
    lines.append(advice.get(found.bound, ""))
    if group(gpu) == "apple":
        lines.append("The chip shares its memory with the machine: three quarters of it can be used.")
    return lines


def _launches(work: Account) -> str:
    """Launches for one unit of work; those of a whole batch are shared by it."""
    shared = ", its share of the batch's" if work.kernels < 50 else ""
    return f"{work.kernels:.3g} kernel launches{shared},"


def _weighed(workload: Workload, model: ThroughputModel) -> list[str]:
    """What measured cards say of the account; empty where they say nothing."""
    family = model.family(workload.family)
    compute, memory, _ = family.weights
    if memory == compute:
        return []
    whose = f"{family.cards} measured card{'s' if family.cards > 1 else ''}" if family.cards else "cards of like work"
    return [
        f"(Measured: on {whose} memory traffic weighs {memory / compute:.1f} x as much against arithmetic as the bare",
        "account says. Real kernels read and write intermediate results that the account counts once or not at all.)",
    ]


def _capped(top: Peaks) -> str:
    return f" ({top.note})" if top.power_capped else ""


def _memory(workload: Workload, found: Estimate) -> list[str]:
    need = memory_need(workload)
    parts = [("weights", need.weights), ("gradients", need.gradients), ("optimizer", need.optimizer)]
    parts += [("activations", need.activations), ("KV cache", need.kv_cache), ("framework", need.overhead)]
    listed = ", ".join(f"{name} {size:.1f}" for name, size in parts if size >= 0.05)
    lines = [f"Memory: {need.total:.1f} GB ({listed}); fits: {found.fits}"]
    if found.remedies:
        lines.append("  what would make it fit: " + "; ".join(found.remedies))
    return lines


def _result(found: Estimate, gpu: Gpu, workload: Workload, model: ThroughputModel) -> list[str]:
    if found.throughput is None or found.low is None or found.high is None:
        return [f"No figure: {found.reason}."]
    rate = f"{figure(found.throughput)} {found.unit}, 80 % interval {figure(found.low)} to {figure(found.high)}"
    family, alone = model.family(workload.family), account_rate(gpu, workload, model)
    behind = (
        f"{family.cards} measured card{'s' if family.cards > 1 else ''}" if family.cards else "likeness, none measured"
    )
    several = found.gpu != gpu.name
    lines = [f"Expected of {found.gpu}: {rate}." if several else f"Expected: {rate}."]
    lines += [f"  {found.reason}."] if several and found.reason else []
    if alone:
        whose = "the account of one card" if several else "this account"
        lines.append(f"  By {whose} alone, at the {family.kappa:.0%} that programs reach ({behind}): {figure(alone)}.")
    if found.evidence in _BEHIND:
        lines.append(f"  {_BEHIND[found.evidence]}")
    return lines


_BEHIND = {
    "measured": "This very work was measured on this card.",
    "same card": "Moved by what this card, and others like it, reached on other measured work.",
    "same architecture": "Moved by what cards of its architecture reached; this card itself was not measured.",
    "specs only": "Nothing like this card was measured: its datasheet speaks, so the interval is wide.",
}


def _amount(value: float, unit: str) -> str:
    """With three digits and a prefix: 2.48e10 FLOP -> "24.8 GFLOP"."""
    for prefix, size in (("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size:
            return f"{value / size:.3g} {prefix}{unit}"
    return f"{value:.3g} {unit}"
