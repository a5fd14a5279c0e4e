"""The buttons: received, answered by phone, done."""

import pytest
from django.test import Client
from django.urls import reverse

from anlan.command.data import TaskState
from anlan.command.models import ResponseTask
from anlan.kernel.models import JournalEntry
from anlan.warning.data import SummonsState
from tests.evening import Evening
from tests.rooms.web.conftest import Visit


def said(client: Client, address: str) -> str:
    """Return the page that follows."""
    return client.get(address).content.decode()


def test_the_person_called_finds_the_button_and_answers(evening: Evening, visit: Visit) -> None:
    client, call = visit("slope"), evening.call_of("slope leader")
    address = reverse("answer_call", args=[call.uuid])
    assert address in said(client, reverse("calls"))
    assert address in said(client, reverse("warning", args=[evening.warning.uuid]))
    answer = client.post(address, {"next": reverse("calls")})
    assert answer.headers["Location"] == reverse("calls")
    after = said(client, reverse("calls"))
    assert "已为坡下村记录" in after
    assert 'value="received"' not in after
    assert 'name="moved"' in after  # what is asked next: what was done
    call.refresh_from_db()
    assert call.state == SummonsState.ACKNOWLEDGED
    assert call.answered_via == "page"
    entry = JournalEntry.objects.get(act="summons.answered", subject=f"summons:{call.uuid}")
    assert entry.account_id == evening.accounts["slope"].pk
    assert entry.person_id == evening.cast.people["slope leader"]


def test_then_they_tell_what_was_done(evening: Evening, visit: Visit) -> None:
    client, call = visit("slope"), evening.call_of("slope leader")
    address = reverse("answer_call", args=[call.uuid])
    client.post(address, {"word": "moving"})
    client.post(address, {"word": "done", "notified": "9", "moved": "-1"})
    assert "人数不能是 -1" in said(client, reverse("calls"))
    client.post(address, {"word": "done", "notified": "9", "moved": "7"})
    assert 'name="moved"' not in said(client, reverse("calls"))
    call.refresh_from_db()
    assert (call.word, call.notified, call.moved) == ("done", 9, 7)


def test_a_second_answer_changes_nothing_and_says_so(evening: Evening, visit: Visit) -> None:
    client, call = visit("slope"), evening.call_of("slope leader")
    address = reverse("answer_call", args=[call.uuid])
    client.post(address)
    client.get(reverse("calls"))
    client.post(address)
    assert "第一次应答为准" in said(client, reverse("calls"))
    assert JournalEntry.objects.filter(subject=f"summons:{call.uuid}").count() == 1


def test_whoever_was_not_rung_cannot_answer(evening: Evening, visit: Visit) -> None:
    client, call = visit("upper"), evening.call_of("slope leader")
    client.post(reverse("answer_call", args=[call.uuid]))
    assert "对象不是您" in said(client, reverse("calls"))
    client = visit("reader")
    client.post(reverse("answer_call", args=[call.uuid]))
    assert "没有关联到人员" in said(client, reverse("calls"))
    call.refresh_from_db()
    assert call.state == SummonsState.WAITING


def test_an_officer_records_an_answer_by_phone(evening: Evening, visit: Visit) -> None:
    client, call = visit("duty"), evening.call_of("bank leader")
    address = reverse("record_answer", args=[call.uuid])
    page = reverse("warning", args=[evening.warning.uuid])
    assert address in said(client, page)
    client.post(address, {"person": ""})
    assert "请选择" in said(client, page)
    client.post(address, {"person": call.person_id})
    call.refresh_from_db()
    assert (call.state, call.answered_via) == (SummonsState.ACKNOWLEDGED, "phone")


@pytest.mark.parametrize("who", ["reader", "slope"])
def test_others_may_not_record_for_somebody(evening: Evening, visit: Visit, who: str) -> None:
    client, call = visit(who), evening.call_of("slope leader")
    address = reverse("record_answer", args=[call.uuid])
    assert address not in said(client, reverse("warning", args=[evening.warning.uuid]))
    assert client.post(address, {"person": call.person_id}).status_code == 403


def test_an_answer_never_leads_to_another_site(evening: Evening, visit: Visit) -> None:
    call = evening.call_of("slope leader")
    answer = visit("slope").post(
        reverse("answer_call", args=[call.uuid]), {"next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == reverse("warning", args=[evening.warning.uuid])


def test_a_task_is_done_by_its_person_and_once(evening: Evening, visit: Visit) -> None:
    task = ResponseTask.objects.get(person_id=evening.cast.people["slope leader"])
    address = reverse("complete_task", args=[task.uuid])
    assert visit("bank").post(address).status_code == 404
    assert visit("duty").post(address).status_code == 404
    client = visit("slope")
    assert task.title in said(client, reverse("calls"))
    client.post(address)
    assert "已登记完成" in said(client, reverse("calls"))
    client.post(address)
    assert "已经关闭" in said(client, reverse("calls"))
    task.refresh_from_db()
    assert task.state == TaskState.DONE
