"""Teams, accounts, spreadsheets and events of a made-up county."""

from datetime import date, timedelta
from typing import Any


def write_teams(county: Any, *, teams: int) -> None:
    """Write teams with members, equipment, trainings, certificates and yearly checks."""
    from anlan.registry.data import Readiness, TeamKind
    from anlan.registry.models import (
        Certificate,
        ReadinessCheck,
        Team,
        TeamEquipment,
        TeamMember,
        TeamTraining,
    )

    kinds = list(TeamKind)
    rows = county.put(
        Team,
        [
            Team(
                division_id=county.towns[n % len(county.towns)],
                leader=county.people[n],
                name=f"第{n + 1}救援队",
                kind=kinds[n % len(kinds)],
            )
            for n in range(teams)
        ],
    )
    people = county.people
    county.put(
        TeamMember,
        [
            TeamMember(team=team, person=people[(n * 20 + k) % len(people)])
            for n, team in enumerate(rows)
            for k in range(20)
        ],
    )
    county.put(
        TeamEquipment,
        [
            TeamEquipment(team=team, name=f"装备{k}", quantity=10, serviceable=9, unit="件")
            for team in rows
            for k in range(12)
        ],
    )
    county.put(
        TeamTraining,
        [
            TeamTraining(
                team=team, held_on=date(2025, 1 + k, 5), subject="水带连接", hours=2, attended=15
            )
            for team in rows
            for k in range(6)
        ],
    )
    county.put(
        Certificate,
        [
            Certificate(
                person=person,
                kind="森林消防员",
                issued_on=date(2023, 1, 1),
                expires_on=date(2026, 1 + n % 12, 1),
            )
            for n, person in enumerate(people[:400])
        ],
    )
    county.put(
        ReadinessCheck,
        [
            ReadinessCheck(
                team=team,
                year=year,
                checked_on=date(year, 5, 1),
                members_enlisted=20,
                members_present=18,
                equipment_checked=50,
                equipment_serviceable=48,
                verdict=Readiness.READY,
            )
            for team in rows
            for year in (2024, 2025)
        ],
    )


def write_accounts(county: Any, *, accounts: int) -> None:
    """Write accounts with a role each; the first administers the county."""
    from first_county import NOW

    from anlan.registry.data import Permission, Role
    from anlan.registry.models import Account, ApiToken, Authority, OldPassword, SecondFactor

    since = NOW - timedelta(days=900)
    rows = county.put(
        Account,
        [
            Account(
                username=f"{county.code}-{n}",
                first_name=county.person_name(),
                division_id=county.code,
                password="!",  # noqa: S106  nobody can log in with it
                password_changed_at=NOW,
                person=county.people[n],
            )
            for n in range(accounts)
        ],
    )
    roles = (Role.TOWN_OFFICER, Role.VILLAGE_CADRE, Role.READER)
    county.put(
        Authority,
        [
            *(
                Authority(account=rows[0], role=role, division_id=county.code, valid_from=since)
                for role in (Role.ADMINISTRATOR, Role.CLERK)
            ),
            *(
                Authority(
                    account=row,
                    role=roles[n % 3],
                    division_id=county.towns[n % len(county.towns)],
                    valid_from=since,
                )
                for n, row in enumerate(rows[1:])
            ),
        ],
    )
    county.put(
        OldPassword,
        [
            OldPassword(
                account=rows[1],
                password="!",  # noqa: S106  nobody can log in with it
                replaced_at=since,
            )
        ],
    )
    county.put(SecondFactor, [SecondFactor(user=rows[2], name="phone", confirmed=True)])
    county.put(
        ApiToken,
        [
            ApiToken(
                application=f"程序{n}",
                digest=f"{n + 1:064x}",
                hint=f"anlan_{n}",
                division_id=county.code,
                permissions=[Permission.READ_REGISTER.value],
                issued_by=rows[0],
                issued_at=since,
                expires_at=NOW + timedelta(days=30),
            )
            for n in range(5)
        ],
    )
    county.accounts = rows


def write_sheets(county: Any) -> None:
    """Write spreadsheets that were taken in, with what undoes them."""
    from first_county import NOW

    from anlan.registry.data import ImportState
    from anlan.registry.models import ImportedChunk, SheetImport

    rows = county.put(
        SheetImport,
        [
            SheetImport(
                table="people",
                file_name=f"花名册{n}.xlsx",
                file_digest=f"{n:064x}",
                account=county.accounts[0],
                by="clerk",
                codes=[county.code],
                state=ImportState.DONE,
                total_rows=100,
                created_at=NOW - timedelta(days=n),
                finished_at=NOW - timedelta(days=n),
            )
            for n in range(30)
        ],
    )
    county.put(
        ImportedChunk,
        [ImportedChunk(sheet_import=row, number=0, payload='{"new": []}') for row in rows],
    )


def write_events(county: Any, *, entries: int, warnings: int) -> None:
    """Write the journal of a quiet year, lifted warnings and closed incidents."""
    from first_county import NOW

    from anlan.command.models import Incident
    from anlan.kernel.models import JournalEntry
    from anlan.registry.data import Colour, Hazard
    from anlan.warning.data import WarningState
    from anlan.warning.models import HazardWarning

    acts = ("account.logged_in", "personal.shown", "sheet.imported", "record.changed")
    county.put(
        JournalEntry,
        [
            JournalEntry(
                at=NOW - timedelta(minutes=15 * n),
                act=acts[n % 4],
                actor="clerk",
                account_id=county.accounts[n % 50].pk,
                subject=f"account:{county.accounts[n % 50].pk}",
                division_code=county.code if n % 4 else county.villages[n % 300],
            )
            for n in range(entries)
        ],
    )
    moments = [NOW - timedelta(days=3 * n) for n in range(warnings)]
    county.put(
        HazardWarning,
        [
            HazardWarning(
                number=f"W{n:05d}",
                division_id=county.towns[n % len(county.towns)],
                hazard=Hazard.FLASH_FLOOD,
                colour=Colour.YELLOW,
                state=WarningState.LIFTED,
                headline="山洪黄色预警",
                text="请注意防范。",
                crossed_at=moment,
                issued_at=moment,
                ended_at=moment + timedelta(hours=6),
            )
            for n, moment in enumerate(moments)
        ],
    )
    county.put(
        Incident,
        [
            Incident(
                division_id=county.code,
                name=f"过程{n}",
                opened_at=moment,
                closed_at=moment + timedelta(hours=8),
            )
            for n, moment in enumerate(moments[:20])
        ],
    )
