from __future__ import annotations

from fake_driver import FakeDriver, in_slot

from isolab.engines.webdriver_slot import WebDriverSlot

LOGIN, THIRD = "https://idp.example/login", "https://app.example/third"


def test_a_popup_that_is_being_loaded_is_not_taken_for_a_new_window() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        driver.urls["w1"] = ""
        driver.coming = ["", "", LOGIN]
        await slot.open(THIRD)
        assert driver.urls == {"w0": "about:blank", "w1": LOGIN, "w2": THIRD}
        assert driver.opened == ["window"]

    in_slot(work)


def test_beside_a_popup_that_stays_blank_it_is_a_tab() -> None:
    async def work(slot: WebDriverSlot, driver: FakeDriver) -> None:
        driver.urls["w1"] = ""
        await slot.open(THIRD)
        assert driver.urls == {"w0": "about:blank", "w1": "", "w2": THIRD}
        assert driver.opened == ["tab"]

    in_slot(work)
