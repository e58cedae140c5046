"""What the surroundings say: every setting that comes from the environment, typed, read once.

A missing or impossible value stops the start with a sentence that names the variable.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from cryptography.fernet import Fernet
from limits import parse
from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


#: The base maps of others that can be switched on (mapui/wall/rasters.py).
RASTER_MAPS = frozenset({"tianditu", "tianditu-images", "amap", "amap-images", "osm"})


class Mode(StrEnum):
    """What the process runs for."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


class Environment(BaseSettings):
    """The variables, their defaults and their checks; README.md lists them."""

    model_config = SettingsConfigDict(env_prefix="LINGE_", extra="ignore")

    mode: Mode = Mode.PRODUCTION
    secret_key: str = ""
    secret_key_file: Path | None = None
    data_keys: Annotated[tuple[str, ...], NoDecode] = ()
    data_keys_file: Path | None = None
    digest_key: str = ""
    digest_key_file: Path | None = None
    keep_identity_numbers: bool = False
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    origins: Annotated[tuple[str, ...], NoDecode] = ()
    behind_proxy: bool = False
    https: bool = False
    language: str = "zh-hans"
    time_zone: str = "Asia/Shanghai"
    media_root: Path = ROOT / "var" / "media"
    tiles_root: Path = ROOT / "var" / "tiles"
    static_root: Path = ROOT / "var" / "static"
    s3_bucket: str = ""
    s3_prefix: str = ""
    s3_endpoint: str = ""
    s3_region: str = ""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    pool_size: int = Field(default=10, ge=2, le=200)
    week_hours: int = Field(default=40, ge=1, le=168)
    reports_per_user: str = "600/5 minutes"
    reports_per_address: str = "6000/5 minutes"
    residents_per_address: str = "60/10 minutes"
    reveals_per_hour: int = Field(default=60, ge=1, le=10_000)
    raster_maps: Annotated[tuple[str, ...], NoDecode] = ()
    raster_cache: Path = ROOT / "var" / "rasters"
    tianditu_key: str = ""
    tianditu_key_file: Path | None = None
    tianditu_url: str = "https://t0.tianditu.gov.cn"

    @field_validator("hosts", "origins", "data_keys", "raster_maps", mode="before")
    @classmethod
    def _comma_list(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("reports_per_user", "reports_per_address", "residents_per_address")
    @classmethod
    def _rate(cls, value: str, info: ValidationInfo) -> str:
        try:
            parse(value)
        except ValueError:
            message = f"LINGE_{str(info.field_name).upper()}: a rate, for example 600/5 minutes"
            raise ValueError(message) from None
        return value

    @model_validator(mode="after")
    def _from_files(self) -> Self:
        if not self.secret_key and self.secret_key_file and self.secret_key_file.exists():
            self.secret_key = self.secret_key_file.read_text().strip()
        if not self.data_keys and self.data_keys_file and self.data_keys_file.exists():
            self.data_keys = tuple(self.data_keys_file.read_text().split())
        if not self.digest_key and self.digest_key_file and self.digest_key_file.exists():
            self.digest_key = self.digest_key_file.read_text().strip()
        if not self.tianditu_key and self.tianditu_key_file and self.tianditu_key_file.exists():
            self.tianditu_key = self.tianditu_key_file.read_text().strip()
        if self.mode is Mode.TEST:
            self.secret_key = self.secret_key or "only-for-tests-" + "0123456789abcdef" * 4
            self.data_keys = self.data_keys or ("b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OWFiY2RlZjA=",)
            self.hosts = self.hosts or ("testserver", "localhost", "127.0.0.1")
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = []
        if not self.database_url:
            missing.append(
                "DATABASE_URL: where the PostGIS database is, postgis://user:password@host:5432/name"
            )
        if len(self.secret_key) < 50:  # noqa: PLR2004 - what Django's own deployment check asks for
            missing.append("LINGE_SECRET_KEY (or LINGE_SECRET_KEY_FILE): at least 50 random characters")
        if not all(_is_data_key(key) for key in self.data_keys):
            missing.append("LINGE_DATA_KEYS (or LINGE_DATA_KEYS_FILE): each 32 random bytes in base64url")
        if not self.hosts:
            missing.append("LINGE_HOSTS: the names this site answers to, separated by commas")
        if "*" in self.hosts:
            missing.append("LINGE_HOSTS: name the hosts; * would let any Host header in")
        if missing:
            raise ValueError("; ".join(missing))
        return self

    @model_validator(mode="after")
    def _rasters(self) -> Self:
        unknown = ", ".join(sorted(set(self.raster_maps) - RASTER_MAPS))
        if unknown:
            message = f"LINGE_RASTER_MAPS: no {unknown}; there are {', '.join(sorted(RASTER_MAPS))}"
            raise ValueError(message)
        if any(name.startswith("tianditu") for name in self.raster_maps) and not self.tianditu_key:
            message = "LINGE_TIANDITU_KEY (or LINGE_TIANDITU_KEY_FILE): Tianditu answers for a key only"
            raise ValueError(message)
        return self


def _is_data_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def read_environment() -> Environment:
    """Read the environment, or stop the process with a plain sentence for each fault."""
    try:
        return Environment()
    except ValidationError as error:
        faults = "\n".join(f"  - {fault['msg'].removeprefix('Value error, ')}" for fault in error.errors())
        message = (
            f"Linge can't start: the settings are not complete.\n{faults}\nREADME.md lists all settings."
        )
        raise SystemExit(message) from None
