"""New windows of WebKitGTK."""

from __future__ import annotations

from selenium.common.exceptions import NoSuchWindowException
from selenium.webdriver.remote.webdriver import WebDriver

MOST_LOOKS = 50
"""How often to look at a window that has no URL yet; each look is a round trip."""


def new_window(driver: WebDriver) -> None:
    """Open a window and switch to it.

    WebKitGTK's browser takes one that has no URL yet for a new window, and with it a popup that is just being loaded:
    so each that is there must have one. Beside a popup that stays without, it is a tab, which no popup is taken for; it
    is hidden, and opens nothing.
    """
    blank = [handle for handle in driver.window_handles if not _has_url(driver, handle)]
    driver.switch_to.new_window("tab" if blank else "window")


def _has_url(driver: WebDriver, handle: str) -> bool:
    try:
        driver.switch_to.window(handle)
        return any(driver.current_url for _ in range(MOST_LOOKS))
    except NoSuchWindowException:
        # Closed meanwhile: nothing is taken for it.
        return True
