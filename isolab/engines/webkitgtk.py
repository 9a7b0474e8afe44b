"""WebKitGTK's MiniBrowser under selenium: what it is started with, a deadline for every command, its certain end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from selenium.webdriver.common.webdriver import LocalWebDriver
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import TimeoutError as NoAnswer
from urllib3.util import Retry

from isolab.engines.processes import STOP_S, kill_family

COMMAND_S = 120.0
"""How long the driver may take to answer a command, in seconds; one that takes longer is broken, though alive.

A command may wait for an element and for a page, one after the other, and the driver must give up both before that: a
page that never ends to load is no broken browser.
"""

SWITCH_S = 20.0
"""How long it may take to come to another window, in seconds. Where its page is stopped, it is never reached: say by a
dialog of a document without a probe, which the driver can dismiss in the window only that it is at."""

LOAD_S = 60.0
"""How long a page may load, in seconds."""

PAINTED_ON_CPU = {"WEBKIT_SKIA_ENABLE_CPU_RENDERING": "1"}
"""The environment of a browser that paints without OpenGL, as long as the user's own does not say otherwise.

A virtual display has no graphics card: OpenGL there is work of the processor too, a tenth of that of a run in three
engines (measured). Compositing and WebGL still go that way: to do without the former (WEBKIT_DISABLE_COMPOSITING_MODE)
would save more, but pages with WebGL or a view transition then crash (measured in 2.50.6).
"""


class Unanswered(NoAnswer):
    """The driver did not answer a command in time."""


class Browser(LocalWebDriver):
    """Selenium's WebKitGTK with a deadline for each command, also the one that starts the browser."""

    def __init__(self, options: Options, service: Service) -> None:
        self.service = service
        # Selenium hands this on to urllib3's pool. Unless told otherwise, that asks three times more when time is up.
        pool = {"retries": Retry(3, read=False)}
        config = ClientConfig(service.service_url, init_args_for_pool_manager={"init_args_for_pool_manager": pool})
        self._config = config
        super().__init__(command_executor=RemoteConnection(client_config=config), options=options)  # type: ignore[no-untyped-call]

    def execute(self, driver_command: Any, params: dict[str, Any] | None = None) -> Any:
        """Send one command. Raises Unanswered and what selenium raises; a driver that starts no browser is killed."""
        try:
            return self._answer(driver_command, params)
        except Exception:
            # Before selenium ends the driver itself: what that has started is then nobody's child, and lost.
            if driver_command == Command.NEW_SESSION:
                end_driver(self.service)
            raise

    def _answer(self, command: str, params: dict[str, Any] | None) -> Any:
        limit_s = {Command.SWITCH_TO_WINDOW: SWITCH_S, Command.QUIT: STOP_S}.get(command, COMMAND_S)
        self._config.timeout = limit_s
        try:
            return super().execute(command, params)
        except NoAnswer as error:
            raise Unanswered(f"it did not answer `{command}` within {limit_s:g} s") from error


def new_service(driver: str, environment: Mapping[str, str]) -> Service:
    """The driver's process, to be started: `driver` is WebKitWebDriver's path."""
    # In a session of its own: Ctrl-C at the terminal is for isolab, which then ends its children in order.
    return Service(driver, env=environment, popen_kw={"start_new_session": True})


def new_options(program: str, proxy_port: int) -> Options:
    """What the browser is started with: `program` is MiniBrowser's path."""
    options = Options()
    options.binary_location = program
    options.add_argument("--automation")
    # The WebDriver `proxy` capability speaks TLS to the proxy and loads nothing; the argument works.
    options.add_argument(f"--proxy=http://127.0.0.1:{proxy_port}")
    options.add_argument("--javascript-can-open-windows-automatically=true")
    options.set_capability("acceptInsecureCerts", True)
    # A dialog that nobody answers stops its page, and every command with it.
    options.set_capability("unhandledPromptBehavior", "dismiss")
    options.set_capability("timeouts", {"pageLoad": int(LOAD_S * 1000)})
    return options


def end_driver(service: Service) -> None:
    """Kill the driver and all that it has started; one that is gone already, or was never there, is no mistake."""
    # Selenium's service has no such attribute before it has started the process.
    process = getattr(service, "process", None)
    if process is None:
        return
    if process.poll() is None:
        kill_family(process)
    # There is nothing left to wait for: it takes note that the process ended, and closes the pipe to it.
    service.stop()


def told(error: Exception) -> str:
    """What went wrong with a command, as one message."""
    return f"WebKitWebDriver: {str(error).strip()}"
