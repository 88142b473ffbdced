"""320 px, letters twice as large: a word of ours stays whole, a placeholder is read to its end.

`test_axe.py`, which opens every screen, asks it of each.
"""

from collections.abc import Callable

from backend.prompts.library import QUESTIONS
from tests.journeys.giving import people
from tests.journeys.phone import Phone
from tests.journeys.test_long_names import TWICE, opened

# Words that go on in the next line, but for `names`, and placeholders that are cut.
BROKEN = """names => {
    const root = document.querySelector('dialog[open]') ?? document.body
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    const found = []
    while (walker.nextNode()) {
        const text = walker.currentNode
        const around = text.parentElement
        if (!around.checkVisibility()) continue
        if (around.closest('.visually-hidden, .twin, textarea')) continue
        for (const { 0: word, index } of text.data.matchAll(/(?<!\\S)[\\p{L}’]+/gu)) {
            if (names.includes(word)) continue
            const range = document.createRange()
            range.setStart(text, index)
            range.setEnd(text, index + word.length)
            const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)))
            if (lines.size > 1) found.push(word)
        }
    }
    for (const field of root.querySelectorAll('input[placeholder]')) {
        const { font, paddingLeft, paddingRight } = getComputedStyle(field)
        const pen = document.createElement('canvas').getContext('2d')
        pen.font = font
        const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
        if (pen.measureText(field.placeholder).width > room) found.push(field.placeholder)
    }
    return found
}"""


def words_in_names(phone: Phone) -> list[str]:
    return [word for name in people(phone) for word in name.split()]


def broken(phone: Phone, where: str, names: list[str]) -> list[str]:
    """What is broken on the screen as it is now, with letters twice as large, as they stay."""
    phone.page.set_viewport_size({"width": 320, "height": 780})
    phone.page.evaluate(TWICE)
    phone.settle()
    return [f"{where}: {one}" for one in phone.page.evaluate(BROKEN, names)]


def test_a_word_of_ours_stays_whole_in_a_sheet(signed_in: Callable[..., Phone]) -> None:
    amina = signed_in("Amina", is_mobile=False)
    amina.page.set_viewport_size({"width": 320, "height": 780})
    opened(amina, "/me/rhythm", 200)
    amina.tap("button", "Turn on notifications")
    assert not broken(amina, "the question about notifications", words_in_names(amina))


def test_a_word_of_any_day_s_question_stays_whole(signed_in: Callable[..., Phone]) -> None:
    """Which one it is depends on the day, so each is put in the place of today's."""
    amina = signed_in("Amina", is_mobile=False)
    amina.page.locator("h1.question").wait_for()
    amina.page.set_viewport_size({"width": 320, "height": 780})
    amina.page.evaluate(TWICE)
    put = "text => { document.querySelector('h1.question').textContent = text }"
    names, found = words_in_names(amina), []
    for question in QUESTIONS:
        amina.page.evaluate(put, question.text)
        found += amina.page.evaluate(BROKEN, names)
    assert not found


def test_the_measure_sees_a_broken_word(signed_in: Callable[..., Phone]) -> None:
    """The control: a word that is wider than its line."""
    amina = signed_in("Amina", is_mobile=False)
    amina.page.evaluate(
        """() => {
            const narrow = document.createElement('p')
            narrow.textContent = 'Notifications'
            narrow.style.inlineSize = '3rem'
            document.querySelector('main').append(narrow)
        }"""
    )
    assert "Notifications" in amina.page.evaluate(BROKEN, [])
