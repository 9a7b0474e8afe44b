from __future__ import annotations

import pytest
from written_cases import only

from isolab.lab.document import Document, Served
from isolab.lab.record import Record
from isolab.runner.named_window import NamedWindow, final_page
from isolab.runner.windows import Windows
from isolab.scenario.case import Case

CASE = only("""
    title: Pages
    pages: {app: {}, popup: {}, other: {}, hop: {redirect: hop2}, hop2: {redirect: other}, loop: {redirect: loop2},
            loop2: {redirect: loop}}
    flow: [open: app]
    expect: {app.url: app}
""")


class World:
    def __init__(self, case: Case = CASE) -> None:
        self.record = Record()
        self.windows = Windows(case, self.record)

    def document(self, page: str, *, top: bool = True, loaded: bool = True) -> Document:
        asked = (("Sec-Fetch-Dest", "document" if top else "iframe"),)
        served = Served(0.0, "GET", f"https://app.example/{page}", page, 200, (), asked)
        document = Document(f"g1-{len(self.record.documents)}", page, served.url, served, loaded=loaded, top=top)
        self.record.documents[document.id] = document
        return document

    def window(self, name: str, *expecting: str, **more: object) -> NamedWindow:
        return self.windows.add(NamedWindow(name, expecting=list(expecting), **more))  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World()


def test_redirects_are_followed_and_a_loop_given_up() -> None:
    assert final_page(CASE, "hop") == "other"
    assert final_page(CASE, "app") == "app"
    assert final_page(CASE, "loop") in ("loop", "loop2")


def test_a_document_goes_to_the_window_that_expects_it(world: World) -> None:
    app, popup = world.window("app", "app"), world.window("popup", "hop")
    two, one = world.document("other"), world.document("app")
    world.windows.claim()
    assert (app.current, popup.current) == (one, two)


def test_frames_and_what_has_not_loaded_belong_to_no_window(world: World) -> None:
    app = world.window("app", "app")
    world.document("app", top=False)
    world.document("app", loaded=False)
    world.windows.claim()
    assert (app.current, world.windows.unclaimed()) == (None, [])


def test_a_redirect_that_was_not_followed_is_told(world: World) -> None:
    popup = world.window("popup", "hop")
    assert not world.windows.stopped(popup)
    for page, stopped in (("hop", True), ("hop2", True), ("other", False)):
        world.record.serve(Served(0.0, "GET", f"https://app.example/{page}", page, 302, (), ()))
        assert world.windows.stopped(popup) is stopped


def test_a_page_is_asked_for_with_the_first_hop_that_leads_to_it(world: World) -> None:
    popup = world.window("popup", "hop")
    assert world.windows.unasked(popup)
    world.record.serve(world.document("hop", loaded=False).served)
    assert not world.windows.unasked(popup)


def test_nothing_shows_while_another_page_is_on_its_way(world: World) -> None:
    app = world.window("app", "app")
    world.document("app")
    world.windows.claim()
    app.expecting.append("other")
    assert app.current is None


def test_pages_in_between_may_never_have_shown(world: World) -> None:
    app = world.window("app", "app", "popup", "other")
    last = world.document("other")
    world.windows.claim()
    assert (app.current, app.expecting) == (last, [])


def test_who_moved_on_by_itself_is_found_if_only_one_has_left(world: World) -> None:
    app, popup = world.window("app", "app"), world.window("popup", "popup")
    first, second = world.document("app"), world.document("popup")
    world.windows.claim()
    second.left = True
    next_one = world.document("other")
    world.windows.claim()
    assert (app.current, popup.current) == (first, next_one)


def test_pages_that_a_window_went_through_by_itself_are_its_own(world: World) -> None:
    app, popup = world.window("app", "app"), world.window("popup", "popup", "other")
    world.document("app")
    way = [world.document(page) for page in ("popup", "hop", "hop2", "other")]
    world.windows.claim()
    assert (popup.documents, app.expecting) == (way, [])


