"""What a gateway allows: sizes, waits and counts, each with the reason for its value."""

from dataclasses import dataclass
from typing import Final

CHUNK: Final = 16 * 1024  # bytes read from one link before another has its turn


@dataclass(frozen=True)
class Limits:
    """The bounds of one gateway process; seconds where the name ends in `_s`.

    A gathering closes at `gather_readings` or after `gather_s`: some 30 transactions a second let
    a disk that needs 5 ms a commit keep up. What has come meanwhile goes with it, up to
    `most_readings`. The intake holds `most_waiting` reports, a few seconds of a storm over a
    province, or `most_weight` readings; one link may have `most_waiting_per_link` reports in it.
    """

    gather_readings: int = 1_000
    gather_s: float = 0.03
    most_readings: int = 5_000
    most_reports: int = 2_000
    most_waiting: int = 4_000
    most_weight: int = 200_000
    most_waiting_per_link: int = 512

    # Carriers put thousands of stations behind one address.
    most_links: int = 12_000
    most_links_per_peer: int = 6_000
    # A station sends its keep-alive every 40 s (at most 255 s), or a report every few minutes.
    idle_s: float = 1_800.0
    silent_start_s: float = 300.0
    partial_s: float = 30.0
    unread_s: float = 60.0
    most_unread: int = 64 * 1024
    most_held: int = 128 * 1024 * 1024

    faults_in_row: int = 8
    faults_at_least: int = 20
    refused_s: float = 300.0
    kept_faults_an_hour: int = 100
    kept_faults_in_all: int = 2_000
    most_payload: int = 4 * 1024
    most_peers: int = 20_000

    retry_first_s: float = 0.1
    retry_longest_s: float = 15.0
    retries_before_splitting: int = 8

    contacts_every_s: float = 5.0
    commands_every_s: float = 1.0
    answer_s: float = 20.0
    most_attempts: int = 3
    status_every_s: float = 60.0
    sweep_every_s: float = 1.0
    stop_s: float = 5.0

    # A clock further off dates nothing, and is set; SL 651-2014 sets such a one in two steps.
    clock_limit_s: float = 300.0
    stay_online: bool = True
    silent: tuple[str, ...] = ()
