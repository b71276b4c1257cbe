"""Readers of cloud price answers, one module a provider, which know nothing of each other.

To add one: a module with `CLOUD` and `parse(payload)`, its line in `CLOUDS`, and a saved answer with its prices.
"""

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

CLOUDS: dict[str, CloudReader] = {
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
