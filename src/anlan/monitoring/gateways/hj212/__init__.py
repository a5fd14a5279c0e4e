"""Speak HJ 212-2017 and HJ/T 212-2005, the protocol of pollution-source and sensor stations.

Source of every rule: the text of HJ 212-2017, chapter 6 and annexes A to C. What real devices do
beside it was seen in recorded frames; each place names it.
"""
