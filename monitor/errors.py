"""Every exception that this project raises on purpose.

MonitorError                 one clear sentence that says what to do; exit code 1
├── UsageError               the command or setting is wrong; exit code 2
│   └── SettingsError        an environment variable cannot be used
├── CatalogError             a shipped or user TOML file cannot be read
├── SourceError              a source (shop, cloud, feed, file) cannot be read
├── StoreError               the database is missing, locked, full, read-only, or of another version
├── ProbeUnavailable         nothing to measure here; exit code 3
└── DeliveryError            a channel did not take a message; `permanent` says whether to try again
"""


class MonitorError(Exception):
    """Something a person can mend; the text says how."""

    exit_code = 1


class UsageError(MonitorError):
    """The command line or a setting is wrong."""

    exit_code = 2


class SettingsError(UsageError):
    """An environment variable cannot be used."""


class CatalogError(MonitorError):
    """A TOML file of facts cannot be read or contradicts itself."""


class SourceError(MonitorError):
    """A shop, cloud, feed or file cannot be read."""


class StoreError(MonitorError):
    """The database cannot do what was asked."""


class ProbeUnavailable(MonitorError):
    """There is no GPU, driver or permission to measure one."""

    exit_code = 3


class DeliveryError(MonitorError):
    """A message was not taken by its channel.

    `permanent` is true where trying again cannot help (a wrong address, a refused key).
    """

    def __init__(self, message: str, *, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent
