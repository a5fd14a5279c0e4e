"""The demo's door."""

from anlan.demo.accounts import PASSWORD, demo_accounts, open_demo_accounts
from anlan.demo.build import build_district
from anlan.demo.run import run_demo

__all__ = ["PASSWORD", "build_district", "demo_accounts", "open_demo_accounts", "run_demo"]
