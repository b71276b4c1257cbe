"""A small real training loop and a real decode loop on torch: one of them tells more than any matrix product.

Their shapes stand in core/probe_loops.py, so that what they reach can be held against what the model expected of them.
"""

import time
from collections.abc import Callable
from typing import Any

from monitor.core.models import Workload
from monitor.core.probe_blocks import StepResult, summary
from monitor.probe.workbench import SEED


def measure_loop(torch: Any, device: Any, workload: Workload, seconds: float) -> StepResult:
    """Tokens a second of one loop: steps of about a tenth of a second for so long, after three to warm up."""
    torch.manual_seed(SEED)
    step, tokens = (_training if workload.training else _decoding)(torch, device, workload)
    for _ in range(3):
        step()
    _wait(torch, device)
    rates: list[float] = []
    begin = time.monotonic()
    while time.monotonic() - begin < seconds or len(rates) < 3:
        start = time.perf_counter()
        step()
        _wait(torch, device)
        rates.append(tokens / (time.perf_counter() - start))
    facts: dict[str, Any] = {**summary(rates)}
    return StepResult(
        op=workload.slug,
        precision=workload.precision,
        batch=workload.batch_size,
        repeat=False,
        unit=workload.unit,
        status="ok",
        seconds=time.monotonic() - begin,
        **facts,
    )


def _training(torch: Any, device: Any, workload: Workload) -> tuple[Callable[[], None], int]:
    shape, nn = {name: int(value) for name, value in workload.shape.items()}, torch.nn
    layer = nn.TransformerEncoderLayer(
        shape["hidden"], shape["heads"], shape["ffn"], 0.0, "gelu", batch_first=True, norm_first=True
    )
    body = nn.TransformerEncoder(layer, shape["layers"], enable_nested_tensor=False)
    model = nn.ModuleDict(
        {
            "embed": nn.Embedding(shape["vocab"], shape["hidden"]),
            "body": body,
            "head": nn.Linear(shape["hidden"], shape["vocab"]),
        }
    ).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    length = workload.sequence_or_image
    data = torch.randint(shape["vocab"], (workload.batch_size, length + 1), device=device)
    mask = nn.Transformer.generate_square_subsequent_mask(length, device=device)

    def step() -> None:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            hidden = model["body"](model["embed"](data[:, :-1]), mask=mask, is_causal=True)
            logits = model["head"](hidden)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1).float(), data[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step, workload.batch_size * length


def _decoding(torch: Any, device: Any, workload: Workload) -> tuple[Callable[[], None], int]:
    shape, kind = {name: int(value) for name, value in workload.shape.items()}, torch.float16
    if device.type == "cpu":
        kind = torch.float32
    hidden, heads, context = shape["hidden"], shape["heads"], shape["context"]

    def weight(rows: int, columns: int) -> Any:
        return torch.randn(rows, columns, device=device, dtype=torch.float32).mul_(columns**-0.5).to(kind)

    layers = [
        (
            weight(3 * hidden, hidden),
            weight(hidden, hidden),
            weight(2 * shape["ffn"], hidden),
            weight(hidden, shape["ffn"]),
        )
        for _ in range(shape["layers"])
    ]
    caches = [torch.randn(2, heads, context, hidden // heads, device=device).to(kind) for _ in layers]
    head, x0 = weight(shape["vocab"], hidden), weight(1, hidden)
    attend, norm, silu = (
        getattr(torch.nn.functional, name) for name in ("scaled_dot_product_attention", "layer_norm", "silu")
    )

    def step() -> None:
        with torch.inference_mode():
            x = x0
            for (qkv, out, up, down), cache in zip(layers, caches, strict=True):
                q, k, v = (norm(x, (hidden,)) @ qkv.T).view(3, heads, 1, hidden // heads)
                cache[:, :, -1:] = torch.stack((k, v))
                x = x + attend(q[None], cache[None, 0], cache[None, 1])[0].reshape(1, hidden) @ out.T
                gate, value = (norm(x, (hidden,)) @ up.T).chunk(2, -1)
                x = x + (silu(gate) * value) @ down.T
            (x @ head.T).argmax(-1)

    return step, 1


def _wait(torch: Any, device: Any) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()
