"""What a short reply means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.core.answers import Told, told_by
from anlan.warning.core.links import ForgedLink, letter_of, new_letter, token_for
from anlan.warning.core.outbox import Queued, letters, next_way
from anlan.warning.data import AnswerKind


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1", Told(AnswerKind.RECEIVED)),
        (" １ ", Told(AnswerKind.RECEIVED)),
        ("2", Told(AnswerKind.MOVING)),
        ("3 12 8", Told(AnswerKind.DONE, 12, 8)),
        ("3，12，8", Told(AnswerKind.DONE, 12, 8)),
        ("3 通知12 转移8", Told(AnswerKind.DONE, 12, 8)),
        ("4", Told(AnswerKind.CANNOT_REACH)),
        ("5", Told(AnswerKind.NEED_HELP)),
        ("收到", Told(AnswerKind.RECEIVED)),
        ("收到，正在转移", Told(AnswerKind.MOVING)),
        ("路断了，过不去，请支援", Told(AnswerKind.NEED_HELP)),
        ("OK", Told(AnswerKind.RECEIVED)),
        ("6", None),
        ("", None),
        ("退订", None),
        ("13800000001", None),
    ],
)
def test_what_a_reply_means(text, told):
    assert told_by(text) == told


@given(st.text())
def test_any_text_is_read_or_left(text):
    found = told_by(text)
    assert found is None or isinstance(found.word, AnswerKind)


@given(st.text())
def test_no_text_opens_a_letter_that_was_not_signed(text):
    with pytest.raises(ForgedLink):
        letter_of(text, key="key")


def test_a_link_opens_its_letter_under_its_key_alone():
    letter = new_letter()
    token = token_for(letter, key="key")
    assert letter_of(token, key="key") == letter
    for other in (token[:-1] + "!", token_for(letter, key="other"), token[::-1], token + "a"):
        with pytest.raises(ForgedLink):
            letter_of(other, key="key")


queued = st.builds(
    Queued,
    key=st.integers(1, 10**6),
    to=st.integers(1, 5),
    channel=st.sampled_from(["sms", "voice"]),
    hazard=st.just("flash_flood"),
    colour=st.integers(1, 4),
)


@given(st.lists(queued, unique_by=lambda one: one.key))
def test_every_message_stands_in_one_letter_and_the_worst_first(messages):
    made = letters(messages)
    assert sorted(one.key for group in made for one in group) == sorted(m.key for m in messages)
    for group in made:
        assert len({(one.to, one.channel) for one in group}) == 1
        assert group[0].colour == max(one.colour for one in group)
    assert [-group[0].colour for group in made] == sorted(-group[0].colour for group in made)


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), st.data())
def test_every_way_is_tried_once_before_a_message_is_given_up(ways, data):
    first = data.draw(st.sampled_from(ways))
    tried, passed = [first], 0
    while (other := next_way(ways, after=tried[-1], passed=passed)) is not None:
        tried.append(other)
        passed += 1
    assert sorted(tried) == sorted(ways)
