"""Serving: one process with background work inside; migrated first, the demo only on loopback."""

from __future__ import annotations

import ctypes
import ipaddress
import multiprocessing
import sys
import threading
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker
from sqlalchemy.exc import OperationalError, ProgrammingError

from cogov import demo as content
from cogov.cli.database import alone
from cogov.cli.demonstration import table
from cogov.cli.installation import assembled, installation
from cogov.front.admin import setup_code
from cogov.ground import logs, settings
from cogov.ground.db import session
from cogov.ground.hands import Hands
from cogov.ground.health import migrated
from cogov.ground.migrating import flask_migrate
from cogov.ground.refusals import insist
from cogov.loop import queue_of, run_background, work_once
from cogov.people.commands import administered, why_not_first
from cogov.tell.live.feed import Feed
from cogov.tell.metrics import serve_metrics

HOST, PORT = ["COGOV_HOST", "HOST"], ["COGOV_PORT", "PORT"]
MOST_CONNECTIONS = 5000
REFUSED_TO_SERVE = 3
ARENA_MAX = -8
"""`M_ARENA_MAX` of malloc.h: how many heaps the threads of a process are spread over."""

GIVES_BACK_EVERY = 60.0
"""Seconds after which what lies free in the heap goes back to the machine."""


class Worker(ThreadWorker):
    """The worker whose threads keep little: pages are made by a few of them, however many wait at open sockets."""

    def get_thread_pool(self) -> Hands:
        """Return who answers requests."""
        return Hands(self.cfg.threads)


class Server(BaseApplication):
    """Gunicorn in this process: one worker with threads, which serves what was assembled before the fork."""

    def __init__(self, app: Flask, host: str, port: int, threads: int) -> None:
        self.served = app
        self._served_at = {"HOST": host, "PORT": port}
        self.options = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": 1,
            "worker_class": Worker,
            "threads": threads,
            "worker_connections": MOST_CONNECTIONS,
            "control_socket_disable": True,
            # Left alone, gunicorn lets whoever speaks from this machine, and so whomever a proxy passes on, say with
            # the headers SCRIPT_NAME and PATH_INFO under which path we live: all links of a page follow the first.
            "forwarder_headers": "",
            "preload_app": False,
            "proc_name": "cogov",
            "loglevel": "warning",
            "logger_class": logs.ServerLog,
            "graceful_timeout": 10,
            "worker_exit": lambda _server, _worker: self.stop(),
        }
        self.stop: Callable[[], None] = lambda: None
        super().__init__()  # type: ignore[no-untyped-call]

    def load_config(self) -> None:
        """Give gunicorn our settings; neither its command line nor its files are read."""
        configuration: Any = self.cfg
        for name, value in self.options.items():
            configuration.set(name, value)

    def load(self) -> Any:
        """Start the background work beside the application, in the worker: threads do not live through a fork."""
        share_one_heap()
        app = self.served
        if not str(app.config["SQLALCHEMY_DATABASE_URI"]).startswith("sqlite"):
            sys.setswitchinterval(TURN)
        # Mail without a public address leads to where we listen, wherever that was said.
        app.config.update(self._served_at)
        with app.app_context():
            # The demo shows one-time codes on the screen, since it sends none.
            app.config["DEMO"] = content.is_demo()
        working = [run_background(app)] if app.config["WORKER"] else []
        stops = (serve_metrics(app), Feed(app).start(), give_back_memory(), *working)

        def stop() -> None:
            for each in stops:
                each()

        self.stop = stop
        return app


TURN = 0.0005
"""Seconds after which a thread that goes on without a pause lets another have its turn; Python's own is ten times it.

An act asks PostgreSQL some eight times, and after each answer waits for a turn, part of the time with rows that others
wait for. SQLite answers within this process, where more turns only cost.
"""


def share_one_heap() -> None:
    """Have all threads allocate from one heap, where there is a choice (glibc).

    With several, each keeps what it once needed for a page, though only one thread at a time makes one.
    """
    choose = getattr(ctypes.CDLL(None), "mallopt", None)
    if choose is not None:
        choose(ARENA_MAX, 1)


