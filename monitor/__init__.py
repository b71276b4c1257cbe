"""gpu-limbo: when to buy a GPU for deep learning, and which one."""

__version__ = "0.1.0"
