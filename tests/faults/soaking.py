"""Stations that report while something is killed again and again.

ANLAN_SOAK_KILLS says how often (3 unless set), ANLAN_SOAK_SEED when.
"""

import asyncio
import os
import random
from collections.abc import Callable

from anlan.monitoring.simulator.ledger import Ledger
from anlan.monitoring.simulator.plan import Impairments, Plan, Tally
from anlan.monitoring.simulator.run import simulate

KILLS = int(os.environ.get("ANLAN_SOAK_KILLS", "3"))
SEED = int(os.environ.get("ANLAN_SOAK_SEED", "651"))
RAGGED = Impairments(loss=0.01, damage=0.01, duplicates=0.05, reconnects=0.01, delay_s=0.02)
LOOK_EVERY_S = 0.005
LONG_S = 60.0


async def soak(plan: Plan, ledger: Ledger, *, kill: Callable[[], None]) -> Tally:
    """Let stations report while `kill` ends something and starts it again; return the count.

    Each kill comes after a number of confirmations drawn from the seed.
    """
    chance, tally = random.Random(SEED), Tally()
    life = asyncio.get_running_loop().create_task(simulate(plan, ledger=ledger, tally=tally))

    async def until(is_so: Callable[[], bool]) -> None:
        end = asyncio.get_running_loop().time() + LONG_S
        while not is_so():
            done, _waiting = await asyncio.wait([life], timeout=LOOK_EVERY_S)
            assert not done, "the simulation ended too early"
            assert asyncio.get_running_loop().time() < end, "nothing was confirmed any more"

    def more(count: int) -> Callable[[], bool]:
        wanted = tally.confirmed + count
        return lambda: tally.confirmed >= wanted

    try:
        for _ in range(KILLS):
            await until(more(chance.randrange(100, 900)))
            await asyncio.to_thread(kill)
        await until(more(300))
    finally:
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        ledger.close()
    return tally
