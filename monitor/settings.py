"""Configuration from the environment, read once at an entry point and passed on as plain arguments.

Every field is an environment variable `GPU_LIMBO_<NAME>`; `DATABASE_URL` is also read without the prefix. A secret may
stand in a file: `GPU_LIMBO_<NAME>_FILE` names it.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from monitor.core.countries import country_code, is_code
from monitor.errors import SettingsError

if TYPE_CHECKING:
    from monitor.core.models import Preferences

PREFIX = "GPU_LIMBO_"


class Settings(BaseSettings):
    """What a user may set; the README's table lists the same names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    home: Path = Field(default=Path("~/.local/share/gpu-limbo"), description="Where the database and caches live.")
    database_url: str = Field(
        default="",
        repr=False,
        validation_alias=AliasChoices("GPU_LIMBO_DATABASE_URL", "DATABASE_URL"),
        description="PostgreSQL 15+ or SQLite address; empty: SQLite in `home`.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the dashboard listens on.")
    port: int = Field(default=8501, ge=1, le=65535, description="Port of the dashboard.")
    published_on: str = Field(
        default="",
        description="For a container: the machine's address on which its port is published. Loopback needs no login.",
    )
    password: str = Field(default="", repr=False, description="Password of the owner (or its argon2 hash).")
    viewer_password: str = Field(default="", repr=False, description="Password of people who may look and not change.")
    login: Literal["", "proxy"] = Field(
        default="", description="proxy: a login of yours stands before the dashboard, and it trusts whoever comes."
    )
    oidc_metadata_url: str = Field(
        default="", description="Login by OIDC: the provider's .well-known/openid-configuration."
    )
    oidc_client_id: str = Field(default="", description="Login by OIDC: this client's id.")
    oidc_client_secret: str = Field(default="", repr=False, description="Login by OIDC: this client's secret.")
    oidc_owners: str = Field(default="", description="Confirmed e-mails or subjects of owners, with commas between.")
    oidc_viewers: str = Field(
        default="", description="The same for people who may look; @example.org: all of a domain."
    )
    api_token: str = Field(
        default="", repr=False, description="Lets programs read the API, feed, calendar, badge and metrics."
    )
    public_url: str = Field(default="", description="Address of the dashboard as others see it, for links in alerts.")
    contact: str = Field(
        default="",
        description="E-mail or address that goes into the crawler's user agent, so that shops can reach you.",
    )
    channels: str = Field(
        default="", repr=False, description="Where alerts go: Apprise URLs or webhook+https://..., separated by spaces."
    )
    webhook_secret: str = Field(default="", repr=False, description="Secret of the signed webhook (whsec_...).")
    ping_url: str = Field(
        default="",
        repr=False,
        description="Asked after each good round (healthchecks.io and alike), so that silence is noticed.",
    )
    region: str = Field(default="US", description="Your country (ISO), for prices and tax.")
    currency: str = Field(default="USD", description="Currency in which prices are compared.")
    retention_days: int = Field(
        default=365, ge=30, description="Days after which single offers thin out to daily values."
    )
    allow_private_hosts: str = Field(
        default="", description="Hosts (comma separated) that webhooks and sources may reach although they are private."
    )

    @field_validator("region")
    @classmethod
    def _country(cls, text: str) -> str:
        code = country_code(text)
        if not is_code(code):
            raise ValueError("a region is a country code such as DE")
        return code

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.home.expanduser() / 'gpu-limbo.db'}"

    @property
    def preferences(self) -> "Preferences":
        """What the owner's choices on the settings page stand over."""
        from monitor.core.models import Preferences  # brings numpy, which most commands do without

        return Preferences(region=self.region, currency=self.currency)


def load_settings() -> Settings:
    """Read the environment; raises `SettingsError` with the variable's name and what is wrong with it."""
    given = _from_files()
    try:
        return Settings(**given)  # pyright: ignore[reportArgumentType] - pydantic turns text into what each field is
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"the setting {PREFIX}{name} cannot be used: {first['msg']}; mend or unset it") from None


def _from_files() -> dict[str, str]:
    """Values of `GPU_LIMBO_<NAME>_FILE` (and DATABASE_URL_FILE), by the name that `Settings` takes."""
    found: dict[str, str] = {}
    for name in Settings.model_fields:
        names = [f"{PREFIX}{name.upper()}_FILE"] + (["DATABASE_URL_FILE"] if name == "database_url" else [])
        for variable in names:
            if path := os.environ.get(variable):
                try:
                    found["DATABASE_URL" if name == "database_url" else name] = Path(path).read_text("utf-8").strip()
                except OSError as error:
                    raise SettingsError(f"{variable} names {path}, which cannot be read: {error.strerror}") from None
    return found