def test_a_page_that_moved_on_before_it_could_report_was_gone_through_and_a_frame_was_not(world: World) -> None:
    app, popup = world.window("app", "app"), world.window("popup", "popup", "other")
    world.document("app")
    first, hasty = world.document("popup"), world.document("hop", loaded=False)
    world.document("hop2", top=False, loaded=False)
    world.document("hop2", top=False)
    last = world.document("other")
    world.windows.claim()
    assert (popup.documents, len(app.documents)) == ([first, hasty, last], 1)


def test_pages_on_the_way_are_not_guessed_where_another_window_may_have_shown_them(world: World) -> None:
    world.window("app", "app")
    popup = world.window("popup", "popup", "other")
    world.window("elsewhere", "loop")
    world.document("app")
    first, stranger, last = (world.document(page) for page in ("popup", "hop", "other"))
    world.windows.claim()
    assert popup.documents == [first, last]
    assert world.windows.unclaimed() == [stranger]


def test_a_page_that_is_to_show_in_a_window_of_its_own_is_not_taken_for_the_next_of_one_that_left() -> None:
    case = only("""
        title: Relay
        pages: {app: {}, relay: {}, login: {}}
        flow: [open: app, {popup: relay, by: self}, {popup: login, from: relay, by: self}]
        expect: {app.url: app}
    """)
    world = World(case)
    app, relay = world.window("app", "app"), world.window("relay", "relay")
    documents = [world.document("app"), world.document("relay")]
    world.windows.claim()
    documents[1].left = True
    documents[1].handles[0] = {"opens": 1}
    login = world.document("login")
    world.windows.claim()
    assert ([app.documents, relay.documents], world.windows.unclaimed()) == ([[each] for each in documents], [login])
    opened = {"opener": "relay", "opened_in": documents[1], "opens_after": 0, "by_itself": True}
    popup = world.window("login", "login", **opened)
    world.windows.claim()
    assert popup.current is login


def test_a_page_goes_on_in_its_own_window_before_it_opens_another_of_that_name() -> None:
    case = only("""
        title: Moves on, and opens the same page later
        pages: {app: {}, landing: {}}
        flow: [open: app, {popup: pop, page: landing, by: self}]
        expect: {app.url: landing}
    """)
    world = World(case)
    app, first = world.window("app", "app"), world.document("app")
    world.windows.claim()
    pop = world.window("pop", "landing", opener="app", opened_in=first, opens_after=0, by_itself=True)
    first.left = True
    landing = world.document("landing")
    world.windows.claim()
    assert (app.current, pop.current) == (landing, None)


def test_who_moved_on_is_not_guessed(world: World) -> None:
    world.window("app", "app")
    world.window("popup", "popup")
    for page in ("app", "popup"):
        world.document(page).left = True
    world.windows.claim()
    stranger = world.document("other")
    world.windows.claim()
    assert world.windows.unclaimed() == [stranger]


def test_a_document_is_known_by_the_handle_that_it_spoke_over(world: World) -> None:
    opener = world.document("app")
    opener.heard["g1-1"] = 0
    popup = world.window("popup", opened_in=opener, handle=0)
    world.windows.adopt(world.window("app"), opener)
    assert world.document("other").id == "g1-1"
    world.windows.claim()
    assert popup.current is world.record.documents["g1-1"]


def test_a_page_that_tells_of_itself_after_the_next_one_has_come_all_the_same(world: World) -> None:
    # WebKit: the report of a page that goes on at once may break, and comes again with its farewell.
    app, popup = world.document("app"), world.window("popup", "popup")
    popup.opened_in, popup.handle = app, 0
    first, second = world.document("popup", loaded=False), world.document("other")
    app.heard[second.id] = 0
    world.windows.claim()
    first.loaded = first.left = True
    world.windows.claim()
    assert (popup.documents, popup.current) == ([first, second], second)


