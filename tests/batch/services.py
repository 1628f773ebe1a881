"""Services on this machine for tests: an object store, and a line to it that can break."""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Services that are tried only once: a broken one is not waited for.
IMPATIENT = {"AWS_MAX_ATTEMPTS": "1"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more: str) -> dict[str, str]:
    """What a command needs to know."""
    path = os.pathsep.join([str(ROOT), *(each for each in sys.path if each)])
    return os.environ | {"PYTHONPATH": path} | more


def einvoice(
    env: dict[str, str], *arguments: object, folder: Path | None = None
) -> tuple[int, str, str]:
    """Exit code, output and errors of a command."""
    command = [sys.executable, "-m", "einvoice", *map(str, arguments)]
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the service ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the service does not answer")


@contextmanager
def service(
    *command: object, env: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended at the end."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(
        [sys.executable, *map(str, command)], env=environment(**(env or {})), **quiet
    ) as process:
        try:
            yield process
        finally:
            process.terminate()  # one that has processes of its own ends them
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def scheduler(**env: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The scheduler of a cluster: its address, and its process."""
    port = free_port()
    command = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port)
    with service(*command, "--no-dashboard", env=env) as process:
        wait_for(port, process)
        yield f"tcp://127.0.0.1:{port}", process


@contextmanager
def worker(
    address: str, folder: Path, *options: object, **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of a cluster, with a process that starts it again when it dies."""
    command = ("-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard")
    place = ("--host", "127.0.0.1", "--local-directory", folder)
    with service(*command, *place, *options, env=env) as process:
        yield process


class Store:
    """An object store that speaks S3."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        import boto3

        self._client = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="key",
            aws_secret_access_key="secret",
        )

    def put(self, key: str, data: bytes) -> None:
        """Put an object; a key without a slash is a new bucket."""
        bucket, _, name = key.partition("/")
        if name:
            self._client.put_object(Bucket=bucket, Key=name, Body=data)
        else:
            self._client.create_bucket(Bucket=bucket)

    def get(self, key: str) -> bytes | None:
        bucket, _, name = key.partition("/")
        try:
            return self._client.get_object(Bucket=bucket, Key=name)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None

    def environment(self, port: int | None = None, **more: str) -> dict[str, str]:
        """What makes commands use it; through another port if one is named."""
        return environment(
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{port or self.port}",
            AWS_ACCESS_KEY_ID="key",
            AWS_SECRET_ACCESS_KEY="secret",
            AWS_DEFAULT_REGION="eu-west-3",
            **more,
        )


@contextmanager
def object_store() -> Iterator[Store]:
    port = free_port()
    with service("-m", "moto.server", "-H", "127.0.0.1", "-p", port) as process:
        wait_for(port, process)
        store = Store(port)
        yield store
        store._client.close()


class Line:
    """Passes connections on to a port, until it breaks.

    Attributes:
        most: bytes of answers that a connection may carry; None for all.
        left: bytes of answers that all connections may carry; None for all.
        cuts: how often it cuts a connection before it is mended; None for ever.
        cut: how many connections it has cut.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.most: int | None = None
        self.left: int | None = None
        self.cuts: int | None = None
        self.cut = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._begin(self._listen)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _begin(self, work: Callable[..., None], *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._begin(self._pass, client)

    def _pass(self, client: socket.socket) -> None:
        carried = 0
        server = socket.create_connection(("127.0.0.1", self.target))
        with client, server, suppress(OSError):
            while True:
                for source in select.select([client, server], [], [])[0]:
                    data = source.recv(4096)
                    is_answer = source is server
                    carried += len(data) * is_answer
                    if not data or (is_answer and self._breaks(carried, len(data))):
                        client.sendall(data[: len(data) // 2])
                        return
                    (client if is_answer else server).sendall(data)

    def _breaks(self, carried: int, more: int) -> bool:
        if self.cuts is not None and self.cut >= self.cuts:
            return False
        if self.left is not None:
            self.left -= more
        broken = (self.left is not None and self.left < 0) or (
            self.most is not None and carried > self.most
        )
        self.cut += broken
        return broken


@contextmanager
def line_to(store: Store) -> Iterator[Line]:
    line = Line(store.port)
    try:
        yield line
    finally:
        line.close()
