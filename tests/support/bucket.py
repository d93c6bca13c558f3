"""A real server that speaks S3, over a folder, on 127.0.0.1 (`rclone serve s3`)."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from chassis.settings import Settings
from tests.support.infrastructure import free_port, until

KEY, SECRET = "kediri", "rahasia-sekali"
RCLONE = Path(sys.executable).with_name("rclone")


@dataclass
class S3:
    """Its folder, one bucket in it, and its process."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __enter__(self) -> "S3":
        (self.folder / "foto").mkdir(parents=True, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, and wait until it does."""
        serve = [str(RCLONE), "serve", "s3", "--config", "", "--auth-key", f"{KEY},{SECRET}"]
        self.log = (self.folder.parent / "s3.log").open("ab")
        self.process = subprocess.Popen(
            [*serve, "--addr", f"127.0.0.1:{self.port}", str(self.folder)],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        until(self._answers)

    def stop(self) -> None:
        """Away, at once."""
        self.process.kill()
        self.process.wait(5)
        self.log.close()

    def settings(self, **more: str) -> dict[str, str]:
        """What a gateway has to know."""
        return {
            "s3_bucket": "foto",
            "s3_endpoint": f"http://127.0.0.1:{self.port}",
            "s3_access_key": KEY,
            "s3_secret_key": SECRET,
            **more,
        }

    def of_a_gateway(self, **more: str) -> Settings:
        """Settings of nothing else."""
        return Settings(region="uji", amqp_uri="", mongo_uri="", **self.settings(**more))

    def kept(self) -> dict[str, bytes]:
        """What lies in the bucket."""
        files = (path for path in (self.folder / "foto").rglob("*") if path.is_file())
        return {
            path.relative_to(self.folder / "foto").as_posix(): path.read_bytes() for path in files
        }

    def _answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/").status_code < 500
        except httpx.TransportError:
            return False