def give_back_memory(every: float = GIVES_BACK_EVERY) -> Callable[[], None]:
    """Give back again and again what lies free in the heap, where that can be done (glibc); return what stops it.

    By itself it gives back only what is free at the end. Between pages that are made and sent there always lies
    something that is kept, so it would grow for hours by a MiB a minute, of which nothing is in use.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    over = threading.Event()

    def go() -> None:
        while trim is not None and not over.wait(every):
            trim(0)

    threading.Thread(target=go, name="giving-back", daemon=True).start()
    return over.set


@click.command()
@click.option("--host", envvar=HOST, help="监听的地址，默认 127.0.0.1。")
@click.option("--port", envvar=PORT, type=click.IntRange(1, 65535), help="监听的端口，默认 8000。")
@click.option("--demo", is_flag=True, help="数据库是空的时候装入演示社区。")
def serve(host: str | None, port: int | None, demo: bool) -> None:
    """升级数据库并开始服务，后台工作在同一进程。"""
    try:
        configured = settings.read()
    except (OSError, ValueError) as error:
        raise click.ClickException(f"设置有误：{error}") from error
    logs.configure(configured)
    host, port = host or str(configured["HOST"]), port or int(str(configured["PORT"]))
    app = assembled()
    # In a process of its own: nothing of the database may be open when the server forks its worker.
    preparing = multiprocessing.get_context("fork").Process(target=prepare, args=(app, host, port, demo))
    preparing.start()
    preparing.join()
    if preparing.exitcode:
        raise SystemExit(preparing.exitcode)
    Server(app, host, port, int(str(configured["THREADS"]))).run()  # type: ignore[no-untyped-call]


def prepare(app: Flask, host: str, port: int, demo: bool) -> None:
    """Migrate, load the demo if asked and nothing is there yet, and say where and as whom one can look."""
    try:
        with installation(app):
            with alone(app):
                if not _up_to_date():
                    flask_migrate.upgrade()
            if demo:
                _insist_on_trying(app, host)
                _load_demo(app)
            is_demo = content.is_demo()
            if is_demo:
                _insist_on_trying(app, host)
            first = None if is_demo or administered() else _setup_code(app)
    except click.ClickException as error:
        error.show()
        raise SystemExit(REFUSED_TO_SERVE) from error
    click.echo(f"共治在 http://{f'[{host}]' if ':' in host else host}:{port}/")
    if is_demo:
        click.echo(f"演示账号（登录名 密码 姓名）：\n{table()}")
    if first:
        click.echo(f"还没有管理员。用浏览器打开上面的地址，填{first}，五步设好第一个社区。")


def _up_to_date() -> bool:
    """Say whether there is nothing to migrate; a database that knows no version is one that is still empty."""
    try:
        return migrated()
    except (OperationalError, ProgrammingError):
        return False
    finally:
        session().remove()


@click.command("setup-code")
def show_setup_code() -> None:
    """显示一次性的设置码；有了管理员就不再有。"""
    with installation() as app:
        insist(why_not_first(somebody=administered()))
        click.echo(setup_code(app))


def _insist_on_trying(app: Flask, host: str) -> None:
    """Refuse to show the demo to the world: everybody knows its passwords."""
    if app.config["PRODUCTION"]:
        raise click.ClickException("演示账号人人知道密码，设了 COGOV_PRODUCTION 就不服务演示数据库。")
    if not is_loopback(host):
        raise click.ClickException(f"演示账号人人知道密码，演示数据库只能在本机服务，不能监听 {host}。")


def _setup_code(app: Flask) -> str:
    """Return how to come by the code: in production what is said here is kept as a log, and the code is a key."""
    return "运行 cogov setup-code 得到的设置码" if app.config["PRODUCTION"] else f"设置码 {setup_code(app)}"


def _load_demo(app: Any) -> None:
    try:
        content.load(app)
    except content.NotEmpty:
        return


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach an address; a name other than localhost is not trusted to."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


@click.command()
@click.option("--once", is_flag=True, help="把到期的工作做完就结束。")
def worker(once: bool) -> None:
    """在单独的进程里做后台工作。"""
    with installation() as app:
        logs.configure(app.config)
        if once:
            click.echo(f"做完 {work_once()} 件。")
        else:
            queue_of(app).run()
