"""The loops that `probe --workload` runs, as workloads: what they should reach follows from their shapes."""

from monitor.core.models import Workload

TRAIN = Workload(
    slug="probe-train",
    title="Train a small GPT",
    family="transformer_train",
    model="GPT-170M",
    params_m=168,
    precision="amp bf16",
    batch_size=8,
    sequence_or_image=512,
    unit="tokens/s",
    training=True,
    optimizer="adamw",
    shape={"layers": 8, "hidden": 1024, "heads": 16, "kv_heads": 16, "ffn": 4096, "vocab": 32768, "kernels": 380},
)
DECODE = Workload(
    slug="probe-decode",
    title="Decode with a small language model",
    family="llm_decode",
    model="GPT-1B",
    params_m=1141,
    precision="fp16",
    batch_size=1,
    sequence_or_image=1,
    unit="tokens/s",
    training=False,
    shape={
        "layers": 16, "hidden": 2048, "heads": 16, "kv_heads": 16, "ffn": 8192, "vocab": 32768, "context": 512,
        "kernels": 210,
    },
)  # fmt: skip
LOOPS = {loop.slug: loop for loop in (TRAIN, DECODE)}
