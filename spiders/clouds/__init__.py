"""Readers of cloud price answers, one module a provider, which know nothing of each other.

To add one: a module with `CLOUD` and `parse(payload)`, its line in `_MODULES`, and a saved answer with its prices.
"""

from types import ModuleType

from spiders.cloud_answers import CloudReader
from spiders.clouds import (
    aws,
    azure,
    cloudrift,
    cudo,
    digitalocean,
    gcp,
    hotaisle,
    hyperstack,
    jarvislabs,
    lambda_cloud,
    lium,
    oracle,
    primeintellect,
    runpod,
    seeweb,
    shadeform,
    tensordock,
    vastai,
    verda,
    vultr,
)

_MODULES = {
    "aws": aws,
    "azure": azure,
    "cloudrift": cloudrift,
    "cudo": cudo,
    "digitalocean": digitalocean,
    "gcp": gcp,
    "hotaisle": hotaisle,
    "hyperstack": hyperstack,
    "jarvislabs": jarvislabs,
    "lambda": lambda_cloud,
    "lium": lium,
    "oracle": oracle,
    "primeintellect": primeintellect,
    "runpod": runpod,
    "seeweb": seeweb,
    "shadeform": shadeform,
    "tensordock": tensordock,
    "vastai": vastai,
    "verda": verda,
    "vultr": vultr,
}


def _reader(name: str, module: ModuleType) -> CloudReader:
    return CloudReader(source=module.CLOUD.source(name), cloud=module.CLOUD, parse=module.parse)


CLOUDS: dict[str, CloudReader] = {name: _reader(name, module) for name, module in _MODULES.items()}