def test_a_window_with_two_names_is_open_once(world: World) -> None:
    app, popup = world.window("app"), world.window("popup")
    world.windows.all["again"] = popup
    assert world.windows.open() == [app, popup]
    popup.closed = True
    assert world.windows.open() == [app]


def test_served_and_never_shown(world: World) -> None:
    popup = world.window("popup", "hop")
    silent = world.document("other", loaded=False)
    assert list(world.windows.served(popup)) == [silent]
    assert list(world.windows.served(world.window("app", "app"))) == []


def test_two_windows_on_their_way_to_one_page_are_told_apart_by_the_handle(world: World) -> None:
    opener = world.document("app")
    world.windows.adopt(world.window("app"), opener)
    first = world.window("first", "popup", opened_in=opener, handle=0)
    second = world.window("second", "popup", opened_in=opener, handle=1)
    faster = world.document("popup")
    faster.facts["opener"] = True
    world.windows.claim()
    assert (first.current, second.current) == (None, None)
    opener.heard[faster.id] = 1
    world.windows.claim()
    assert (first.current, second.current) == (None, faster)


def test_the_handle_of_a_click_is_found_whenever_it_is_told(world: World) -> None:
    app = world.document("app")
    first = world.window("first", opener="app", opened_in=app, opens_after=0)
    second = world.window("second", opener="app", opened_in=app, opens_after=0)
    world.windows.claim()
    assert (first.handle, second.handle) == (None, None)
    app.handles[4] = {"opens": 2, "null": True}
    app.handles[3] = {"opens": 1}
    world.windows.claim()
    assert (first.handle, first.gave_null) == (3, False)
    assert (second.handle, second.gave_null) == (None, True)


def test_the_handle_of_a_window_that_a_page_opens_by_itself_is_found_before_or_after_the_step(world: World) -> None:
    app = world.window("app", "app")
    opener = world.document("app")
    world.windows.claim()
    opener.handles.update({0: {"null": False, "opens": 1}, 1: {"null": False, "opens": 2}})
    assert world.windows.opens_told(opener) == 0
    early = world.window("early", "popup", opener="app", opened_in=opener, opens_after=world.windows.opens_told(opener))
    world.windows.claim()
    assert (early.handle, world.windows.opens_told(opener)) == (0, 1)
    second = world.window("second", "popup", opener="app", opened_in=opener, opens_after=1)
    late = world.window("late", "popup", opener="app", opened_in=opener, opens_after=1)
    world.windows.claim()
    assert (second.handle, late.handle) == (1, None)
    opener.handles[2] = {"null": True, "opens": 3}
    world.windows.claim()
    assert (late.handle, late.gave_null, app.documents) == (None, True, [opener])


def test_a_window_that_was_there_before_the_click_is_not_its_own(world: World) -> None:
    app = world.document("app")
    app.handles[0] = {"opens": 1}
    later = world.window("later", opener="app", opened_in=app, opens_after=1)
    world.windows.claim()
    assert (later.handle, later.opened_as) == (None, None)


def test_a_click_that_reuses_a_window_by_its_name_gives_it_a_second_name(world: World) -> None:
    app, page = world.document("app"), world.document("popup")
    old = world.window("old", opener="app", opened_in=app, handle=0)
    new = world.window("new", "popup", opener="app", opened_in=app, opens_after=1)
    app.handles[0] = {"opens": 2}
    world.windows.claim()
    assert world.windows["new"] is old
    assert (old.documents, new.handle) == ([page], 0)


@pytest.mark.parametrize(("asked", "there"), [("document", True), ("iframe", False), (None, False)])
def test_a_page_asked_for_by_itself_is_on_the_way_until_it_has_loaded(
    world: World, asked: str | None, there: bool
) -> None:
    world.window("app", "app")
    world.document("app")
    sent = world.document("other", loaded=False)
    sent.served.request_headers = (("Sec-Fetch-Dest", asked),) if asked else ()
    world.windows.claim()
    assert (sent in world.windows.on_the_way()) is there
    world.document("popup")
    assert sent not in world.windows.on_the_way(), "a later page has taken its place"


