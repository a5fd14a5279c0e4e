"""`anlan mqtt`: readings from the county's MQTT broker."""

import asyncio
import signal

import typer
from django.conf import settings

from anlan.cli.keeping import die_with_parent
from anlan.monitoring.gateways.mqtt.broker import BrokerUnclear, broker_from
from anlan.monitoring.gateways.mqtt.keeping import house_store
from anlan.monitoring.gateways.mqtt.transport import Intake


def mqtt() -> None:
    """Take in readings from the MQTT broker of ANLAN_MQTT_URL until told to stop."""
    try:
        broker = broker_from(settings.ANLAN_MQTT)
    except BrokerUnclear as unclear:
        typer.echo(str(unclear), err=True)
        raise SystemExit(2) from None
    die_with_parent()
    intake = Intake(broker, house_store(broker.name))
    typer.echo(f"Taking readings from {broker.name} as {broker.client_id}.")
    asyncio.run(_run(intake))
    done = intake.counts
    typer.echo(f"Stopped: {done.acknowledged:,} messages acknowledged, {done.taken:,} new.")


async def _run(intake: Intake) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await intake.run(stop)