def test_a_window_that_its_opener_closes_on_its_way_ends_with_the_page_that_it_left(world: World) -> None:
    popup = world.window("popup", "popup")
    app = world.document("app")
    popup.opened_in, popup.handle = app, 0
    shown = world.document("popup")
    world.windows.claim()
    assert not world.windows.may_end_unseen(popup)
    popup.expecting = ["other"]
    assert world.windows.may_end_unseen(popup)
    assert not world.windows.reads_closed(popup)
    app.handles[0] = {"closed": True}
    assert world.windows.reads_closed(popup)
    on_its_way = world.document("other", loaded=False)
    world.windows.end(popup)
    assert (popup.closed, popup.current, on_its_way.left) == (True, shown, True)
    assert not world.windows.may_end_unseen(popup)
    on_its_way.loaded = True
    world.windows.claim()
    assert on_its_way not in world.windows.on_the_way(), "its last words come late"
    assert popup.documents == [shown, on_its_way], "what it says was said in that window"


def test_late_words_over_another_windows_handle_are_not_those_of_the_window_that_has_ended(world: World) -> None:
    app = world.document("app")
    world.windows.adopt(world.window("app"), app)
    first = world.window("first", "popup", opened_in=app, handle=0)
    second = world.window("second", "popup", opened_in=app, handle=1)
    late = world.document("popup", loaded=False)
    world.windows.end(first)
    late.loaded, app.heard[late.id] = True, 1
    world.windows.claim()
    assert (first.documents, second.documents) == ([], [late])


def test_a_page_that_went_with_its_window_is_not_one_that_another_window_went_through(world: World) -> None:
    app = world.document("app")
    world.windows.adopt(world.window("app"), app)
    shut = world.window("shut", "other", opened_in=app, handle=0)
    world.document("other", loaded=False)
    world.windows.end(shut)
    popup = world.window("popup", "popup", opened_in=app, handle=1)
    shown = world.document("popup")
    world.windows.claim()
    assert popup.documents == [shown]


def test_a_page_has_run_where_its_opener_has_heard_it_over_the_windows_own_handle(world: World) -> None:
    app = world.document("app")
    popup = world.window("popup", "popup", opened_in=app, handle=0)
    sent = world.document("popup", loaded=False)
    assert not world.windows.ran(popup)
    app.heard[sent.id] = 1
    assert not world.windows.ran(popup)
    app.heard[sent.id] = 0
    assert world.windows.ran(popup)
    sent.loaded = True
    assert not world.windows.ran(popup)


def test_a_page_that_closes_its_window_tells_unless_it_is_the_openers_script_that_closes_it(world: World) -> None:
    popup = world.window("popup", "popup")
    app = world.document("app")
    popup.opened_in, popup.handle = app, 0
    shown = world.document("popup")
    world.windows.claim()
    popup.expecting = ["other"]
    shown.closing = True
    assert not world.windows.may_end_unseen(popup)
    app.shut.add(shown.id)
    assert world.windows.may_end_unseen(popup)


def test_a_handle_that_turns_closed_under_a_linked_page_means_that_the_window_is_closed(world: World) -> None:
    popup = world.window("popup", "popup")
    app = world.document("app")
    popup.opened_in, popup.handle = app, 0
    assert not world.windows.closed_by_opener(popup)
    shown = world.document("popup")
    world.windows.claim()
    app.handles[0] = {"closed": True}
    assert not world.windows.closed_by_opener(popup)
    shown.facts["opener"] = True
    assert world.windows.closed_by_opener(popup)
    popup.expecting = ["other"]
    assert not world.windows.closed_by_opener(popup)
